import Calendars
import Trading

/// Moments as files of news and filings have them.
enum RecordTime {
  /// Without a zone; a date alone is known at its end.
  static func utc(_ text: String) -> Instant? {
    guard let moment = Instant(text) else { return nil }
    return isDate(text) ? moment.advanced(by: 86_400_000) : moment
  }

  /// The same by the clocks of New York, where filings are accepted: a date alone is known when that day has ended
  /// there.
  static func newYork(_ text: String) -> Instant? {
    guard let zone, let shown = Instant(text) else { return nil }
    if isDate(text) { return zone.moment(day: shown.day + 1, minute: 0) }
    guard !hasZone(text) else { return shown }
    let inDay = shown.milliseconds - Int64(shown.day) * 86_400_000
    return zone.moment(day: shown.day, minute: Int(inDay / 60_000)).advanced(by: inDay % 60_000)
  }

  private static let zone = ClockZone("America/New_York")

  /// `2024-01-31` or `20240131`.
  static func isDate(_ text: String) -> Bool { text.utf8.count == 10 && text.contains("-") || text.utf8.count == 8 }

  /// Whether it says its zone, or is a count of seconds.
  private static func hasZone(_ text: String) -> Bool {
    let time = text.dropFirst(10)
    return !text.contains("-") || time.contains("Z") || time.contains("z") || time.contains("+") || time.contains("-")
  }
}
