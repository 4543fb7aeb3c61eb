import Foundation
import Testing
import Trading

@testable import Backtesting

@Suite struct TrialLedgerTests {
  /// A trial of a configuration numbered `number`, on bars `bars` of a daily series.
  func trial(
    _ number: UInt128, _ name: String = "s", symbol: String = "X", bars: Range<Int> = 0..<100, sharpe: Double = 0.1,
    source: String? = "name: s\n"
  ) -> Trial {
    let times = bars.map { day($0) }
    let calendar = CalendarBlocks(times)
    let returns = bars.map { sharpe * 0.01 + 0.01 * cos(Double($0) * Double(number % 7 + 1)) }
    return Trial(
      TrialConfiguration(hash: ConfigurationHash(value: number), options: "fee=0", source: source), strategy: name,
      params: ["a.b": 2.5], symbol: symbol, timeframe: .day, dates: day(bars.lowerBound)...day(bars.upperBound - 1),
      bars: bars.count,
      moments: ReturnMoments(count: bars.count, mean: sharpe * 0.01, deviation: 0.01, skewness: -0.25, kurtosis: 4),
      blocks: calendar.sums(returns), calendar: calendar)
  }

  /// A file of its own that goes with the test.
  func file(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: "deep/trials.jsonl").path())
  }

  func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

  func append(_ text: String, to path: String) throws {
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

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

  @Test func `a last line that was cut off is told, counts for nothing and gives way to the next row`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1), trial(2)])
      let whole = try bytes(path)
      for cut in [1, 2, 100, 900] {
        try Data(whole.dropLast(cut)).write(to: URL(filePath: path))
        var other = TrialLedger(path: path)
        let rows = try other.trials()
        // Where nothing but the line end is gone, nothing is lost.
        #expect(rows.count == (cut == 1 ? 2 : 1) && other.notices.isEmpty == (cut == 1), "cut \(cut)")
        #expect(try other.record([trial(1), trial(2)]).added == (cut == 1 ? 0 : 1))
        #expect(try other.record([trial(3)]).added == 1)
        var last = TrialLedger(path: path)
        #expect(try last.trials().count == 3 && last.notices.isEmpty)
      }
    }
  }

  @Test func `a file whose first write was cut off is a ledger without rows`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1)])
      try Data("{\"finstage\":\"tri".utf8).write(to: URL(filePath: path))
      #expect(try ledger.trials().isEmpty && ledger.notices.count == 1)
      #expect(try ledger.record([trial(1)]).added == 1)
      #expect(ledger.count == 1)
    }
  }

  @Test func `a damaged line is told with its place and stays`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1)])
      try append("{\"trial\":\"oops\n{\"note\":[1,{\"a\":2}]}\n", to: path)
      var other = TrialLedger(path: path)
      try other.record([trial(2)])
      #expect(try other.trials().count == 2)
      #expect(other.notices.count == 1 && other.notices[0].contains(":5: 1 line cannot be read"))
      try other.compact()
      #expect(String(decoding: try bytes(path), as: UTF8.self).contains("{\"trial\":\"oops\n{\"note\""))
    }
  }

  @Test func `a line longer than any of a ledger is told, and what follows it is not lost`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1)])
      try append(String(repeating: "x", count: 10 << 20) + "\n", to: path)
      try ledger.record([trial(2)])
      var other = TrialLedger(path: path)
      #expect(try other.trials().count == 2)
      #expect(other.notices.count == 1)
      try append(String(repeating: "x", count: 10 << 20), to: path)
      try other.record([trial(3)])
      #expect(try other.trials().count == 3)
    }
  }

  @Test func `compacting keeps a link and the file's permissions`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      for bars in 100..<103 { try ledger.record([trial(1, bars: 0..<bars)]) }
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      let link = path + ".link"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      var linked = TrialLedger(path: link)
      #expect(try linked.compact() == 2)
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
      #expect(try ledger.trials().map(\.bars) == [102])
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

  @Test(arguments: [
    "timestamp,open,high\n2024-01-01,1,2\n", "[]", "{\"finstage\":\"trial ledger\",\"version\":2}\n",
    "{\"finstage\":\"trial ledger\"}\n", "\n",
  ]) func `a file that is no ledger of this format is refused and stays as it is`(text: String) throws {
    try file { path in
      try FileManager.default.createDirectory(
        at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path))
      var ledger = TrialLedger(path: path)
      #expect(throws: TrialLedgerError.self) { try ledger.record([trial(1)]) }
      #expect(throws: TrialLedgerError.self) { try ledger.trials() }
      #expect(try bytes(path) == Array(text.utf8))
    }
  }

  @Test func `what two writers record at once is all there`() throws {
    try file { path in
      DispatchQueue.concurrentPerform(iterations: 4) { writer in
        var ledger = TrialLedger(path: path)
        for number in 0..<25 {
          _ = try? ledger.record([trial(UInt128(number * 4 + writer)), trial(1_000, bars: 0..<100 + number)])
          if number == 12 { _ = try? ledger.compact() }
        }
      }
      var ledger = TrialLedger(path: path)
      let rows = try ledger.trials()
      #expect(rows.count == 101 && ledger.notices.isEmpty)
      #expect(rows.last?.bars == 124)
      let lines = String(decoding: try bytes(path), as: UTF8.self).split(separator: "\n")
      #expect(lines.count { $0.hasPrefix("{\"finstage\"") } == 1 && lines.count { $0.hasPrefix("{\"text\"") } == 2)
    }
  }

  @Test func `ten thousand rows are found again`() throws {
    try file { path in
      let trials = (0..<10_000).map { trial(UInt128($0) << 96, bars: 0..<40) }
      var ledger = TrialLedger(path: path)
      #expect(try ledger.record(trials).added == 10_000)
      var other = TrialLedger(path: path)
      let population = try other.population(of: TrialData(symbol: "X", timeframe: .day), over: day(0)...day(39))
      #expect(population.raw == 10_000 && other.count == 10_000)
      // Returns of seven kinds only.
      #expect(population.effective == 7)
      #expect(try other.record([trials[17]]).unchanged == 1)
    }
  }

  @Test func `the population is that of the overlapping dates, whoever recorded first`() throws {
    let trials = [
      trial(1, sharpe: 0.1), trial(2, sharpe: 0.2), trial(3, sharpe: 0.3), trial(4, bars: 500..<600, sharpe: 9),
      trial(5, symbol: "Y", sharpe: 9),
    ]
    var populations: Set<TrialPopulation> = []
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]] {
      try file { path in
        var ledger = TrialLedger(path: path)
        for place in order { try ledger.record([trials[place]]) }
        populations.insert(
          try ledger.population(of: TrialData(symbol: "X", timeframe: .day), over: day(0)...day(99)))
      }
    }
    let population = try #require(populations.first)
    #expect(populations.count == 1 && population.raw == 3)
    // Of 0.1, 0.2 and 0.3.
    #expect(agree(population.varianceOfSharpes, 0.01))
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

  @Test func `compacting drops what was written again and no trial`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      for bars in 100..<110 { try ledger.record([trial(1, bars: 0..<bars), trial(2, bars: 0..<bars)]) }
      let rows = try ledger.trials()
      #expect(try ledger.compact() == 18)
      #expect(rows.count == 2)
      #expect(try ledger.trials() == rows)
      let once = try bytes(path)
      #expect(try ledger.compact() == 0)
      #expect(try bytes(path) == once)
    }
  }

  @Test func `a file that is written again and again stays small`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      for bars in 100..<115 { try ledger.record((0..<200).map { trial(UInt128($0), bars: 0..<bars) }) }
      #expect(String(decoding: try bytes(path), as: UTF8.self).split(separator: "\n").count < 1_600)
      #expect(try ledger.trials().allSatisfy { $0.bars == 114 })
    }
  }

  @Test func `what is taken out leaves its reason, and nothing of it comes back`() throws {
    try file { path in
      var ledger = TrialLedger(path: path)
      try ledger.record([trial(1), trial(2)])
      try ledger.record([trial(1, bars: 0..<120)])
      let count = try ledger.remove(
        { $0.configuration.hash.value == 1 }, what: "number 1", reason: "a \"bad\" file", at: day(9))
      #expect(count == 1)
      #expect(try ledger.trials().map(\.configuration.hash.value) == [2])
      try ledger.record([trial(3)])
      try ledger.compact()
      var other = TrialLedger(path: path)
      #expect(try other.trials().count == 2)
      let removal = try #require(try other.removals().first)
      #expect(removal.count == 1 && removal.reason == "a \"bad\" file" && removal.at == day(9))
      #expect(try other.remove({ _ in false }, what: "none", reason: "r", at: day(9)) == 0)
      #expect(try other.removals().count == 1)
    }
  }

  @Test func `block sums in longer blocks are those of the bars in them`() throws {
    let bars = 0..<1_000
    let calendar = CalendarBlocks(bars.map { day($0) })
    let returns = bars.map { sin(Double($0)) }
    let fine = TrialBlocks(
      milliseconds: calendar.milliseconds, first: calendar.first, sums: calendar.sums(returns))
    let length = calendar.milliseconds * 4
    let numbers = bars.map { Int(day($0).milliseconds / length) }
    let first = try #require(numbers.first), last = try #require(numbers.last)
    let coarse = fine.over(first..<last + 1, milliseconds: length)
    for number in first...last {
      let own = zip(numbers, returns).filter { $0.0 == number }.map(\.1)
      #expect(coarse[number - first].count == Double(own.count))
      #expect(abs(coarse[number - first].sum - own.reduce(0, +)) < 1e-12)
    }
    #expect(fine.over(first - 5..<first, milliseconds: length).allSatisfy { $0.count == 0 })
  }

  /// From 10 in half the sample to 20 in all of it doubles with the trials; from 10 to 10 there are no more.
  @Test func `clusters beyond the sample go on growing as they grew in it`() {
    #expect(agree(grown(from: 10, to: 20, sample: 2_000, of: 8_000), 80))
    #expect(grown(from: 10, to: 10, sample: 2_000, of: 8_000) == 10)
    #expect(agree(grown(from: 10, to: 10 * 2.0.squareRoot(), sample: 2_000, of: 8_000), 20 * 2.0.squareRoot()))
    #expect(grown(from: 10, to: 30, sample: 2_000, of: 4_000) == 60)
  }

  @Test func `base 64 is that of RFC 4648`() {
    let vectors = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "foobar": "Zm9vYmFy"]
    for (plain, coded) in vectors {
      var text: [UInt8] = []
      Base64.encode(Array(plain.utf8), into: &text)
      #expect(String(decoding: text, as: UTF8.self) == coded)
      #expect(Base64.decode(text) == Array(plain.utf8))
    }
    for bad in ["Zg=", "Z===", "Zg=a", "Zm9*"] { #expect(Base64.decode(Array(bad.utf8)) == nil) }
  }
}
