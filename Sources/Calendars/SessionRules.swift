import Trading

/// What makes the sessions of a calendar: weekdays and regular hours with the days from which they hold, and the days
/// that differ. Days are counted from 1970-01-01.
struct SessionRules: Sendable {
  enum Exception: Sendable {
    case closed
    /// A session at regular hours on a weekday that usually has none.
    case regular
    case hours(SessionHours)
  }

  /// What holds from a day on, until the next.
  struct Since<Value: Sendable>: Sendable {
    let day: Int
    let value: Value
  }

  var zone: ClockZone
  /// The days that are known; unbounded where the rules hold for all time.
  var days: ClosedRange<Int>
  /// Bit 0 is Monday; the first holds for all time before, too.
  var weeks: [Since<UInt8>]
  var hours: [Since<SessionHours>]
  var exceptions: [Int: Exception] = [:]

  static let allTime = -800_000...3_000_000

  var isBounded: Bool { days != SessionRules.allTime }

  /// The hours of a day; nil where it has no session or is not covered.
  func hours(on day: Int) -> SessionHours? {
    guard days.contains(day) else { return nil }
    switch exceptions[day] {
    case .closed: return nil
    case .hours(let hours): return hours
    case .regular: return regularHours(on: day)
    case nil:
      let weekday = ((day + 3) % 7 + 7) % 7
      guard inForce(weeks, on: day).map({ $0 >> UInt8(weekday) & 1 == 1 }) ?? false else { return nil }
      return regularHours(on: day)
    }
  }

  func regularHours(on day: Int) -> SessionHours? { inForce(hours, on: day) }

  func session(on day: Int) -> TradingSession? {
    guard let hours = hours(on: day) else { return nil }
    let pause = hours.pause.map {
      zone.moment(day: day, minute: $0.lowerBound)..<zone.moment(day: day, minute: $0.upperBound)
    }
    return TradingSession(
      date: Instant(seconds: Int64(day) * 86_400), open: zone.moment(day: day, minute: hours.open),
      close: zone.moment(day: day, minute: hours.close), pause: pause)
  }

  /// There are few changes, and most questions are about the last.
  private func inForce<Value: Sendable>(_ changes: [Since<Value>], on day: Int) -> Value? {
    (changes.last { $0.day <= day } ?? changes.first)?.value
  }
}
