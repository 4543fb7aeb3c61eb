public import Storage
public import Trading

/// What closed bars say of the prices that people go by: the highest one there was, and those of each session. Prices are
/// as they were quoted: adjusted for splits, and not for dividends.
public struct PriceLevels: Sendable {
  private let series: CandleSeries

  /// - Parameter series: Closed bars, with what a calendar says of them.
  public init(of series: CandleSeries) { self.series = series }

  /// The highest price and the first bar that had it; nil without any price.
  public var high: PriceHigh? {
    var found: PriceHigh?
    for bar in 0..<series.count {
      let price = series.value(.high, at: bar)
      guard price > found?.price ?? -.infinity else { continue }
      found = PriceHigh(symbol: series.instrument.symbol, price: price, time: series.times[bar])
    }
    return found
  }

  /// Of each session that is over at a moment, what its bars make together, by date. A session is that of the calendar,
  /// and without one a date in UTC, which is over when a bar of a later one is there.
  public func sessions(at moment: Instant) -> [SessionSnapshot] {
    var found: [SessionSnapshot] = []
    for bar in 0..<series.count where !series.isMissing(bar) {
      let day = series.sessionDay(bar)
      let date = Instant(seconds: Int64(day) * 86_400)
      let candle = series[bar]
      guard var last = found.last, last.date == date else {
        found.append(
          SessionSnapshot(
            symbol: series.instrument.symbol, date: date, open: candle.open, high: candle.high, low: candle.low,
            close: candle.close, volume: candle.volume, takenAt: moment))
        continue
      }
      last.high = max(last.high, candle.high)
      last.low = min(last.low, candle.low)
      last.close = candle.close
      last.volume += candle.volume
      found[found.count - 1] = last
    }
    if let last = found.last, !isOver(last.date, at: moment) { found.removeLast() }
    return found
  }

  private func isOver(_ date: Instant, at moment: Instant) -> Bool {
    if let hours = series.sessions?.hours[date.day] { return hours.upperBound <= moment }
    // One bar of a day is closed with it.
    return series.timeframe.milliseconds >= Timeframe.day.milliseconds
      || date.advanced(by: Timeframe.day.milliseconds) <= moment
  }
}
