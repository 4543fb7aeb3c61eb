/// The length of a bar: `1m 5m 15m 1h 4h 1d 1w 1mo` (`m` is a minute, `mo` a month).
public struct Timeframe: Hashable, Sendable {
  public enum Unit: String, Sendable, CaseIterable {
    case minute = "m", hour = "h", day = "d", week = "w", month = "mo"
  }

  public let count: Int
  public let unit: Unit

  public init(_ count: Int, _ unit: Unit) {
    self.count = count
    self.unit = unit
  }

  /// Reads `15m`, `4h`, `1d`, `1w`, `1mo`; nil where the text is none of these or the count is not 1 to 10,000.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), (1...10_000).contains(count),
      let unit = Unit(rawValue: String(text.dropFirst(digits.count)))
    else { return nil }
    self.init(count, unit)
  }

  public static let day = Timeframe(1, .day)

  /// The length in milliseconds; a month counts as 30 days, which serves for comparing lengths, not for calendars.
  public var milliseconds: Int64 {
    let unitLength: Int64 =
      switch unit {
      case .minute: 60_000
      case .hour: 3_600_000
      case .day: 86_400_000
      case .week: 604_800_000
      case .month: 2_592_000_000
      }
    return Int64(count) * unitLength
  }

  /// The moment at which a bar that opens at `open` is known, without an exchange calendar.
  public func knownAt(open: Instant) -> Instant {
    guard unit == .month else { return open.advanced(by: milliseconds) }
    let (year, month, day) = open.date
    let months = year * 12 + (month - 1) + count
    let inDay = open.milliseconds - Int64(open.day) * 86_400_000
    let lastDay = Instant.days(inMonth: months % 12 + 1, of: months / 12)
    guard let start = Instant(year: months / 12, month: months % 12 + 1, day: min(day, lastDay)) else {
      return open.advanced(by: milliseconds)
    }
    return start.advanced(by: inDay)
  }

  /// The timeframe that a file's own spacing shows: the median distance of neighbouring bars, in the largest unit that
  /// divides it. Nil with fewer than two bars.
  public static func inferred(from times: [Instant]) -> Timeframe? {
    guard times.count > 1 else { return nil }
    // A few thousand gaps tell as much as a million.
    let step = max(1, times.count / 4_096)
    var gaps = stride(from: 1, to: times.count, by: step).map { times[$0].milliseconds - times[$0 - 1].milliseconds }
    gaps.sort()
    // The lower of two middle ones: weekends and holidays only lengthen gaps.
    let gap = gaps[(gaps.count - 1) / 2]
    if (27...31).contains(gap / 86_400_000) { return Timeframe(1, .month) }
    for unit in [Unit.week, .day, .hour, .minute] {
      let length = Timeframe(1, unit).milliseconds
      if gap >= length, gap % length == 0, gap / length <= 10_000 { return Timeframe(Int(gap / length), unit) }
    }
    return Timeframe(max(1, Int(min(gap / 60_000, 10_000))), .minute)
  }
}

extension Timeframe: CustomStringConvertible {
  public var description: String { "\(count)\(unit.rawValue)" }
}
