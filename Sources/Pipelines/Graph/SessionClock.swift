import PluginKit
import Trading

/// Where a bar stands in its session: of the series' calendar; without one a session is a UTC date.
struct SessionClock {
  private var day: Int?
  private var open = Instant(milliseconds: 0)

  /// Columns that it fills: start, elapsed minutes, weekday.
  static let columns = 3

  mutating func next(_ bar: Int, of series: CandleSeries) -> (starts: Double, elapsed: Double, weekday: Double) {
    let time = series.times[bar]
    let sessionDay = series.sessionDay(bar)
    let starts = sessionDay != day
    if starts { (day, open) = (sessionDay, opening(of: sessionDay, from: time, in: series)) }
    let elapsed = Double(series.knownAt(bar).milliseconds - open.milliseconds) / 60_000
    let date = series.sessions == nil ? time : Instant(seconds: Int64(sessionDay) * 86_400)
    return (starts ? 1 : 0, elapsed, Double(date.weekday))
  }

  /// The exchange's opening, though the first bar is missing; earlier only where bars begin before it. The label of a
  /// daily bar is no opening.
  private func opening(of day: Int, from first: Instant, in series: CandleSeries) -> Instant {
    guard let hours = series.sessions?.hours[day] else { return first }
    let isDaily = series.timeframe.milliseconds >= Timeframe.day.milliseconds
    return isDaily ? hours.lowerBound : min(first, hours.lowerBound)
  }
}

extension SeriesKey.Kind {
  /// Whether it comes from the bar's time and not from its prices.
  var isOfCalendar: Bool {
    switch self {
    case .sessionStart, .sessionElapsed, .weekday: true
    case .candle, .fact: false
    }
  }
}
