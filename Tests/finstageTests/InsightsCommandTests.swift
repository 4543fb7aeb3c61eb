import Foundation
import Storage
import Testing
import Trading

/// `finstage insights` as a user runs it, and the job that keeps its answers.
@Suite struct InsightsCommandTests {
  private struct Answer: Decodable {
    struct Entry: Decodable {
      struct Model: Decodable { let model, verdict: String, settled: Int }
      struct Patterns: Decodable { let signals, tested: Int }
      let symbol: String, bars: Int, to: String?, seed: Int, forecasts: [Model], patterns: Patterns, missing: [String]
    }
    let insights: [Entry]
  }

  private static let file = "Samples/IXIC-1d.csv"
  private static let arguments = [
    "insights", "--strategies", "golden-cross", "rsi-bounce", "--data", file, "--shifts", "19", "--to", "2003-12-31",
  ]

  private func answer(_ more: String...) throws -> CommandTests.Answer {
    try CommandTests.run(Self.arguments + more, in: CommandTests.root)
  }

  @Test func `JSON names the symbol, the day, the seed and what each model is worth`() throws {
    let found = try answer("--format", "json")
    #expect(found.code == 0, "\(found.messages)")
    let entry = try #require(
      try JSONDecoder().decode(Answer.self, from: Data(found.output.utf8)).insights.first)
    #expect(entry.symbol == "IXIC-1d" && entry.to == "2003-12-31T00:00:00Z" && entry.seed == 1)
    // From 1999-01-04 on, in the file: 5 years of sessions.
    #expect((1_250...1_262).contains(entry.bars))
    #expect(entry.forecasts.map(\.model) == ["logistic", "boosted"])
    #expect(entry.forecasts.allSatisfy { $0.settled > 500 })
    #expect(entry.patterns.signals > 0)
    #expect(!found.output.contains("nan"))
    #expect(try answer("--format", "json").output == found.output)
  }

  @Test func `the table says how sure it is, and of what it is silent`() throws {
    let found = try answer()
    #expect(found.code == 0)
    for part in ["IXIC-1d 1d: ", "regime: ", "base rate", "after any bar: ", "seed 1"] {
      #expect(found.output.contains(part), "\(found.output)")
    }
    #expect(found.output.contains("no better than the base rate over"))
  }

  @Test func `what cannot be is refused, and says what can`() throws {
    for (arguments, message) in [
      (["--horizon", "0"], "--horizon is 1 to 60; found 0"), (["--analogue", "1"], "--analogue is 2 to 1000; found 1"),
      (["--shifts", "5"], "--shifts is 19 to 100000; found 5"), (["--to", "soon"], "--to \"soon\" is no date"),
    ] {
      let found = try CommandTests.run(["insights", "--data", Self.file] + arguments, in: CommandTests.root)
      #expect(found.code == 2 && found.messages.contains(message), "\(found.messages)")
    }
    #expect(try CommandTests.finstage("insights", "--data", "no-such.csv").code == 2)
  }

  @Test func `the job patterns keeps the insights into each symbol`() async throws {
    let configuration = """
      locale: en
      timezone: UTC
      storage: { sqlite: f.db }
      strategies: strategies
      watchlists: { index: [X] }
      sources: { files: { type: csv, path: "prices/*.csv" } }
      collect: [{ source: files, symbols: ["@index"], timeframe: 1d }]
      channels: { book: { type: file, path: told.jsonl } }
      routes: [{ channels: [book] }]
      schedule: [{ job: patterns, every: 1s }]

      """
    let strategy = """
      name: each
      title: Each bar
      timeframe: 1d
      symbols: ["@index"]
      pipeline:
        - { id: up, buy: close > 10 }

      """
    let prices = (0..<300).map { bar in
      let day = Instant(milliseconds: 1_577_836_800_000 + Int64(bar) * 86_400_000).dateText
      return "\(day),10,12,9,\(10 + bar % 3),100\n"
    }
    let files = [
      "config.yaml": configuration, "strategies/each.yaml": strategy,
      "prices/X.csv": "timestamp,open,high,low,close,volume\n" + prices.joined(),
    ]
    let folder = FileManager.default.temporaryDirectory.appending(path: "insights-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let program = try RunningProgram(["run"], in: folder)
    defer { if program.isRunning { _ = program.kill9() } }
    let end = Date().addingTimeInterval(120)
    program.wait { program.warned.contains("patterns: 1 symbols") || Date() > end }
    program.interrupt()
    #expect(try program.end().code == 0)
    let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "f.db").path()), for: .reading)
    let kept = try await store.insights()
    #expect(
      kept.map(\.symbol) == ["X"] && kept.first?.last == Instant(milliseconds: 1_577_836_800_000 + 299 * 86_400_000))
    #expect(kept.first?.document.contains("\"seed\": 1") == true)
    try store.close()
  }
}
