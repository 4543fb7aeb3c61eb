public import Trading

/// When an exchange trades: its sessions, day by day.
///
/// A calendar is a value and cheap to copy; what is behind it is read once, when it is first asked for. Dates are
/// midnights in UTC; moments are UTC. Outside the dates that the table covers there is no session.
public struct ExchangeCalendar: Sendable {
  /// The name by which it was asked for: a MIC such as `XNYS`, `24/7`, `FX`, or an own one.
  public let name: String
  let rules: SharedRules

  /// The calendar of an exchange by its MIC (ISO 10383), or `24/7`, or `FX`: Sunday 17:00 to Friday 17:00 in New York.
  /// Nil where there is no table.
  public init?(_ mic: String) {
    guard let rules = KnownCalendars.rules(of: mic) else { return nil }
    self.init(name: mic, rules: rules)
  }

  init(name: String, rules: SessionRules) {
    self.name = name
    self.rules = SharedRules(rules)
  }

  private init(name: String, rules: SharedRules) {
    self.name = name
    self.rules = rules
  }

  /// Every name that has a calendar, aliases included, in order. Reads no table.
  public static var names: [String] { KnownCalendars.names }

  /// What the table was made from, with versions.
  public static var source: String { CalendarTable.source }

  /// The exchange whose table this one shares, such as `XNYS` for `XNAS`; nil where the name is its own.
  public static func exchange(sharedBy name: String) -> String? { CalendarTable.aliases[name] }

  /// The zone of its clocks.
  public var zone: ClockZone { rules.value.zone }

  /// The first date that the table covers; nil for `24/7`, `FX` and own calendars.
  public var firstDate: Instant? { rules.value.isBounded ? .midnight(rules.value.days.lowerBound) : nil }

  /// The last date that the table covers; nil for `24/7`, `FX` and own calendars.
  public var lastDate: Instant? { rules.value.isBounded ? .midnight(rules.value.days.upperBound) : nil }

  /// Whether a date lies within what the table covers.
  public func covers(_ date: Instant) -> Bool { rules.value.days.contains(date.day) }

  /// The session of a date (UTC, any time of day); nil where it is closed that day, or where the table does not reach.
  public func session(on date: Instant) -> TradingSession? { rules.value.session(on: date.day) }

  /// The sessions of the dates from `from` to `to`, both included. Of calendars without an end at most a century.
  public func sessions(from: Instant, to: Instant) -> [TradingSession] {
    guard let days = rules.value.days(from: from.day, to: to.day) else { return [] }
    return days.compactMap { rules.value.session(on: $0) }
  }

  /// The first session that opens after a moment.
  public func session(after moment: Instant) -> TradingSession? {
    // A session may open on the evening before its date, in a zone half a day ahead.
    guard let days = rules.value.days(from: moment.day - 2, to: moment.day + ExchangeCalendar.longestClosure) else {
      return nil
    }
    for day in days {
      if let session = rules.value.session(on: day), session.open > moment { return session }
    }
    return nil
  }

  /// The last session that has closed by a moment.
  public func session(before moment: Instant) -> TradingSession? {
    guard let days = rules.value.days(from: moment.day - ExchangeCalendar.longestClosure, to: moment.day + 2) else {
      return nil
    }
    for day in days.reversed() {
      if let session = rules.value.session(on: day), session.close <= moment { return session }
    }
    return nil
  }

  /// The session that goes on at a moment, its pause included; nil where there is none.
  public func session(at moment: Instant) -> TradingSession? {
    let day = rules.value.zone.day(at: moment)
    for near in [day, day + 1, day - 1] {
      if let session = rules.value.session(on: near), moment >= session.open, moment < session.close { return session }
    }
    return nil
  }

  /// Whether trading goes on at a moment.
  public func isOpen(at moment: Instant) -> Bool { session(at: moment)?.isOpen(at: moment) ?? false }

  /// In days. The longest of the table are five weeks; a search ends after a year.
  private static let longestClosure = 366
}

extension SessionRules {
  /// The days of a range that are covered, at most a century of them.
  func days(from: Int, to: Int) -> ClosedRange<Int>? {
    let first = max(from, days.lowerBound)
    let last = min(to, days.upperBound, first + 36_525)
    return first <= last ? first...last : nil
  }
}

extension Instant {
  static func midnight(_ day: Int) -> Instant { Instant(seconds: Int64(day) * 86_400) }
}
