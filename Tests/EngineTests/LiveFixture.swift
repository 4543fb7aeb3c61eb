import Calendars
import Foundation
import MarketData
import Pipelines
import PluginKit
import Storage
import StrategyModules
import Synchronization
import Testing
import Trading

@testable import Engine

/// A store of daily bars of two indices, and a clock by which they close one after another: what is stored and not
/// closed is not seen yet.
final class LiveFixture: Sendable {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  let store: SQLiteStore
  let calendar: ExchangeCalendar
  private let folder: String
  private let clock = Mutex(Instant(milliseconds: 0))

  static func key(_ symbol: String) -> CandleKey { CandleKey(source: "sample", symbol: symbol, timeframe: .day) }

  init() throws {
    folder = NSTemporaryDirectory() + "live-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    store = try SQLiteStore(SQLiteSettings(path: "\(folder)/store.db"), for: .writing)
    calendar = try #require(ExchangeCalendar("XNYS"))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var now: Instant {
    get { clock.withLock { $0 } }
    set { clock.withLock { $0 = newValue } }
  }

  /// The last bars of a sample, so that a test is quick; enough for every shipped strategy to speak.
  static func sample(_ name: String, last: Int = 1_200) throws -> CandleSeries {
    let path = root.appending(path: "Samples/\(name)-1d.csv").path()
    let whole = try PriceFile.read(path: path, instrument: Instrument(symbol: "^\(name)")).series
    return whole.bars(max(0, whole.count - last)..<whole.count)
  }

  func save(_ history: PriceHistory, under symbol: String) async throws {
    _ = try await store.save(history, under: Self.key(symbol), fetchedAt: Instant(seconds: 1))
  }

  func save(
    _ series: CandleSeries, under symbol: String? = nil, actions: [CorporateAction] = []
  ) async throws {
    _ = try await store.save(
      PriceHistory(series: series, actions: actions), under: Self.key(symbol ?? series.instrument.symbol),
      fetchedAt: Instant(seconds: 1))
  }

  var bars: StoredBars {
    let places = ["^IXIC", "^GSPC", "N"].map { symbol in
      (SeriesName(symbol, .day), StoredBars.Place(Self.key(symbol), calendar: calendar, settle: 900_000))
    }
    return StoredBars(store, Dictionary(uniqueKeysWithValues: places), now: { self.now })
  }

  func run(on other: SQLiteStore? = nil, patience: Int = 3, dry: Bool = false) -> LiveRun {
    var settings = LiveRun.Settings()
    settings.patience = patience
    settings.isDry = dry
    return LiveRun(bars: bars, store: other ?? store, settings: settings)
  }

  func reading() throws -> SQLiteStore { try SQLiteStore(store.settings, for: .reading) }

  /// The moment at which a bar of a series is closed and final.
  func final(_ bar: Int, of series: CandleSeries) -> Instant {
    calendar.close(ofBarOpening: series.times[bar], .day).advanced(by: 900_000)
  }

  static func strategy(_ text: String, symbols: [String]? = nil) throws -> LiveStrategy {
    let reader = StrategyReader(registry: bundled, watchlists: ["index": ["^IXIC", "^GSPC"]])
    let name = text.split(separator: "\n").first { $0.hasPrefix("name: ") }?.dropFirst(6) ?? "x"
    let (read, faults) = reader.read(file: "\(name).yaml", bytes: Array(text.utf8))
    let strategy = try #require(read, "\(faults.map(\.description))")
    return LiveStrategy(strategy, symbols: symbols ?? ["^IXIC", "^GSPC"])
  }

  /// Every strategy that is shipped, and one that reads weeks, months and another symbol.
  static func strategies() throws -> [LiveStrategy] {
    let folder = root.appending(path: "strategies")
    let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path())
      .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("portfolios/") && !$0.hasPrefix("alerts/") }
    let shipped = try files.sorted().map { path in
      try strategy(String(decoding: Data(contentsOf: folder.appending(path: path)), as: UTF8.self))
    }
    #expect(shipped.count > 50)
    return shipped + (try alerts()) + [try strategy(clocks)]
  }

  /// The rules of the shipped price alerts.
  static func alerts() throws -> [LiveStrategy] {
    var reader = StrategyReader(registry: bundled)
    reader.categories = ["^IXIC": "index", "^GSPC": "index", "ES=F": "future"]
    return try ["price-monitor", "all-time-highs"].flatMap { name in
      let (declared, faults) = reader.declaration(path: root.appending(path: "strategies/alerts/\(name).yaml").path())
      return try #require(declared, "\(faults.map(\.description))").strategies
        .map { LiveStrategy($0, symbols: ["^IXIC", "^GSPC"]) }
    }
  }

  static let clocks = """
    name: clocks
    timeframe: 1d
    symbols: [^IXIC, ^GSPC]
    pipeline:
      - id: s
        long:
          enter: close > sma(close, 3) @ 1w and symbol("N").close > sma(symbol("N").close, 10)
          exit: close < lowest(low, 2) @ 1mo or symbol("N").close < symbol("N").close[2] @ 1w
        short:
          enter: symbol("N").close < symbol("N").close[1] and weekday >= 3
          exit: symbol("N").high > symbol("N").high[1]
    """

  /// What a backtest says of strategies over what is stored, of the bars behind one: each as the store keeps it.
  func backtest(_ strategies: [LiveStrategy], after: Instant) async throws -> Set<Storage.SignalRecord> {
    var records: Set<Storage.SignalRecord> = []
    for strategy in strategies {
      for market in strategy.markets {
        var whole = Market(try await series(market.deciding.symbol, named: market.name))
        for (name, other) in market.others(of: strategy.strategy.graph) {
          whole.others[name] = try await series(other.symbol, named: other.symbol)
        }
        for signal in try Pipelines.run([strategy.strategy], over: whole)[0].signals where signal.time > after {
          records.insert(
            Storage.SignalRecord(
              strategy: strategy.name, version: strategy.version, symbol: market.name, timeframe: .day, signal: signal))
        }
      }
    }
    return records
  }

  private func series(_ symbol: String, named name: String) async throws -> CandleSeries {
    var history = try await store.history(Self.key(symbol))
    let open = history.series.times.first { calendar.close(ofBarOpening: $0, .day).advanced(by: 900_000) > now }
    if let open { history = history.opening(from: nil, to: open) }
    return (history.payingSeries ?? history.series).named(name).keeping(calendar)
  }

  /// The signals that stand in the store.
  func standing() async throws -> Set<Storage.SignalRecord> {
    Set(
      try await store.signals(strategy: nil, symbol: nil, limit: 1_000_000)
        .filter { $0.retractedAt == nil }.map(\.record))
  }
}

extension CandleSeries {
  /// The same bars with one of them changed.
  func changing(_ bar: Int, _ change: (inout Candle) -> Void) -> CandleSeries {
    var candles = (0..<count).map { self[$0] }
    change(&candles[bar])
    return CandleSeries(instrument: instrument, timeframe: timeframe, candles: candles)
  }

  func without(_ bar: Int) -> CandleSeries {
    CandleSeries(
      instrument: instrument, timeframe: timeframe, candles: (0..<count).filter { $0 != bar }.map { self[$0] })
  }
}
