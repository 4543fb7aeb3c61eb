public import Trading

/// Makes the bars of a higher timeframe out of bars that come one after another.
///
/// Weeks start on Monday, months on the first, days at midnight, all in UTC, or by the dates of sessions where a
/// calendar has them; a bar without prices takes no part, and a period without bars is none. A period is closed when its
/// end has come, or when a bar of a later one does; what comes behind its end is no part of it. Prices are adjusted as
/// signals read them.
struct Resampler {
  struct Bar {
    var candle: Candle
    /// By what the prices of the period's last bar are adjusted.
    var factor: Double
  }

  private let timeframe: Timeframe
  private var open: Bar?
  /// When the open period ends.
  private var end = Instant(milliseconds: .max)
  /// The period that was closed last.
  private var closed: Instant?

  init(to timeframe: Timeframe) { self.timeframe = timeframe }

  /// Takes a bar, and gives the period that it ends by belonging to a later one.
  mutating func take(_ bar: Int, of series: CandleSeries) -> Bar? {
    guard !series.isMissing(bar) else { return nil }
    var candle = series.adjusted(bar)
    let factor = series.isRestated ? series.adjustment?.factors[bar] ?? 1 : 1
    let dated = series.sessions != nil && timeframe.milliseconds >= Timeframe.day.milliseconds
    let start = timeframe.start(of: dated ? Instant(seconds: Int64(series.sessionDay(bar)) * 86_400) : candle.time)
    if let closed, start <= closed { return nil }
    if let known = open?.candle, known.time == start {
      open?.candle.high = max(known.high, candle.high)
      open?.candle.low = min(known.low, candle.low)
      open?.candle.close = candle.close
      open?.candle.volume += candle.volume
      open?.factor = factor
      return nil
    }
    let ended = open
    if let ended { closed = ended.candle.time }
    candle.time = start
    open = Bar(candle: candle, factor: factor)
    end = series.end(ofPeriodOpening: start, timeframe)
    return ended
  }

  /// The open period, if it has ended by a moment.
  mutating func close(by now: Instant) -> Bar? {
    guard now >= end, let ended = open else { return nil }
    closed = ended.candle.time
    open = nil
    end = Instant(milliseconds: .max)
    return ended
  }
}

extension CandleSeries {
  fileprivate func end(ofPeriodOpening open: Instant, _ timeframe: Timeframe) -> Instant {
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
