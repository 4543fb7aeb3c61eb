import Trading

/// Times of day and days by five fields: minute, hour, day of the month, month, weekday.
///
/// Lists, ranges, steps, and the names of months and weekdays; Sunday is 0 or 7; `@hourly @daily @midnight @weekly
/// @monthly @yearly @annually`. As in Vixie cron, where day of the month and weekday both begin with something other
/// than `*`, a day fits by either of them, else by both.
public struct CronExpression: Hashable, Sendable, CustomStringConvertible {
  /// As written.
  public let description: String
  let minutes, hours, days, months, weekdays: CronField

  public init(_ text: String) throws(CronFault) {
    description = text
    let whole = CronWord(text)
    var words = whole.words
    if let first = words.first, first.scalars.first == "@" {
      guard words.count == 1, let meant = CronExpression.names[first.text.lowercased()] else {
        throw CronFault(
          "there is no \"\(text)\"", part: first.part,
          hint: "names: \(CronExpression.names.keys.sorted().joined(separator: ", "))")
      }
      words = CronWord(meant).words
    }
    guard words.count == 5 else {
      throw CronFault(
        "a cron expression has five fields, minute, hour, day of the month, month, weekday; found \(words.count)",
        part: whole.part, hint: "write \"0 8 * * *\" for every day at 08:00")
    }
    minutes = try CronField(.minute, words[0])
    hours = try CronField(.hour, words[1])
    days = try CronField(.day, words[2])
    months = try CronField(.month, words[3])
    weekdays = try CronField(.weekday, words[4])
    guard days.isStarred || weekdays.isStarred, !isEverADate else { return }
    throw CronFault(
      "no such day ever comes: the months of \"\(words[3].text)\" have no day \(words[2].text)",
      part: words[2].start..<words[3].part.upperBound)
  }

  /// Whether it runs through the minutes as they pass rather than at times of day: so it is where minute or hour begin
  /// with `*`.
  public var isByElapsedTime: Bool { minutes.isStarred || hours.isStarred }

  /// Whether a day, counted from 1970-01-01, fits.
  func admits(day: Int) -> Bool {
    let moment = Instant(seconds: Int64(day) * 86_400)
    let date = moment.date
    guard months.admits(date.month) else { return false }
    let (byDay, byWeekday) = (days.admits(date.day), weekdays.admits(moment.weekday % 7))
    return days.isStarred || weekdays.isStarred ? byDay && byWeekday : byDay || byWeekday
  }

  private var isEverADate: Bool {
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return months.numbers.contains { month in days.numbers.contains { $0 <= lengths[month - 1] } }
  }

  private static let names = [
    "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
  ]
}
