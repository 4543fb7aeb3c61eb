import Foundation
import Storage
import Testing
import Trading

/// A host over the sample indices with two rules that the test itself applies: what the report says can be counted
/// from the prices by other code.
struct ReportFixture {
  struct Call {
    var strategy, symbol: String
    var bar: Int
    var direction: Direction
  }

  let folder: URL
  let dates: [String: [Instant]]
  let closes, highs: [String: [Double]]
  let calls: [Call]

  static let symbols = ["GSPC", "IXIC"]

  static let configuration = """
    locale: en
    timezone: Asia/Seoul
    strategies: strategies
    sources: { files: { type: csv, path: "prices/*.csv" } }
    collect: [{ source: files, symbols: [IXIC, GSPC], timeframe: 1d, exchange: XNYS }]
    feeds: [{ name: wire, url: "https://feeds.example.com/rss", symbols: [IXIC] }]
    channels: { book: { type: file, path: told.jsonl } }
    schedule: [{ job: daily_report, cron: "0 8 * * *", timezone: Asia/Seoul }]
    instruments:
      IXIC: { name: { en: Nasdaq Composite, ko: 나스닥 종합지수 }, category: index }
      GSPC: { name: { en: S&P 500, ko: S&P 500 지수 }, category: index }

    """

  static let strategies = [
    "cross": """
    name: cross
    timeframe: 1d
    symbols: [IXIC, GSPC]
    pipeline:
      - id: a
        buy: crosses_above(close, sma(close, 20))
        sell: crosses_below(close, sma(close, 20))

    """,
    "dip": """
    name: dip
    timeframe: 1d
    symbols: [IXIC, GSPC]
    emit: level
    pipeline: [{ id: a, buy: "every(close < close[1], 3)" }]

    """,
    "moves": """
    kind: price_alert
    name: moves
    timeframe: 1d
    symbols: [IXIC]
    rules: [{ rule: price_drop, threshold: 0.2% }]

    """,
  ]

  /// - Parameter from: the first date of the prices.
  init(in folder: URL, from first: String = "2017-01-01") async throws {
    self.folder = folder
    var files = ["config.yaml": ReportFixture.configuration]
    for (name, text) in ReportFixture.strategies { files["strategies/\(name).yaml"] = text }
    var dates: [String: [Instant]] = [:]
    var (closes, highs): ([String: [Double]], [String: [Double]]) = ([:], [:])
    for symbol in ReportFixture.symbols {
      let text = try String(
        contentsOf: CommandTests.root.appending(path: "Samples/\(symbol)-1d.csv"), encoding: .utf8)
      let lines = text.split(separator: "\n")
      let kept = lines.dropFirst().filter { $0 >= first }
      files["prices/\(symbol).csv"] = ([lines[0]] + kept).joined(separator: "\n") + "\n"
      dates[symbol] = kept.compactMap { Instant(String($0.prefix(10))) }
      closes[symbol] = kept.compactMap { Double($0.split(separator: ",")[4]) }
      highs[symbol] = kept.compactMap { Double($0.split(separator: ",")[2]) }
    }
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    var calls: [Call] = []
    for symbol in ReportFixture.symbols {
      let own = closes[symbol] ?? []
      for bar in own.indices.dropFirst(3) {
        func isAbove(_ bar: Int) -> Bool { own[bar] > own[(bar - 19)...bar].reduce(0, +) / 20 }
        if bar >= 20, isAbove(bar) != isAbove(bar - 1) {
          calls.append(Call(strategy: "cross", symbol: symbol, bar: bar, direction: isAbove(bar) ? .buy : .sell))
        }
        if (0..<3).allSatisfy({ own[bar - $0] < own[bar - $0 - 1] }) {
          calls.append(Call(strategy: "dip", symbol: symbol, bar: bar, direction: .buy))
        }
      }
    }
    (self.dates, self.closes, self.highs, self.calls) = (dates, closes, highs, calls)
    let store = try SQLiteStore(SQLiteSettings(path: database), for: .writing)
    for call in stored { try await save(call, in: store) }
    try await saveSurroundings(in: store)
    try store.close()
  }

  /// Those that were said since a host began to run.
  var stored: [Call] { calls.filter { "\(time($0))" >= "2018-06-01" } }

  /// An alert, news and insights; all of them were there by the evening of 2018-09-26.
  private func saveSurroundings(in store: SQLiteStore) async throws {
    guard let bar = dates["IXIC"]?.firstIndex(where: { "\($0)".hasPrefix("2018-09-26") }), let own = closes["IXIC"],
      let day = dates["IXIC"]?[bar]
    else { return }
    _ = try await store.save(
      SignalRecord(
        strategy: "moves.price_drop", version: "1", symbol: "IXIC", timeframe: .day,
        signal: Signal(
          time: day, bar: bar, direction: .sell, confidence: 50, price: own[bar], reason: "r", base: own[bar - 1])),
      notices: [], at: day.advanced(by: 22 * 3_600_000))
    let evening = day.advanced(by: 23 * 3_600_000)
    func item(_ title: String, _ hour: Int64, _ symbols: Set<String>, after: Int64 = 1) -> NewsItem {
      NewsItem(
        feed: "wire", identifier: title, title: title, publishedAt: day.advanced(by: hour * 3_600_000),
        fetchedAt: day.advanced(by: (hour + after) * 3_600_000), symbols: symbols)
    }
    _ = try await store.save([
      item("Fed raises rates <again>", 18, ["IXIC", "GSPC"]), item("Chip makers fall", 20, ["IXIC"]),
      item("Elsewhere", 21, []), item("Yesterday's", 5, ["IXIC"]), item("Not here yet", 22, ["IXIC"], after: 24),
    ])
    try await store.save(
      InsightRecord(
        symbol: "IXIC", timeframe: .day, last: day, madeAt: evening,
        document: ReportFixture.insights(until: "\(day)", pattern: 0.031)))
  }

  /// As `finstage insights --format json` has them, of figures made up here.
  static func insights(until: String, pattern p: Double) -> String {
    """
    {"symbol": "IXIC", "timeframe": "1d", "bars": 436, "to": "\(until)", "horizon": "5b",
     "forecasts": [{"model": "logistic", "probability": 0.524, "base": 0.551, "settled": 311,
       "verdict": "no better than the base rate"}],
     "analogues": {"bars": 20, "horizon": "5b",
       "followed": {"count": 20, "rose": 0.65, "mean": 0.004, "q05": -0.031, "q25": 0, "q50": 0.006, "q75": 0, "q95": 0.042},
       "base": {"count": 410, "rose": 0.6, "mean": 0.003, "q05": -0.03, "q25": 0, "q50": 0.005, "q75": 0, "q95": 0.03}},
     "patterns": {"signals": 117, "tested": 64, "findings": [
       {"signals": ["cross sell", "dip buy"], "natures": ["sequential"], "support": 14, "expected": 9.5,
        "different": {"p_value": 0.002, "adjusted": \(p)}, "is_fresh": true,
        "outcome": {"count": 14, "success_rate": 0.7857, "interval": [0.5241, 0.9243], "base_rate": 0.6}}]},
     "clusters": {"fitted": 70, "skill": -0.02, "current": 1, "clusters": [
       {"name": "turbulent, below the trend", "size": 30,
        "outcome": {"count": 30, "success_rate": 0.5333, "interval": [0.361, 0.698], "base_rate": 0.6},
        "later": {"count": 0, "success_rate": null, "interval": null, "base_rate": null}},
       {"name": "ordinary", "size": 40,
        "outcome": {"count": 40, "success_rate": 0.6, "interval": [0.446, 0.737], "base_rate": 0.6},
        "later": {"count": 12, "success_rate": 0.5, "interval": [0.254, 0.746], "base_rate": 0.58}}]}}
    """
  }

  var database: String { folder.appending(path: "var/finstage.db").path() }

  func time(_ call: Call) -> Instant { dates[call.symbol]?[call.bar] ?? Instant(seconds: 0) }

  /// An hour after New York has closed, which is 21:00 UTC at the latest.
  private func save(_ call: Call, in store: SQLiteStore) async throws {
    let time = time(call)
    _ = try await store.save(
      SignalRecord(
        strategy: call.strategy, version: "1", symbol: call.symbol, timeframe: .day,
        signal: Signal(
          time: time, bar: call.bar, direction: call.direction, confidence: 70,
          price: closes[call.symbol]?[call.bar] ?? 0, reason: "r")), notices: [],
      at: time.advanced(by: 22 * 3_600_000))
  }

  static func inFolder(from first: String = "2017-01-01", _ body: (ReportFixture) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(ReportFixture(in: folder, from: first))
  }

  func report(_ arguments: String...) throws -> CommandTests.Answer {
    try CommandTests.run(["report"] + arguments, in: folder)
  }

  static func json(_ answer: CommandTests.Answer) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any], "\(answer)")
  }

  /// Those of a strategy on a symbol, of all where neither is named, whose next bar is at most at `last`.
  static func ended(_ calls: [Call], _ strategy: String?, _ symbol: String?, last: Int) -> [Call] {
    calls.filter { strategy == nil || $0.strategy == strategy }
      .filter { symbol == nil || $0.symbol == symbol }.filter { $0.bar < last }
  }

  /// What a call comes to at the next close.
  func result(_ call: Call) -> Double {
    let own = closes[call.symbol] ?? []
    return (own[call.bar + 1] / own[call.bar] - 1) * (call.direction == .sell ? -1 : 1)
  }

  /// The success of a call's direction on every bar since the first of these calls.
  func base(_ call: Call, since calls: [Call], last: Int) -> Double {
    let own = closes[call.symbol] ?? []
    let bars = (calls.filter { $0.symbol == call.symbol && $0.strategy == call.strategy }.map(\.bar).min() ?? 0)..<last
    let hits = bars.count { call.direction == .sell ? own[$0 + 1] < own[$0] : own[$0 + 1] > own[$0] }
    return Double(hits) / Double(bars.count)
  }
}
