/// A moment in UTC, in whole milliseconds since 1970-01-01T00:00:00Z.
///
/// Written and read as ISO 8601 (`2024-01-02T15:30:00Z`). Calendar arithmetic follows the proleptic Gregorian
/// calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
public struct Instant: Hashable, Comparable, Sendable {
  public var milliseconds: Int64

  @inlinable
  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  @inlinable
  public init(seconds: Int64) { self.milliseconds = seconds * 1000 }

  /// Midnight UTC of a civil date; nil where the date does not exist.
  public init?(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    guard (1...9999).contains(year), (1...12).contains(month), (0..<24).contains(hour), (0..<60).contains(minute),
      (0...60).contains(second), day >= 1, day <= Instant.days(inMonth: month, of: year)
    else { return nil }
    let days = Instant.daysSince1970(year: year, month: month, day: day)
    self.init(seconds: Int64(days * 86_400 + hour * 3_600 + minute * 60 + min(second, 59)))
  }

  @inlinable
  public static func < (left: Instant, right: Instant) -> Bool { left.milliseconds < right.milliseconds }

  /// This moment moved by a number of milliseconds.
  @inlinable
  public func advanced(by milliseconds: Int64) -> Instant {
    Instant(milliseconds: self.milliseconds + milliseconds)
  }

  /// Whole days since 1970-01-01, rounded down.
  public var day: Int { Int((Double(milliseconds) / 86_400_000).rounded(.down)) }

  /// The civil date in UTC.
  public var date: (year: Int, month: Int, day: Int) { Instant.civil(daysSince1970: day) }

  /// Monday = 1 … Sunday = 7.
  public var weekday: Int { ((day + 3) % 7 + 7) % 7 + 1 }

  static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  static func civil(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let z = days + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let mp = (5 * dayOfYear + 2) / 153
    let month = mp < 10 ? mp + 3 : mp - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * mp + 2) / 5 + 1)
  }
}

extension Instant: CustomStringConvertible {
  /// ISO 8601 in UTC, to the second, or to the millisecond where there are any.
  public var description: String {
    let days = day
    let (year, month, dayOfMonth) = Instant.civil(daysSince1970: days)
    let rest = Int(milliseconds - Int64(days) * 86_400_000)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    func put(_ value: Int, _ digits: Int) {
      var scale = 1
      for _ in 1..<digits { scale *= 10 }
      while scale > 0 {
        text.append(UInt8(48 + value / scale % 10))
        scale /= 10
      }
    }
    put(year, 4)
    text.append(UInt8(ascii: "-"))
    put(month, 2)
    text.append(UInt8(ascii: "-"))
    put(dayOfMonth, 2)
    text.append(UInt8(ascii: "T"))
    put(rest / 3_600_000, 2)
    text.append(UInt8(ascii: ":"))
    put(rest / 60_000 % 60, 2)
    text.append(UInt8(ascii: ":"))
    put(rest / 1_000 % 60, 2)
    if rest % 1_000 != 0 {
      text.append(UInt8(ascii: "."))
      put(rest % 1_000, 3)
    }
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }

  /// The date alone, `2024-01-02`.
  public var dateText: String { String(description.prefix(10)) }
}
