import Synchronization

/// Rules that are shared by all copies of a calendar.
final class SharedRules: Sendable {
  let value: SessionRules

  init(_ value: SessionRules) { self.value = value }
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
