import Foundation
import TestSupport
import Trading

@testable import Storage

/// Bars of a random walk, a day apart unless said otherwise.
func prices(
  _ count: Int, from start: Instant = day(2020, 1, 1), every step: Int64 = 86_400_000, seed: UInt64 = 1,
  adjusted: Bool = true, currency: String? = nil, actions: [CorporateAction] = []
) -> PriceHistory {
  var random = SplitMix(seed: seed)
  var price = 100.0
  let candles = (0..<count).map { bar in
    let open = price
    price *= 0.98 + 0.04 * random.unit()
    return Candle(
      time: start.advanced(by: Int64(bar) * step), open: open, high: max(open, price) * 1.01,
      low: min(open, price) * 0.99, close: price, volume: (random.unit() * 1e6).rounded())
  }
  let timeframe = step == 60_000 ? Timeframe(1, .minute) : .day
  return PriceHistory(
    series: CandleSeries(instrument: Instrument(symbol: "TEST"), timeframe: timeframe, candles: candles),
    adjustedClose: adjusted ? candles.map { $0.close * 0.9 } : nil, actions: actions, currency: currency)
}

func day(_ year: Int, _ month: Int, _ day: Int) -> Instant {
  Instant(year: year, month: month, day: day) ?? Instant(milliseconds: 0)
}

let daily = CandleKey(source: "test", symbol: "TEST", timeframe: .day)
let minutely = CandleKey(source: "test", symbol: "TEST", timeframe: Timeframe(1, .minute))

extension PriceHistory {
  /// Some of its bars.
  subscript(bars: Range<Int>) -> PriceHistory {
    let candles = bars.map { series[$0] }
    return PriceHistory(
      series: CandleSeries(instrument: series.instrument, timeframe: series.timeframe, candles: candles),
      adjustedClose: adjustedClose.map { Array($0[bars]) }, actions: actions, currency: currency)
  }

  /// The same with one bar changed.
  func with(_ bar: Int, _ change: (inout Candle) -> Void) -> PriceHistory {
    var candles = (0..<series.count).map { series[$0] }
    change(&candles[bar])
    var copy = self
    copy.series = CandleSeries(instrument: series.instrument, timeframe: series.timeframe, candles: candles)
    return copy
  }

  /// Every bit of what it holds.
  var bits: [UInt64] {
    series.times.map { UInt64(bitPattern: $0.milliseconds) } + series.block.map(\.bitPattern)
      + (adjustedClose ?? []).map(\.bitPattern)
  }
}

/// A folder of its own that goes with the test.
func inFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path())
}

/// What a body throws of the store.
func storeError<Value>(_ body: () async throws -> Value) async throws -> StoreError? {
  do {
    _ = try await body()
    return nil
  } catch let error as StoreError {
    return error
  }
}
