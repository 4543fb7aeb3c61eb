public import Trading

extension CandleSeries {
  /// The bars of a higher timeframe that are closed by the end of this series. Weeks start on Monday, months on the
  /// first, days at midnight, all in UTC; a bar without prices takes no part, and a period without bars is none.
  public func resampled(to timeframe: Timeframe) -> CandleSeries {
    var candles: [Candle] = []
    var current: Candle?
    for bar in 0..<count where !isMissing(bar) {
      let candle = self[bar]
      let start = timeframe.start(of: candle.time)
      if var open = current, open.time == start {
        open.high = max(open.high, candle.high)
        open.low = min(open.low, candle.low)
        open.close = candle.close
        open.volume += candle.volume
        current = open
      } else {
        if let current { candles.append(current) }
        current = candle
        current?.time = start
      }
    }
    // The last one is closed only if the series goes on to its end.
    if let current, count > 0, knownAt(count - 1) >= timeframe.knownAt(open: current.time) { candles.append(current) }
    return CandleSeries(instrument: instrument, timeframe: timeframe, candles: candles)
  }
}

extension Timeframe {
  /// The start of the period of the calendar in which a moment lies: weeks start on Monday, months on the first, all
  /// in UTC.
  public func start(of time: Instant) -> Instant {
    let day: Int64 = 86_400_000
    switch unit {
    case .minute, .hour, .day:
      let length = milliseconds
      let periods = (time.milliseconds - (time.milliseconds % length + length) % length) / length
      return Instant(milliseconds: periods * length)
    case .week:
      // 1970-01-05 was a Monday.
      let monday: Int64 = 4
      let weeks = (Int64(time.day) - monday - (((Int64(time.day) - monday) % 7 + 7) % 7)) / 7
      let group = Int64(count)
      return Instant(milliseconds: ((weeks - ((weeks % group) + group) % group) * 7 + monday) * day)
    case .month:
      let (year, month, _) = time.date
      let months = year * 12 + month - 1
      let first = months - months % count
      return Instant(year: first / 12, month: first % 12 + 1, day: 1) ?? time
    }
  }
}
