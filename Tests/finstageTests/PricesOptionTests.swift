import Foundation
import SeriesMath
import Storage
import Testing
import Trading

/// Adjusted closes and dividends by the command line.
@Suite struct PricesOptionTests {
  static let strategy = """
    name: s
    timeframe: 1d
    symbols: [X]
    params: { n: { default: 1, range: 1..3 } }
    pipeline:
      - { id: call, buy: "close > close[n]", sell: "close < close[n]" }
    """
  /// Bought at the open of bar 2, at 102. 2 are paid on bar 3, where the price falls by 2: adjusted, that is no fall. The
  /// adjusted closes before are × (1 − 2 / 102).
  static let rows = [
    ("2024-01-01", 100.0, 100.0 * (1 - 2.0 / 102)), ("2024-01-02", 102, 100), ("2024-01-03", 102, 100),
    ("2024-01-04", 100, 100), ("2024-01-05", 103, 103), ("2024-01-06", 99, 99), ("2024-01-07", 99, 99),
  ]

  static func file(adjusted: Bool) -> String {
    let lines = rows.map { day, close, other in
      "\(day),\(close),\(close),\(close),\(close)," + (adjusted ? "\(other)," : "") + "1000"
    }
    return (["Date,Open,High,Low,Close,\(adjusted ? "Adj Close," : "")Volume"] + lines).joined(separator: "\n")
  }

  struct Report: Decodable {
    struct Entry: Decodable {
      var prices: String
      var notes: [String]
      var trades: [Row]
      var metrics: Metrics
    }
    struct Metrics: Decodable { var final_equity: Double }
    struct Row: Decodable {
      var entry_price, exit_price, quantity, dividends, pnl: Double
      var exit_time: String
    }
    var strategies: [Entry]
  }

  static func inFolder(_ body: (URL) throws -> Void) throws {
    try CommandTests.inFolder(
      ["s.yaml": strategy, "X.csv": file(adjusted: true), "plain.csv": file(adjusted: false)], body)
  }

  static func output(_ arguments: [String], in folder: URL) throws -> String {
    let answer = try CommandTests.run(arguments, in: folder)
    #expect(answer.code == 0, "\(answer.messages)")
    return answer.output
  }

  static func backtest(_ data: String, _ options: String..., in folder: URL) throws -> String {
    try output(
      ["backtest", "s.yaml", "--data", data, "--fee", "0", "--ledger", "none"] + options, in: folder)
  }

  static func entry(_ json: String) throws -> Report.Entry {
    try #require(try JSONDecoder().decode(Report.self, from: Data(json.utf8)).strategies.first)
  }

  @Test func `an adjusted close makes dividends of a backtest`() throws {
    try Self.inFolder { folder in
      let entry = try Self.entry(try Self.backtest("X=X.csv", "--format", "json", in: folder))
      #expect(entry.prices == "adjusted")
      let trade = try #require(entry.trades.first)
      // The fall of bar 5 is sold at the open of bar 6.
      #expect((trade.entry_price, trade.exit_price, trade.exit_time) == (102, 99, "2024-01-07T00:00:00Z"))
      #expect(abs(trade.dividends - 2 * trade.quantity) < 1e-6)
      #expect(abs(trade.pnl - trade.quantity * -1) < 1e-6)
    }
  }

  @Test func `plain prices are those of a file without the column`() throws {
    try Self.inFolder { folder in
      let plain = try Self.backtest("X=X.csv", "--prices", "plain", "--format", "json", in: folder)
      let other = try Self.backtest("X=plain.csv", "--format", "json", in: folder)
      #expect(plain == other)
      let entry = try Self.entry(plain)
      #expect(entry.prices == "unadjusted" && entry.notes.contains { $0.contains("no dividend is paid") })
      #expect(entry.trades.first?.exit_time == "2024-01-05T00:00:00Z")
    }
  }

  @Test func `the table and the report say which prices were read`() throws {
    try Self.inFolder { folder in
      for (file, table, report) in [
        ("X.csv", "\nPrices: adjusted. ", "adjusted for dividends"),
        ("plain.csv", "\nPrices: unadjusted. ", "no dividend is paid"),
      ] {
        let text = try Self.backtest("X=\(file)", in: folder)
        let html = try Self.backtest("X=\(file)", "--format", "html", in: folder)
        #expect(text.contains(table) && html.contains(report))
      }
    }
  }

  @Test func `a sweep and its worker count what a backtest counts`() throws {
    try Self.inFolder { folder in
      let entry = try Self.entry(try Self.backtest("X=X.csv", "--format", "json", in: folder))
      let wanted = entry.metrics.final_equity
      let sweep = try Self.output(
        [
          "sweep", "s.yaml", "--set", "n=1..2", "--data", "X=X.csv", "--fee", "0", "--ledger", "none", "--state",
          "none",
          "--format", "csv",
        ], in: folder)
      let rows = sweep.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let column = try #require(rows.first?.firstIndex(of: "final_equity"))
      let row = try #require(rows.dropFirst().first { $0.first == "1" })
      let found = try #require(Double(row[column]))
      #expect(abs(found - wanted) < 1e-6)
      let line: [String: Any] = [
        "sweep": "s", "shard": 1, "strategy": Self.strategy, "params": [["n": 1]],
        "data": folder.appending(path: "X.csv").path(),
        "sha256": SHA256.text(of: Array(Self.file(adjusted: true).utf8)),
      ]
      let request = String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self) + "\n"
      let worked = try SweepWorkerTests.work(request, ["--fee", "0"]).lines.first?["metrics"] as? [String: Any]
      let told = try #require(worked?["final_equity"] as? Double)
      #expect(abs(told - wanted) < 1e-6)
      let verified = try Self.output(["verify", "s.yaml", "--data", "X=X.csv"], in: folder)
      #expect(verified.hasPrefix("ok "))
    }
  }
}

extension PricesOptionTests {
  @Test func `what was fetched with its dividends is read the same way`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let configuration = """
      storage: { sqlite: f.db }
      sources: { yahoo: { type: yahoo } }
      collect:
        - { source: yahoo, symbols: [X], timeframe: 1d }
      """
    try configuration.write(to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
    try Self.strategy.write(to: folder.appending(path: "s.yaml"), atomically: true, encoding: .utf8)
    let candles = try Self.rows.map { day, close, _ in
      Candle(
        time: try #require(Instant(day)), open: close, high: close, low: close, close: close, volume: 1_000)
    }
    let history = PriceHistory(
      series: CandleSeries(instrument: Instrument(symbol: "X"), timeframe: .day, candles: candles),
      adjustedClose: Self.rows.map { $0.2 },
      actions: [
        CorporateAction(time: candles[3].time, kind: .dividend(2)),
        CorporateAction(time: candles[5].time, kind: .split(2)),
      ])
    let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "f.db").path()), for: .writing)
    let key = CandleKey(source: "yahoo", symbol: "X", timeframe: .day)
    _ = try await store.save(history, under: key, fetchedAt: candles[6].time)
    try store.close()
    let json = try Self.output(
      ["backtest", "s.yaml", "--symbol", "X", "--fee", "0", "--ledger", "none", "--format", "json"], in: folder)
    let entry = try Self.entry(json)
    let trade = try #require(entry.trades.first)
    #expect((entry.prices, trade.entry_price, trade.exit_price) == ("adjusted", 102, 99))
    #expect(abs(trade.dividends - 2 * trade.quantity) < 1e-9)
  }
}
