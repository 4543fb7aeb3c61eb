import Engine
import Foundation
import SeriesMath
import Synchronization
import Trading

/// Minute bars of random walks, each symbol its own; a bar depends on its number alone, so that none is kept.
final class Walks: LiveBars {
  private let symbols: [SeriesName: UInt64]
  private let count: Mutex<Int>

  init(_ names: [SeriesName], bars: Int) {
    symbols = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt64($0)) })
    count = Mutex(bars)
  }

  func close(another: Int) { count.withLock { $0 += another } }

  private static func time(_ bar: Int) -> Instant { Instant(seconds: 1_600_000_000 + Int64(bar) * 60) }

  func standing(of names: Set<SeriesName>) async throws(LiveFault) -> [SeriesName: BarStanding] {
    let bars = count.withLock { $0 }
    var standing: [SeriesName: BarStanding] = [:]
    standing.reserveCapacity(names.count)
    for name in names { standing[name] = BarStanding(count: bars, last: Walks.time(bars - 1), revision: 0) }
    return standing
  }

  func bars(of name: SeriesName, after: Instant?) async throws(LiveFault) -> ClosedBars {
    let first = after.map { Int(($0.milliseconds / 1_000 - 1_600_000_000) / 60) + 1 } ?? 0
    return ClosedBars(series(of: name, from: first))
  }

  /// The bars of a series from one of them on.
  func series(of name: SeriesName, from first: Int) -> CandleSeries {
    let end = count.withLock { $0 }
    let seed = symbols[name] ?? 0
    var candles: [Candle] = []
    candles.reserveCapacity(max(0, end - first))
    for bar in first..<max(first, end) {
      // Waves of several lengths with noise on them: it crosses whatever it can cross now and then.
      var random = SplitMix64(seed: seed << 32 | UInt64(bar))
      let phase = Double(bar) + Double(seed) * 17
      let level = 100 + 8 * sin(phase / 290) + 3 * sin(phase / 37) + sin(phase / 7)
      let (open, close) = (level + random.unit() - 0.5, level + random.unit() - 0.5)
      candles.append(
        Candle(
          time: Walks.time(bar), open: open, high: max(open, close) + 0.3 * random.unit(),
          low: min(open, close) - 0.3 * random.unit(), close: close, volume: 1_000 + (1_000 * random.unit()).rounded()))
    }
    return CandleSeries(instrument: Instrument(symbol: name.symbol), timeframe: name.timeframe, candles: candles)
  }

  func calendar(of name: SeriesName) -> (any TradingCalendar)? { nil }
}
