public import Trading

/// What a user knows better than the table, or what was decreed since: days closed, days opened, other hours.
public struct CalendarChanges: Sendable, Hashable {
  /// Dates without a session.
  public var closed: [Instant] = []
  /// Dates with a session at regular hours, where the table has none.
  public var opened: [Instant] = []
  /// The close of a date, in minutes of the exchange's clock.
  public var early: [Instant: Int] = [:]
  /// The opening of a date, in minutes of the exchange's clock.
  public var late: [Instant: Int] = [:]

  public init(
    closed: [Instant] = [], opened: [Instant] = [], early: [Instant: Int] = [:], late: [Instant: Int] = [:]
  ) {
    self.closed = closed
    self.opened = opened
    self.early = early
    self.late = late
  }

  public var isEmpty: Bool { closed.isEmpty && opened.isEmpty && early.isEmpty && late.isEmpty }
}

/// A change that cannot be made to a calendar.
public enum CalendarError: Error, Hashable, Sendable, CustomStringConvertible {
  case outsideTable(calendar: String, date: Instant, first: Instant, last: Instant)
  case noSession(calendar: String, date: Instant)
  case noHours(calendar: String, date: Instant)

  /// The date at which the fault is.
  public var date: Instant {
    switch self {
    case .outsideTable(_, let date, _, _), .noSession(_, let date), .noHours(_, let date): date
    }
  }

  public var description: String {
    switch self {
    case .outsideTable(let calendar, let date, let first, let last):
      "\(date.dateText) is outside the table of \(calendar), which goes from \(first.dateText) to \(last.dateText)"
    case .noSession(let calendar, let date):
      "\(calendar) has no session on \(date.dateText) that could close early or open late"
    case .noHours(let calendar, let date):
      "\(calendar) would open on \(date.dateText) after its close, or trade for longer than a day"
    }
  }
}

extension ExchangeCalendar {
  /// A calendar of one's own: the same hours on the same weekdays (Monday = 1 … Sunday = 7), on the clocks of a zone.
  public init(name: String, zone: ClockZone, weekdays: Set<Int>, hours: SessionHours) {
    let mask = weekdays.filter { (1...7).contains($0) }.reduce(UInt8(0)) { $0 | 1 << UInt8($1 - 1) }
    self.init(name: name, rules: SessionRules(zone: zone, weekdays: mask, hours: hours))
  }

  /// This calendar with changes. Opened days come first, so that one may also close early.
  public func changed(by changes: CalendarChanges) throws(CalendarError) -> ExchangeCalendar {
    var rules = rules.value
    for date in changes.closed + changes.opened + Array(changes.early.keys) + Array(changes.late.keys)
    where !rules.days.contains(date.day) {
      throw .outsideTable(
        calendar: name, date: date, first: .midnight(rules.days.lowerBound), last: .midnight(rules.days.upperBound))
    }
    for date in changes.opened { rules.exceptions[date.day] = .regular }
    for date in changes.closed { rules.exceptions[date.day] = .closed }
    for date in Set(changes.early.keys).union(changes.late.keys).sorted() {
      guard let usual = rules.hours(on: date.day) else { throw .noSession(calendar: name, date: date) }
      guard let hours = usual.changed(open: changes.late[date], close: changes.early[date]) else {
        throw .noHours(calendar: name, date: date)
      }
      rules.exceptions[date.day] = .hours(hours)
    }
    return ExchangeCalendar(name: name, rules: rules)
  }
}
