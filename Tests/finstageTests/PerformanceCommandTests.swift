import Foundation
import Storage
import Testing
import Trading

/// `performance` as a user runs it, over a store that the test fills.
@Suite struct PerformanceCommandTests {
  /// Forty days from 2024-01-01 on: up on two days of three.
  private static let closes: [Double] = (0..<40).map { (day: Int) -> Double in Double(100 + day - 2 * (day / 3)) }
  private static let prices: String = {
    var text = "timestamp,open,high,low,close,volume\n"
    for (day, close) in closes.enumerated() {
      text += "\(1_704_067_200 + day * 86_400),\(close),\(close),\(close),\(close),1\n"
    }
    return text
  }()
  private static let files: [String: String] = [
    "config.yaml": """
    strategies: strategies
    sources: { files: { type: csv, path: "prices/*.csv" } }
    collect: [{ source: files, symbols: [X], timeframe: 1d }]
    """,
    "prices/X.csv": prices,
    "strategies/up.yaml": "name: up\ntimeframe: 1d\nsymbols: [X]\npipeline: [{ id: a, buy: close > 1 }]\n",
  ]

  private func atStore(_ body: (URL) throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in PerformanceCommandTests.files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let store = try SQLiteStore(
      SQLiteSettings(path: folder.appending(path: "var/finstage.db").path()), for: .writing)
    func save(_ strategy: String, _ bar: Int, _ direction: Direction, _ symbol: String = "X") async throws {
      _ = try await store.save(
        SignalRecord(
          strategy: strategy, version: "1", symbol: symbol, timeframe: .day,
          signal: Signal(
            time: Instant(seconds: 1_704_067_200 + Int64(bar) * 86_400), bar: bar, direction: direction,
            confidence: 80, price: PerformanceCommandTests.closes[bar], reason: "r")), notices: [],
        at: Instant(seconds: 1))
    }
    for bar in 0..<40 { try await save("up", bar, .buy) }
    for bar in 3..<6 { try await save("down", bar, .sell) }
    try await save("down", 6, .exitShort)
    try store.close()
    try body(folder)
  }

  private func json(_ answer: CommandTests.Answer) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any], "\(answer)")
  }

  @Test func `success, base, calibration and what is too few, by hand`() async throws {
    try await atStore { folder in
      let answer = try CommandTests.finstage("performance", "--format", "json", in: folder)
      #expect(answer.code == 0, "\(answer.messages)")
      let all = try json(answer)
      let groups = try #require(all["groups"] as? [[String: Any]])
      #expect(groups.map { $0["strategy"] as? String } == ["down", "up"])
      let (down, up) = (groups[0], groups[1])
      // Of 39 days that a next one follows, two of three rise: 26. The last is open.
      #expect(up["count"] as? Int == 39 && up["open"] as? Int == 1)
      func of(_ key: String) throws -> Double { try #require(up[key] as? Double) }
      let success: Double = 26.0 / 39
      #expect(abs(try of("success_rate") - success) < 1e-12)
      #expect(abs(try of("base_rate") - success) < 1e-12)
      #expect(up["grade"] as? String == "D" && up["rate_grade"] as? String == "C")
      let (best, worst): (Double, Double) = (0.01, -1.0 / 102)
      #expect(abs(try of("best") - best) < 1e-12)
      #expect(abs(try of("worst") - worst) < 1e-12)
      #expect(up["p_value"] is Double)
      #expect(down["count"] as? Int == 3 && down["success_rate"] is NSNull && down["grade"] is NSNull)
      let calibration = try #require(all["calibration"] as? [String: Any])
      // Of 42 calls with 80 each, 26 and one sell of three came true.
      #expect(calibration["count"] as? Int == 42)
      func figure(_ key: String) throws -> Double { try #require(calibration[key] as? Double) }
      let rate: Double = 27.0 / 42
      #expect(abs(try figure("success_rate") - rate) < 1e-12)
      #expect(abs(try figure("expected_error") - (0.8 - rate)) < 1e-12)
      let brier: Double = (27 * 0.04 + 15 * 0.64) / 42
      #expect(abs(try figure("brier") - brier) < 1e-12)

      let months = try json(
        CommandTests.finstage(
          "performance", "up", "--by", "month", "--horizon", "1b", "--min-samples", "1", "--format", "json",
          in: folder))
      let rows = try #require(months["groups"] as? [[String: Any]])
      #expect(rows.map { $0["month"] as? String } == ["2024-01", "2024-02"])
      #expect(rows.map { $0["count"] as? Int } == [31, 8])
    }
  }

  @Test func `the table, the diagram and what is wrong are said as the contract has it`() async throws {
    try await atStore { folder in
      let table = try CommandTests.finstage("performance", "--calibration", "--diagram", "d.svg", in: folder)
      #expect(table.code == 0 && table.output.contains("66.7%") && table.output.contains("80–90"), "\(table)")
      #expect(table.output.contains("Fewer than 10 outcomes are counted and not rated."))
      #expect(try String(contentsOf: folder.appending(path: "d.svg"), encoding: .utf8).hasSuffix("</svg>\n"))
      let unknown = try CommandTests.finstage("performance", "upp", in: folder)
      #expect(unknown.code == 3 && unknown.messages.contains("\"upp\"") && unknown.messages.contains("up"))
      for wrong in [["--horizon", "5x"], ["--min-samples", "0"], ["--by", "moth"]] {
        let answer = try CommandTests.run(["performance"] + wrong, in: folder)
        #expect(answer.code == 2 && answer.messages.contains(wrong[1]), "\(answer)")
      }
      try FileManager.default.removeItem(at: folder.appending(path: "prices/X.csv"))
      let none = try CommandTests.finstage("performance", in: folder)
      #expect(none.code == 3 && none.messages.contains("X"), "\(none)")
    }
    try CommandTests.inFolder(PerformanceCommandTests.files) { folder in
      let answer = try CommandTests.finstage("performance", in: folder)
      #expect(answer.code == 3 && answer.messages.contains("finstage.db"), "\(answer)")
    }
  }
}
