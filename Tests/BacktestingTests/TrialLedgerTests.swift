import Foundation
import Testing
import Trading

@testable import Backtesting

/// Which rows a recording makes, and what stands in them.
@Suite struct TrialLedgerTests: LedgerFixture {
  @Test func `what is recorded is read again, figures and texts`() throws {
    try file { path in
      let odd = trial(7, "quote \" back\\slash\n전략\u{1}", symbol: "^한국", source: "name: \"x\" # \\n\n\ttab 📈\n")
      var ledger = TrialLedger(path: path)
      #expect(try ledger.record([odd]) == TrialLedger.Recording(added: 1))
      var other = TrialLedger(path: path)
      let read = try #require(try other.trials().first)
      #expect(try other.trials().count == 1 && other.notices.isEmpty)
      #expect(read.strategy == odd.strategy && read.symbol == odd.symbol && read.params == odd.params)
      #expect(read.configuration == odd.configuration && read.moments == odd.moments)
      #expect(read.first == odd.first && read.last == odd.last && read.bars == 100)
      let (blocks, expected) = (try #require(read.blocks), try #require(odd.blocks))
      #expect(blocks.milliseconds == expected.milliseconds && blocks.first == expected.first)
      for (left, right) in zip(blocks.sums, expected.sums) {
        // They are kept as 32-bit numbers.
        #expect(left.count == right.count && abs(left.sum - right.sum) <= 1e-7 * abs(right.sum))
      }
      #expect(String(decoding: try bytes(path), as: UTF8.self).split(separator: "\n").count == 4)
    }
  }

  @Test func `each line is JSON`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      var lost = trial(2, "a\"b\u{7}")
      lost.moments = nil
      lost.blocks = nil
      try ledger.record([trial(1), lost])
      for line in String(decoding: try bytes(path), as: UTF8.self).split(separator: "\n") {
        #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
      }
      let lines = String(decoding: try bytes(path), as: UTF8.self)
      #expect(lines.contains("\"mean\":null") && lines.contains("\"block_ms\":null") && !lines.contains("nan"))
    }
  }

  @Test func `running twice changes no byte, under whatever name`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1), trial(2)])
      let before = try bytes(path)
      #expect(try ledger.record([trial(2), trial(1)]) == TrialLedger.Recording(unchanged: 2))
      var other = TrialLedger(path: path)
      #expect(try other.record([trial(1, "renamed", source: "name: renamed\n")]) == TrialLedger.Recording(unchanged: 1))
      #expect(try bytes(path) == before)
    }
  }

  @Test func `rounding writes no row again, and other prices on the same dates do`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1)])
      let before = try bytes(path)
      var rounded = trial(1)
      rounded.moments?.mean *= 1 + 1e-13
      rounded.moments?.kurtosis *= 1 - 1e-14
      rounded.blocks?.sums[0].sum *= 1 + 1e-7
      #expect(try ledger.record([rounded]).unchanged == 1)
      #expect(try bytes(path) == before)
      #expect(try ledger.record([trial(1, sharpe: 0.1001)]).changed == 1)
      #expect(agree(try #require(try ledger.trials().first?.moments?.mean), 0.001001))
    }
  }

  @Test func `one more bar is the same row with other figures`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1, bars: 0..<100)])
      let recording = try ledger.record([trial(1, bars: 0..<101, sharpe: 0.2)])
      #expect(recording == TrialLedger.Recording(changed: 1))
      var other = TrialLedger(path: path)
      let rows = try other.trials()
      #expect(rows.count == 1 && rows[0].bars == 101 && rows[0].last == day(100) && rows[0].moments?.mean == 0.002)
    }
  }

  @Test func `a shorter span of the same dates is the same row and leaves its figures`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1, bars: 0..<100)])
      let before = try bytes(path)
      #expect(try ledger.record([trial(1, bars: 20..<60, sharpe: 0.9)]).unchanged == 1)
      #expect(try bytes(path) == before)
    }
  }

  @Test func `dates that do not overlap are another row, and dates over both join them`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1, bars: 0..<100)])
      #expect(try ledger.record([trial(1, bars: 200..<300)]).added == 1)
      #expect(try ledger.trials().map(\.first) == [day(0), day(200)])
      #expect(try ledger.population(of: TrialData(symbol: "X", timeframe: .day), over: day(210)...day(220)).raw == 1)
      // Overlaps both, is longer than neither: the later of the two keeps its figures, tried on the dates of all three.
      try ledger.record([trial(1, bars: 90..<210, sharpe: 0.7)])
      var other = TrialLedger(path: path)
      let rows = try other.trials()
      #expect(rows.count == 1 && rows[0].bars == 120 && rows[0].tried == day(0)...day(299))
      #expect(try other.record([trial(1, bars: 200..<300)]).unchanged == 1)
    }
  }

  @Test func `another symbol or timeframe is another row`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      var hourly = trial(1)
      hourly.timeframe = Timeframe(1, .hour)
      try ledger.record([trial(1), trial(1, symbol: "Y"), hourly])
      #expect(ledger.count == 3)
      #expect(try ledger.trials(of: TrialData(symbol: "X", timeframe: .day)).count == 1)
    }
  }

  @Test func `a copy under another name in the same run is one trial`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1, "b"), trial(1, "a")])
      #expect(try ledger.trials().map(\.strategy) == ["a"])
    }
  }

  @Test func `figures that are no numbers are no figures, and do not make a row change again and again`() throws {
    try file { path in
      var odd = trial(1)
      odd.moments?.skewness = .nan
      odd.params = ["a": .infinity, "b": 1]
      odd.blocks?.sums[0].count = -.infinity
      var ledger = TrialLedger(path: path)
      try ledger.record([odd])
      #expect(try ledger.record([odd]).unchanged == 1)
      let row = try #require(try ledger.trials().first)
      #expect(row.moments == nil && row.params == ["b": 1])
    }
  }

  @Test func `the order within a recording changes no byte`() throws {
    let trials = (0..<20).map { trial(UInt128($0 * 7 % 20), symbol: $0 % 2 == 0 ? "X" : "Y") }
    var files: Set<[UInt8]> = []
    for order in [trials, trials.reversed(), Array(trials[7...] + trials[..<7])] {
      try file { path in
        var ledger = TrialLedger(path: path)
        try ledger.record(order)
        files.insert(try bytes(path))
      }
    }
    #expect(files.count == 1)
  }
}
