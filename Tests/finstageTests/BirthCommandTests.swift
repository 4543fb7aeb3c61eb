import Backtesting
import Foundation
import Pipelines
import Storage
import StrategyModules
import Testing
import Trading

/// Births as a user sees them.
@Suite struct BirthCommandTests {
  private static let closes: [Double] = (0..<60).map { (day: Int) -> Double in
    let (wave, drift): (Double, Double) = (10 * sin(Double(day) / 2), Double(day) / 10)
    return 100 + wave + drift
  }
  private static let prices: String = {
    var text = "timestamp,open,high,low,close,volume\n"
    for (day, close) in closes.enumerated() {
      text += "\(1_704_067_200 + day * 86_400),\(close),\(close + 1),\(close - 1),\(close),1000\n"
    }
    return text
  }()
  private static let strategy = "name: cross\ntimeframe: 1d\nsymbols: [X]\n" + rule
  private static let rule = "pipeline: [{ id: a, buy: 'close > sma(close, 5)', sell: 'close < sma(close, 5)' }]\n"
  private static let files: [String: String] = [
    "config.yaml": """
    strategies: strategies
    sources: { files: { type: csv, path: "prices/*.csv" } }
    collect: [{ source: files, symbols: [X], timeframe: 1d }]
    """,
    "prices/X.csv": prices,
    "strategies/cross.yaml": strategy,
  ]

  private func day(_ bar: Int) -> Instant { Instant(seconds: 1_704_067_200 + Int64(bar) * 86_400) }

  private func store(_ folder: URL) throws -> SQLiteStore {
    try SQLiteStore(SQLiteSettings(path: folder.appending(path: "var/finstage.db").path()), for: .writing)
  }

  private func write(_ text: String, _ folder: URL, _ name: String = "cross") throws {
    try text.write(to: folder.appending(path: "strategies/\(name).yaml"), atomically: true, encoding: .utf8)
  }

  private struct Row: Decodable, Equatable {
    let strategy, rule, seen: String
    let ancestor: String?
    let current: Bool
  }

  private func births(_ folder: URL) throws -> [Row] {
    struct All: Decodable { let births: [Row] }
    let answer = try CommandTests.finstage("births", "--format", "json", in: folder)
    try #require(answer.code == 0, "\(answer)")
    return try JSONDecoder().decode(All.self, from: Data(answer.output.utf8)).births
  }

  @Test func `a changed comment keeps the birth date, and a changed period does not`() throws {
    try CommandTests.inFolder(BirthCommandTests.files) { folder in
      // Without a database nothing is stamped, and none is made.
      #expect(try CommandTests.finstage("validate", in: folder).code == 0)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "var/finstage.db").path()))
      #expect(try CommandTests.finstage("births", in: folder).code == 3)
      try store(folder).close()

      #expect(try CommandTests.finstage("validate", "--no-stamp", in: folder).code == 0)
      #expect(try births(folder) == [])
      let first = try CommandTests.finstage("validate", in: folder)
      #expect(first.code == 0 && first.messages.contains("cross: rule "), "\(first)")
      let born = try births(folder)
      #expect(born.count == 1 && born[0].current && born[0].ancestor == nil)

      try write(
        "# a comment\ntitle: Another title\n" + BirthCommandTests.strategy + "description: Other words\n", folder)
      let commented = try CommandTests.finstage("validate", in: folder)
      #expect(commented.code == 0 && !commented.messages.contains("cross"), "\(commented)")
      #expect(try births(folder) == born)

      try write(BirthCommandTests.strategy.replacingOccurrences(of: "5)", with: "6)"), folder)
      let changed = try CommandTests.finstage("validate", in: folder)
      #expect(
        changed.messages.contains("a new rule") && changed.messages.contains(born[0].rule.prefix(8)), "\(changed)")
      let both = try births(folder)
      #expect(both.count == 2)
      let new = try #require(both.first { $0.current })
      #expect(new.ancestor == born[0].rule && new.rule != born[0].rule)
      let (old, now) = try (Instant.parsed(born[0].seen), Instant.parsed(new.seen))
      #expect(now >= old)

      // What is faulty, and what stands elsewhere, is no birth.
      try write(BirthCommandTests.strategy.replacingOccurrences(of: "close >", with: "closs >"), folder)
      #expect(try CommandTests.finstage("validate", in: folder).code == 1)
      let other = folder.appending(path: "cross.yaml")
      try BirthCommandTests.strategy.replacingOccurrences(of: "5)", with: "9)")
        .write(to: other, atomically: true, encoding: .utf8)
      #expect(try CommandTests.finstage("validate", "cross.yaml", in: folder).code == 0)
      #expect(try births(folder) == both)
      let unknown = try CommandTests.finstage("births", "crosss", in: folder)
      #expect(unknown.code == 3 && unknown.messages.contains("cross"), "\(unknown)")
    }
  }

  @Test func `a scan stamps what it runs, beside what validate has stamped`() throws {
    try CommandTests.inFolder(BirthCommandTests.files) { folder in
      try store(folder).close()
      #expect(try CommandTests.finstage("validate", in: folder).code == 0)
      let born = try births(folder)
      try write(
        BirthCommandTests.strategy.replacingOccurrences(of: "name: cross", with: "name: second"), folder, "second")
      #expect(try CommandTests.finstage("scan", "--dry-run", in: folder).code == 0)
      #expect(try births(folder) == born)
      #expect(try CommandTests.finstage("scan", in: folder).code == 0)
      let all = try births(folder)
      #expect(all.map(\.strategy) == ["cross", "second"])
      // The same rule under another name was seen when it was first seen.
      #expect(all[1].seen == all[0].seen && all[1].rule == all[0].rule && all[0] == born[0])
    }
  }

  /// Stamps the strategy as if it had been seen at a bar, and stores calls of its text and of another one.
  private func stamped(_ folder: URL, at bar: Int) async throws {
    let (strategy, faults) = StrategyReader(registry: bundled).read(
      file: "cross.yaml", bytes: Array(BirthCommandTests.strategy.utf8))
    var hashes = RuleHashes()
    let rule = hashes.hash(of: try #require(strategy, "\(faults)")).description
    let store = try store(folder)
    _ = try await store.stamp(
      [RuleStamp(strategy: "cross", rule: String(repeating: "0", count: 32), version: "old")], at: day(0))
    _ = try await store.stamp(
      [RuleStamp(strategy: "cross", rule: rule, version: "own")], at: day(bar).advanced(by: 1_000))
    for (bar, version) in [(10, "old"), (20, "own"), (41, "own"), (43, "old"), (45, "own"), (59, "own")] {
      let signal = Signal(
        time: day(bar), bar: bar, direction: .buy, confidence: 80, price: BirthCommandTests.closes[bar], reason: "r")
      _ = try await store.save(
        SignalRecord(strategy: "cross", version: version, symbol: "X", timeframe: .day, signal: signal), notices: [],
        at: day(60))
    }
    try store.close()
  }

  private func inStampedFolder(at bar: Int, _ body: (URL) throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in BirthCommandTests.files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    try await stamped(folder, at: bar)
    try body(folder)
  }

  private func entry(_ folder: URL, _ arguments: String...) throws -> [String: Any] {
    let answer = try CommandTests.run(
      ["backtest", "cross", "--format", "json", "--ledger", "none"] + arguments, in: folder)
    #expect(answer.code == 0, "\(answer.messages)")
    let all = try #require(try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
    return try #require((all["strategies"] as? [[String: Any]])?.first)
  }

  @Test func `a backtest is divided at the birth, by dates that a user can ask for`() async throws {
    try await inStampedFolder(at: 40) { folder in
      let birth = try #require(entry(folder)["birth"] as? [String: Any])
      #expect(birth["seen"] as? String == "2024-02-10T00:00:01Z" && birth["rules"] as? Int == 2)
      for (key, option, date) in [("before", "--to", "2024-02-10"), ("out_of_sample", "--from", "2024-02-11")] {
        let part = try #require(birth[key] as? [String: Any])
        let asked = try entry(folder, option, date)
        let (own, other) = (part["metrics"] as? [String: Any], asked["metrics"] as? [String: Any])
        for figure in ["final_equity", "trades", "max_drawdown"] {
          let found = try #require(own?[figure] as? Double)
          #expect(found == other?[figure] as? Double, "\(key) \(figure)")
        }
        let trades = try #require(own?["trades"] as? Int)
        #expect(trades > 0)
        #expect(part["bars"] as? Int == asked["bars"] as? Int)
      }
      let table = try CommandTests.finstage("backtest", "cross", "--ledger", "none", in: folder)
      #expect(table.output.contains("Out-of-sample, after the births of their rules"), "\(table.output)")
      #expect(table.output.contains("out of"))
      let page = try CommandTests.finstage("backtest", "cross", "--ledger", "none", "--format", "html", in: folder)
      #expect(page.output.contains("Before the birth") && page.output.contains("Out-of-sample"))
    }
    try await inStampedFolder(at: 59) { folder in
      let table = try CommandTests.finstage("backtest", "cross", "--ledger", "none", in: folder)
      #expect(table.output.contains("Out-of-sample: none. No bar has come since"), "\(table.output)")
    }
  }

  @Test func `performance divides stored calls, and counts an earlier rule's as before`() async throws {
    try await inStampedFolder(at: 40) { folder in
      let answer = try CommandTests.finstage(
        "performance", "--horizon", "1b", "--min-samples", "2", "--format", "json", in: folder)
      let all = try #require(
        try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any], "\(answer)")
      let birth = try #require((all["births"] as? [[String: Any]])?.first)
      #expect(birth["strategy"] as? String == "cross" && birth["ancestor"] as? String != nil)
      // Bars 10, 20 and 43, the last one of the old rule; then 41 and 45, and 59, which nothing follows.
      let (before, after) = (birth["before"] as? [String: Any], birth["out_of_sample"] as? [String: Any])
      #expect(before?["count"] as? Int == 3 && after?["count"] as? Int == 2 && after?["open"] as? Int == 1)
      let closes = BirthCommandTests.closes
      let right = [41, 45].count { closes[$0 + 1] > closes[$0] }
      #expect(after?["success_rate"] as? Double == Double(right) / 2)
      let table = try CommandTests.finstage("performance", "--horizon", "1b", in: folder)
      #expect(
        table.output.contains("Out-of-sample: 2 calls (too few to rate), 1 open."), "\(table.output)")
      let rows = try CommandTests.finstage(
        "performance", "--by", "strategy", "--by", "sample", "--horizon", "1b", in: folder)
      #expect(rows.output.contains("out-of-sample") && rows.output.contains("before"), "\(rows)")
    }
  }
}

extension Instant {
  fileprivate static func parsed(_ text: String) throws -> Instant { try #require(Instant(text)) }
}
