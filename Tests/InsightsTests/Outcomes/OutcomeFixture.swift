import Backtesting
import Foundation
import MarketData
import Storage
import Testing
import Trading

@testable import Insights

/// A store of its own, whose folder goes with it.
final class OutcomeFixture: Sendable {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  let store: SQLiteStore
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "outcomes-\(UUID().uuidString)"
    store = try SQLiteStore(SQLiteSettings(path: "\(folder)/store.db"), for: .writing)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static func sample(_ name: String = "IXIC") throws -> CandleSeries {
    let path = root.appending(path: "Samples/\(name)-1d.csv").path()
    return try PriceFile.read(path: path, instrument: Instrument(symbol: "^\(name)")).series
  }

  /// Bars a day apart from Monday 2024-01-01 on, that open and close at the same price; nil is a missing one.
  static func series(_ closes: [Double?], _ timeframe: Timeframe = .day) -> CandleSeries {
    CandleSeries(
      instrument: Instrument(symbol: "X"), timeframe: timeframe,
      candles: closes.enumerated().map { bar, close in
        let close = close ?? .nan
        return Candle(
          time: time(bar, timeframe), open: close, high: close, low: close, close: close,
          volume: close.isNaN ? .nan : 1)
      })
  }

  static func time(_ bar: Int, _ timeframe: Timeframe = .day) -> Instant {
    Instant(seconds: 1_704_067_200).advanced(by: Int64(bar) * timeframe.milliseconds)
  }

  static func record(
    _ bar: Int, _ direction: Direction = .buy, in series: CandleSeries, strategy: String = "s",
    version: String = "1", confidence: Double = 80, symbol: String? = nil
  ) -> SignalRecord {
    SignalRecord(
      strategy: strategy, version: version, symbol: symbol ?? series.instrument.symbol, timeframe: series.timeframe,
      signal: Signal(
        time: series.times[bar], bar: bar, direction: direction, confidence: confidence,
        price: series.value(.close, at: bar), reason: "r"))
  }

  @discardableResult
  func save(_ records: [SignalRecord]) async throws -> [Int64] {
    var changes = LiveChanges()
    changes.signals = records.map { ($0, []) }
    return try await store.save(changes, at: Instant(seconds: 1)).compactMap { $0 }
  }

  /// A pass of the job over all symbols with signals; nil where nothing had changed.
  @discardableResult
  func track(
    _ series: CandleSeries, open: Int = 0, state: String? = nil,
    horizons: [Horizon] = OutcomeTracking.horizons
  ) async throws -> OutcomeTracking.Update? {
    let standing = try #require(
      try await store.signalStandings().first {
        $0.symbol == series.instrument.symbol && $0.timeframe == series.timeframe
      })
    let mark = try await store.outcomeMarks().first { $0.symbol == standing.symbol }
    return try await OutcomeTracking(store, horizons: horizons).update(
      standing, mark: mark, barsState: state ?? "\(series.count)"
    ) { OutcomeTracking.Bars(series, open: open) }
  }

  /// All outcomes as the store has them.
  func outcomes(_ series: CandleSeries) async throws -> [OutcomeRecord] {
    try await store.outcomes(symbol: series.instrument.symbol, timeframe: series.timeframe)
  }
}

/// Equal but for rounding.
func agree(_ left: Double?, _ right: Double?, _ tolerance: Double = 1e-12) -> Bool {
  guard let left, let right else { return left == nil && right == nil }
  return abs(left - right) <= tolerance * max(1, abs(left), abs(right))
}
