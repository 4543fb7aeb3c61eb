import Engine
import Pipelines
import SeriesMath
import Trading

/// Prices that nobody has seen: a walk with calm and restless times, the same in every run. What reads the future reads
/// it here too.
enum InventedPrices {
  /// As many bars as the longest average of most strategies wants, several times over.
  static let count = 1_500

  /// The series that a strategy reads, on its first symbol or group.
  static func market(for strategy: LiveStrategy) -> Market? {
    guard let market = strategy.markets.first else { return nil }
    let others = market.others(of: strategy.strategy.graph)
    var random = SplitMix64(seed: 1)
    let deciding = series(market.deciding, &random)
    var invented: [String: CandleSeries] = [:]
    for (name, series) in others.sorted(by: { $0.key < $1.key }) {
      invented[name] = self.series(series, &random)
    }
    return Market(deciding, others: invented)
  }

  private static func series(_ name: SeriesName, _ random: inout SplitMix64) -> CandleSeries {
    var (close, spread, time) = (100.0, 0.01, Instant(seconds: 946_857_600))  // Monday 2000-01-03
    let candles = (0..<count).map { _ in
      // The sum of three is near enough to a bell.
      let step = (random.unit() + random.unit() + random.unit() - 1.5) * 2
      spread = min(0.03, max(0.004, spread * (0.9 + 0.2 * random.unit())))
      let open = close * (1 + 0.2 * spread * (random.unit() - 0.5))
      close = max(1, open * (1 + spread * step))
      let reach = spread * random.unit()
      let candle = Candle(
        time: time, open: open, high: max(open, close) * (1 + reach), low: min(open, close) * (1 - reach), close: close,
        volume: (1_000_000 * (0.5 + random.unit() + (random.unit() > 0.95 ? 3 : 0))).rounded())
      time = name.timeframe.knownAt(open: time)
      return candle
    }
    return CandleSeries(instrument: Instrument(symbol: name.symbol), timeframe: name.timeframe, candles: candles)
  }
}
