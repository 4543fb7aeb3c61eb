import PluginKit
import Trading

/// Where a bar stands in its session: of the series' calendar; without one a session is a UTC date.
struct SessionClock {
  private var day: Int?
  private var open = Instant(milliseconds: 0)
  private var missed = Double.nan

  /// Columns that it fills: start, elapsed minutes, weekday, missed sessions.
  static let columns = 4

  mutating func next(
    _ bar: Int, of series: CandleSeries
  ) -> (starts: Double, elapsed: Double, weekday: Double, missed: Double) {
    let time = series.times[bar]
    let sessionDay = series.sessionDay(bar)
    let starts = sessionDay != day
    if starts {
      missed = day.map { SessionClock.sessions(between: $0, and: sessionDay, in: series) } ?? .nan
      (day, open) = (sessionDay, opening(of: sessionDay, from: time, in: series))
    }
    let elapsed = Double(series.knownAt(bar).milliseconds - open.milliseconds) / 60_000
    let date = series.sessions == nil ? time : Instant(seconds: Int64(sessionDay) * 86_400)
    return (starts ? 1 : 0, elapsed, Double(date.weekday), missed)
  }

  /// Sessions without a bar; of bars that are longer than a session that is not to be said.
  private static func sessions(between first: Int, and last: Int, in series: CandleSeries) -> Double {
    guard series.timeframe.milliseconds <= Timeframe.day.milliseconds else { return .nan }
    return Double(series.sessions?.calendar.sessions(between: first, and: last) ?? 0)
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
    case .sessionStart, .sessionElapsed, .sessionsMissed, .weekday: true
    case .candle, .quoted, .bySymbol, .fact: false
    }
  }
}
