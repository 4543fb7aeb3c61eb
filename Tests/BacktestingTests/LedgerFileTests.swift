import Foundation
import Testing
import Trading

@testable import Backtesting

/// A ledger's file: what was cut off or damaged, several writers, compacting, taking out.
@Suite struct LedgerFileTests: LedgerFixture {
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

  /// From 10 in half the sample to 20 in all of it doubles with the trials; from 10 to 10 there are no more.
}
