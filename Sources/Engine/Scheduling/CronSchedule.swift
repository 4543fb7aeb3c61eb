public import Calendars
public import Trading

/// A cron expression on the clocks of a zone.
///
/// Times of day run once each: one that the clocks leave out at the end of what is left out, one that they show twice
/// the first time. An expression whose minute or hour begins with `*` runs at each minute that the clocks show and that
/// fits, so one hour more or less a year. Source: the rule of Vixie cron and of cronie (cron(8), "Daylight Saving
/// Time"), without their limit of three hours.
public struct CronSchedule: Hashable, Sendable {
  public let expression: CronExpression
  public let zone: CivilZone

  public init(_ expression: CronExpression, in zone: CivilZone) {
    self.expression = expression
    self.zone = zone
  }

  /// The first slot after a moment; nil where none comes in the next 41 years, the longest that a 29 February on a
  /// weekday lets wait, or after the year 9998.
  public func next(after moment: Instant) -> Instant? {
    let lastDay = min(moment.day + 41 * 366, 2_932_530)
    guard moment.day < lastDay else { return nil }
    return expression.isByElapsedTime ? nextMinute(after: moment, lastDay) : nextTimeOfDay(after: moment, lastDay)
  }

  private func nextTimeOfDay(after moment: Instant, _ lastDay: Int) -> Instant? {
    let local = zone.local(at: moment)
    let (hours, minutes) = (expression.hours.numbers, expression.minutes.numbers)
    for day in CronSchedule.day(of: local)...lastDay where expression.admits(day: day) {
      for hour in hours {
        let start = Int64(day) * 86_400 + Int64(hour) * 3_600
        // The hour in which the clocks stand at the moment may still hold something.
        if start + 3_600 <= local { continue }
        for minute in minutes {
          let found = zone.first(showing: start + Int64(minute) * 60)
          if found > moment { return found }
        }
      }
    }
    return nil
  }

  private func nextMinute(after moment: Instant, _ lastDay: Int) -> Instant? {
    var from = moment.milliseconds.floored(to: 1_000) / 1_000 + 1
    while true {
      let offset = zone.offset(at: from)
      let change = zone.change(after: from)
      if let local = firstMinute(from: from + offset, before: change.map { $0 + offset }, lastDay) {
        return Instant(seconds: local - offset)
      }
      guard let change, CronSchedule.day(of: change) <= lastDay else { return nil }
      from = change
    }
  }

  /// The first minute in local time that fits.
  private func firstMinute(from: Int64, before end: Int64?, _ lastDay: Int) -> Int64? {
    let first = CronSchedule.day(of: from)
    let last = min(lastDay, end.map { CronSchedule.day(of: $0) } ?? lastDay)
    guard first <= last else { return nil }
    let (hours, minutes) = (expression.hours.numbers, expression.minutes.numbers)
    for day in first...last where expression.admits(day: day) {
      for hour in hours {
        let start = Int64(day) * 86_400 + Int64(hour) * 3_600
        if start + 3_600 <= from { continue }
        for minute in minutes where start + Int64(minute) * 60 >= from {
          let found = start + Int64(minute) * 60
          return end.map { found < $0 } ?? true ? found : nil
        }
      }
    }
    return nil
  }

  private static func day(of local: Int64) -> Int { Int(local.floored(to: 86_400) / 86_400) }
}

extension Int64 {
  /// The greatest multiple that is not above it.
  func floored(to step: Int64) -> Int64 {
    let remainder = self % step
    return remainder < 0 ? self - remainder - step : self - remainder
  }
}
