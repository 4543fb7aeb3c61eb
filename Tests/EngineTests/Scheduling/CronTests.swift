import Calendars
import Engine
import Testing
import Trading

/// Expected values come from croniter, cronsim and Python's zoneinfo; the heads of the case files say which versions.
@Suite struct CronTests {
  private func schedule(_ text: String, _ zone: String) throws -> CronSchedule {
    CronSchedule(try CronExpression(text), in: try ZoneDatabase().zone(zone))
  }

  @Test func `expressions have the slots that croniter and cronsim say`() throws {
    let lines = try cases("cron.txt")
    #expect(lines.count == 400)
    for line in lines {
      let recurrence = Recurrence.cron(try schedule(line[0], line[1]))
      let wanted = line[3...].map(instant)
      let found = recurrence.slots(after: instant(line[2]), through: instant(9_999, 1, 1), limit: wanted.count)
      #expect(found == wanted, "\(line[0]) in \(line[1]) after \(instant(line[2]))")
    }
  }

  @Test func `a change of the clocks makes the slots that a look at every minute says`() throws {
    let lines = try cases("clocks.txt")
    #expect(lines.count > 300)
    for line in lines {
      let recurrence = Recurrence.cron(try schedule(line[0], line[1]))
      let wanted = line[3...].filter { !$0.isEmpty }.map(instant)
      guard let last = wanted.last else { continue }
      let found = recurrence.slots(after: instant(line[2]), through: last, limit: 1_000)
      #expect(found == wanted, "\(line[0]) in \(line[1]) after \(instant(line[2]))")
    }
  }

  @Test func `what the clocks leave out runs once at its end, and what they show twice runs once`() throws {
    // New York 2026: 02:00 EST on 8 March becomes 03:00 EDT, 07:00 UTC; 02:00 EDT on 1 November becomes 01:00 EST.
    let left = try schedule("30 2 * * *", "America/New_York")
    #expect(left.next(after: instant(2026, 3, 7, 8)) == instant(2026, 3, 8, 7))
    #expect(left.next(after: instant(2026, 3, 8, 7)) == instant(2026, 3, 9, 6, 30))
    let twice = try schedule("30 1 * * *", "America/New_York")
    #expect(twice.next(after: instant(2026, 11, 1, 0)) == instant(2026, 11, 1, 5, 30))
    #expect(twice.next(after: instant(2026, 11, 1, 5, 30)) == instant(2026, 11, 2, 6, 30))
    // Lord Howe 2026: 02:00 on 4 October becomes 02:30 (+11), 15:30 UTC the day before.
    let half = try schedule("15 2 * * *", "Australia/Lord_Howe")
    #expect(half.next(after: instant(2026, 10, 3, 0)) == instant(2026, 10, 3, 15, 30))
    // Apia had no 30 December 2011: its 29th ended at 10:00 UTC on the 30th, and the 31st began.
    let day = try schedule("0 8 30 * *", "Pacific/Apia")
    #expect(day.next(after: instant(2011, 12, 29)) == instant(2011, 12, 30, 10))
    #expect(day.next(after: instant(2011, 12, 30, 10)) == instant(2012, 1, 29, 18))
  }

  @Test func `a day fits by either of its fields where neither begins with a star`() throws {
    // As crontab(5) has it: "30 4 1,15 * 5" is 04:30 on the 1st, the 15th, and every Friday.
    let either = Recurrence.cron(try schedule("30 4 1,15 * 5", "UTC"))
    let found = either.slots(after: instant(2026, 5, 1, 5), through: instant(2026, 6, 1, 5), limit: 100)
    #expect(found.map(\.date.day) == [8, 15, 22, 29, 1])
    let both = Recurrence.cron(try schedule("0 0 */2 * 5", "UTC"))
    #expect(both.next(after: instant(2026, 5, 1, 1)) == instant(2026, 5, 15))
  }

  @Test func `names stand for expressions, and Sunday is 0 and 7`() throws {
    let pairs = [
      ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@weekly", "0 0 * * 7"), ("@monthly", "0 0 1 * *"),
      ("@yearly", "0 0 1 jan *"), ("0 0 * * 5-7", "0 0 * * FRI,sat,0"),
    ]
    for (name, meant) in pairs {
      let (one, other) = (try schedule(name, "UTC"), try schedule(meant, "UTC"))
      for start in stride(from: Int64(1_700_000_000), to: 1_760_000_000, by: 5_000_017) {
        #expect(one.next(after: Instant(seconds: start)) == other.next(after: Instant(seconds: start)), "\(name)")
      }
    }
  }

  @Test func `a 29 February on a weekday may be forty years away, and is found`() throws {
    // 29 February 2088 is a Sunday, the next one after 2100 and 2104 (a Friday) is that of 2128 (python: calendar).
    let leap = try schedule("0 0 29 2 */7", "UTC")
    #expect(leap.next(after: instant(2088, 3, 1)) == instant(2128, 2, 29))
  }

  @Test(arguments: [
    ("0 8 * *", "five fields"), ("0 0 8 * * *", "five fields"), ("60 8 * * *", "0 to 59; found 60"),
    ("0 24 * * *", "0 to 23"), ("0 0 0 * *", "1 to 31"), ("0 0 * 13 *", "1 to 12"), ("0 0 * * 8", "0 to 7"),
    ("0 0 30 2 *", "no such day"), ("0 0 31 4,6,9,11 *", "no such day"), ("0 0 30 2 */2", "no such day"),
    ("*/0 * * * *", "step"), ("5/10 * * * *", "a step follows"), ("0 22-2 * * *", "ends before it begins"),
    ("0 0 * foo *", "is no month"), ("0 0 L * *", "is no day"), ("@reboot", "there is no"), ("", "five fields"),
    ("0,, 8 * * *", "no list"), ("1-2-3 8 * * *", "no range"), ("０ 8 * * *", "is no minute"),
    ("99999999999999999999 8 * * *", "is no minute"),
  ])
  func `a text that is no expression is refused with its place`(_ text: String, _ words: String) {
    let fault = #expect(throws: CronFault.self) { try CronExpression(text) }
    #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "none")")
    #expect((fault?.part.upperBound ?? .max) <= max(1, text.unicodeScalars.count))
  }
}
