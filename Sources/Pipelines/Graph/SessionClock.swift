import PluginKit
import Trading

/// Where a bar stands in its session. Until exchange calendars are there a session is a UTC date.
struct SessionClock {
  private var day: Int?
  private var open = Instant(milliseconds: 0)

  /// Columns that it fills: start, elapsed minutes, weekday.
  static let columns = 3

  mutating func next(_ time: Instant, closing: Instant) -> (starts: Double, elapsed: Double, weekday: Double) {
    let starts = time.day != day
    if starts { (day, open) = (time.day, time) }
    let elapsed = Double(closing.milliseconds - open.milliseconds) / 60_000
    return (starts ? 1 : 0, elapsed, Double(time.weekday))
  }
}

extension SeriesKey.Kind {
  /// Whether it comes from the bar's time and not from its prices.
  var isOfCalendar: Bool {
    switch self {
    case .sessionStart, .sessionElapsed, .weekday: true
    case .candle, .named: false
    }
  }
}
