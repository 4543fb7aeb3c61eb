import Foundation
import Storage
import TestSupport
import Trading

/// What the service is killed at: two symbols whose next two minutes fire three strategies on two channels, and a minute
/// that the source corrects so that what was told of it is taken back.
///
/// The closes of A go round 100, 100.3, 100.1, 100.4 and those of B are one bar ahead; each bar opens at 100.2.
struct CrashScenario: Sendable {
  static let symbols = ["A", "B"]
  /// Bars that are there before the host first runs, those that it then tells of, and those of a trial.
  static let (stored, told, all) = (60, 62, 64)

  /// What each channel is told in a trial, by hand: A's corrected bar 61 takes back `swing`, so that nothing is left at
  /// bar 62, and bar 63 fires `swing` and `peak`. B fires `swing` and `peak` at bar 62 and leaves at bar 63. `calm`
  /// fires at every bar.
  static let keys = 1 + 2 + 3 + 4

  /// The order intents of `swing`, by hand: before a trial A enters, B enters and leaves. In the trial B does so again; A
  /// enters nothing a second time, for what its taken-back entry has opened was never closed.
  static let (ordersBefore, orders) = (1 + 2, 2)

  /// The minute at which bar 0 opens: everything has closed long ago.
  let begin: Int64

  init(now: Date) { begin = Int64(now.timeIntervalSince1970) / 60 - 120 }

  func opening(_ bar: Int) -> Instant { Instant(seconds: (begin + Int64(bar)) * 60) }

  func candle(_ symbol: Int, _ bar: Int, isCorrected: Bool = false) -> Candle {
    let open = 100.2
    var close = [100, 100.3, 100.1, 100.4][(bar + symbol) % 4]
    if isCorrected, symbol == 0, bar == CrashScenario.told - 1 { close = 100.15 }
    return Candle(
      time: opening(bar), open: open, high: max(open, close), low: min(open, close), close: close, volume: 1_000)
  }

  // MARK: Its files

  static let strategies = [
    "strategies/peak.yaml": """
    name: peak
    timeframe: 1m
    symbols: ["@all"]
    pipeline: [{ id: up, buy: close > 100.35, confidence: 80 }]
    notify: { priority: high }

    """,
    "strategies/swing.yaml": """
    name: swing
    timeframe: 1m
    symbols: ["@all"]
    pipeline: [{ id: up, long: { enter: close > open, exit: close < open }, confidence: 70 }]
    trade: { size: { fixed: 1000 } }
    notify: { priority: high }

    """,
    "strategies/calm.yaml": """
    name: calm
    timeframe: 1m
    symbols: ["@all"]
    pipeline: [{ id: up, buy: close > 1, confidence: 60 }]
    emit: level
    notify: { priority: medium }

    """,
  ]

  static func configuration(_ servers: CrashServers) -> String {
    """
    locale: en
    timezone: UTC
    storage: { sqlite: data/f.db }
    strategies: strategies
    watchlists: { all: [\(symbols.joined(separator: ", "))] }
    sources:
      venue:
        type: http_json
        url: "\(servers.venue.url)/bars?s={symbol}&from={from}&to={to}"
        range: milliseconds
        timeframes: { 1m: m }
        time_format: milliseconds
        rows: bars
        time: t
        open: o
        high: h
        low: l
        close: c
        volume: v
        bars: 1000
        rate: 100000/s
        retries: 0
        allow_private: true
    collect: [{ source: venue, symbols: ["@all"], timeframe: 1m, exchange: "24/7" }]
    channels:
      telegram: { type: telegram, base_url: "\(servers.telegram.url)", token: "1:T\(CommandTests.reference)", chat: "-100123",
                  rate: 100000/s, timeout: 2s, allow_private: true }
      hook: { type: webhook, url: "\(servers.hook.url)/hook", rate: 100000/s, timeout: 2s, allow_private: true }
      orders: { type: order_intent, url: "\(servers.orders.url)/orders", secret: "s\(CommandTests.reference)",
                enabled: true, dry_run: false, valid_for: 365d, rate: 100000/s, timeout: 2s, allow_private: true }
    routes:
      - { channels: [telegram], delivery: at_least_once }
      - { channels: [hook], delivery: at_most_once }
      - { strategies: [swing], channels: [orders] }
    notify: { max_age: 365d, cooldown: 0, hourly_cap: 10000, digest: 1s }
    schedule:
      - { job: collect, every: 1s }
      - { job: evaluate, after: collect }

    """
  }

  /// The folder of a host, with its configuration for these servers.
  func write(to folder: URL, _ servers: CrashServers) throws {
    var files = CrashScenario.strategies
    files["config.yaml"] = CrashScenario.configuration(servers)
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
  }

  /// A database with the bars from before the host first runs.
  func store(_ folder: URL) async throws {
    let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "data/f.db").path()), for: .writing)
    for (place, symbol) in CrashScenario.symbols.enumerated() {
      let candles = (0..<CrashScenario.stored).map { candle(place, $0) }
      let key = CandleKey(source: "venue", symbol: symbol, timeframe: Timeframe(1, .minute))
      let series = CandleSeries(
        instrument: Instrument(symbol: symbol), timeframe: key.timeframe, candles: candles)
      let end = opening(CrashScenario.stored)
      _ = try await store.save(
        PriceHistory(series: series), under: key, fetchedAt: end, asked: Instant(seconds: 0)..<end)
    }
    try store.close()
  }
}
