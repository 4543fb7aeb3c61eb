import Synchronization
import Trading

/// Rules that are shared by all copies of a calendar, and what was counted by them.
final class SharedRules: Sendable {
  let value: SessionRules
  /// Bars of a year, by the length of a bar in minutes; 0 is a session.
  private let counted = Mutex<[YearOfBars: Int]>([:])

  private struct YearOfBars: Hashable {
    let year: Int
    let length: Int
  }

  init(_ value: SessionRules) { self.value = value }

  /// How many bars the sessions of a year have; counted once, for a sweep asks for it with each combination.
  func bars(in year: Int, of length: Int) -> Int {
    let key = YearOfBars(year: year, length: length)
    if let known = counted.withLock({ $0[key] }) { return known }
    guard let first = Instant(year: year, month: 1, day: 1)?.day,
      let last = Instant(year: year, month: 12, day: 31)?.day
    else { return 0 }
    let bars = (first...last).reduce(0) { total, day in
      total + (value.hours(on: day).map { length == 0 ? 1 : $0.bars(of: length) } ?? 0)
    }
    counted.withLock { $0[key] = bars }
    return bars
  }
}

/// The calendars that need no configuration. Each is read once in the life of the program, when it is first asked for.
enum KnownCalendars {
  private static let read = Mutex<[String: SharedRules]>([:])

  static func rules(of name: String) -> SharedRules? {
    let exchange = CalendarTable.aliases[name] ?? name
    return read.withLock { read in
      if let known = read[exchange] { return known }
      let rules = always(exchange) ?? CalendarTable.sessions(of: exchange).flatMap { SessionRules(text: $0) }
      guard let rules else { return nil }
      let shared = SharedRules(rules)
      read[exchange] = shared
      return shared
    }
  }

  static var names: [String] {
    (CalendarTable.exchanges + CalendarTable.aliases.keys + ["24/7", "FX"]).sorted()
  }

  /// The calendars that are a rule without holidays.
  private static func always(_ name: String) -> SessionRules? {
    switch name {
    case "24/7":
      SessionRules(zone: "UTC", weekdays: 0b111_1111, open: 0, close: 1_440)
    case "FX":
      // A day of currency trading ends at 17:00 in New York, and the next begins.
      SessionRules(zone: "America/New_York", weekdays: 0b1_1111, open: 17 * 60 - 1_440, close: 17 * 60)
    default:
      nil
    }
  }
}

extension SessionRules {
  fileprivate init?(zone: String, weekdays: UInt8, open: Int, close: Int) {
    guard let zone = ClockZone(zone), let hours = SessionHours(open: open, close: close) else { return nil }
    self.init(zone: zone, weekdays: weekdays, hours: hours)
  }

  /// The same hours on the same weekdays for all time.
  init(zone: ClockZone, weekdays: UInt8, hours: SessionHours) {
    self.init(
      zone: zone, days: SessionRules.allTime, weeks: [Since(day: 0, value: weekdays)],
      hours: [Since(day: 0, value: hours)])
  }
}
