import Trading

/// What a plan limits by session: entries, and when everything is to be left.
///
/// Sessions and their closes are those of the series' calendar. Without one a session is a UTC date, and its close is
/// taken from the bars themselves, without looking ahead: the time of day at which the last bar of the session before
/// closed. In the first session it is not known.
struct SessionLimits {
  private let entries: Int?
  /// How long before the close everything is left; nil where positions may be held overnight.
  private let flat: Int64?
  private let length: Int64
  private let calendar: BarSessions?
  /// The bar that is open.
  private var bar = -1
  private var day = Int.min
  private var entered = 0
  /// Closes in milliseconds. By a calendar `close` is the moment of the session's own; else both count from the start of
  /// the date: of the last bar seen, and of the session before.
  private var latest: Int64?
  private var close: Int64?
  private(set) var isOver = false

  init(entries: Int?, flatMinutes: Int?, timeframe: Timeframe, calendar: BarSessions?) {
    self.entries = entries
    self.calendar = calendar
    flat = flatMinutes.map { Int64($0) * 60_000 }
    length = timeframe.milliseconds
  }

  var isNeeded: Bool { entries != nil || flat != nil }
  var takesEntries: Bool { !isOver && entries.map { entered < $0 } ?? true }
  var isFlat: Bool { flat != nil }

  /// A bar opens; whether it is the first of a session. From `close − flat` on the session is over.
  mutating func open(_ time: Instant, bar: Int) -> Bool {
    if let calendar { return open(time, bar: bar, in: calendar) }
    let start = Int64(time.day) * 86_400_000
    let begins = time.day != day
    if begins {
      (close, latest, entered, isOver) = (latest, nil, 0, false)
      day = time.day
    }
    latest = time.milliseconds - start + length
    if let flat, let close, time.milliseconds - start >= close - flat { isOver = true }
    return begins
  }

  private mutating func open(_ time: Instant, bar: Int, in calendar: BarSessions) -> Bool {
    self.bar = bar
    let begins = calendar.days[bar] != day
    if begins {
      (day, entered, isOver) = (calendar.days[bar], 0, false)
      close = calendar.hours[day]?.upperBound.milliseconds
    }
    if let flat, let close, time.milliseconds >= close - flat { isOver = true }
    return begins
  }

  /// The bar closes; whether it closes the session, as far as is known.
  mutating func closes() -> Bool {
    let latest = calendar.map { $0.closes[bar].milliseconds } ?? latest
    guard flat != nil, let close, let latest, latest >= close else { return false }
    isOver = true
    return true
  }

  mutating func countEntry() { entered += 1 }
}
