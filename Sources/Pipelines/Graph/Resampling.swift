public import Trading

extension CandleSeries {
  /// The bars of a higher timeframe that are closed by the end of this series. Weeks start on Monday, months on the
  /// first, days at midnight, all in UTC, or by the dates of sessions where a calendar has them; a bar without prices
  /// takes no part, and a period without bars is none. Prices are adjusted as signals read them.
  public func resampled(to timeframe: Timeframe) -> CandleSeries {
    var candles: [Candle] = []
    var current: Candle?
    // The factors that prices of the periods' last bars are adjusted by.
    var factors: [Double] = []
    let (prices, own) = (totalReturn, adjustment?.factors ?? [])
    let dated = sessions != nil && timeframe.milliseconds >= Timeframe.day.milliseconds
    for bar in 0..<count where !isMissing(bar) {
      let candle = prices[bar]
      let start = timeframe.start(of: dated ? Instant(seconds: Int64(sessionDay(bar)) * 86_400) : candle.time)
      if var open = current, open.time == start {
        open.high = max(open.high, candle.high)
        open.low = min(open.low, candle.low)
        open.close = candle.close
        open.volume += candle.volume
        current = open
        if isRestated { factors[factors.count - 1] = own[bar] }
      } else {
        if let current { candles.append(current) }
        current = candle
        if isRestated { factors.append(own[bar]) }
        current?.time = start
      }
    }
    // The last one is closed only if the series goes on to its end.
    if let current, count > 0, knownAt(count - 1) >= close(ofPeriodOpening: current.time, timeframe) {
      candles.append(current)
    }
    var series = CandleSeries(instrument: instrument, timeframe: timeframe, candles: candles)
    if isRestated { series = series.adjusted(by: Array(factors.prefix(candles.count))) }
    return sessions.map { series.keeping($0.calendar) } ?? series
  }

  private func close(ofPeriodOpening open: Instant, _ timeframe: Timeframe) -> Instant {
    sessions?.calendar.sessions(ofBarsOpening: [open], timeframe).closes.first ?? timeframe.knownAt(open: open)
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
