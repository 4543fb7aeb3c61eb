import Calendars
import Engine
import TestSupport
import Testing
import Trading

@Suite struct RecurrenceTests {
  @Test func `an interval counts from 1970 in UTC, whole weeks from a Monday`() throws {
    let often = try #require(FixedInterval(milliseconds: 90 * 60_000))
    #expect(often.next(after: instant(2026, 11, 22, 0)) == instant(2026, 11, 22, 1, 30))
    #expect(often.next(after: instant(1969, 12, 31, 23)) == instant(1970, 1, 1))
    let weekly = try #require(FixedInterval(milliseconds: 7 * 86_400_000))
    #expect(weekly.next(after: instant(2026, 11, 22, 5)) == instant(2026, 11, 23))
    #expect(FixedInterval(milliseconds: 999) == nil && FixedInterval(milliseconds: 367 * 86_400_000) == nil)
  }

  @Test func `a moment of a session follows early closes and holidays`() throws {
    let exchange = try #require(ExchangeCalendar("XNYS"))
    // NYSE: 26 November 2026 is Thanksgiving, on the 27th trading ends at 13:00 in New York, 18:00 UTC.
    let close = Recurrence.session(try #require(SessionMoment("session_close + 15m", of: exchange)))
    #expect(
      close.slots(after: instant(2026, 11, 25, 0), through: instant(2026, 12, 1, 0), limit: 9) == [
        instant(2026, 11, 25, 21, 15), instant(2026, 11, 27, 18, 15), instant(2026, 11, 30, 21, 15),
      ])
    let open = Recurrence.session(try #require(SessionMoment("session_open-10m", of: exchange)))
    #expect(open.next(after: instant(2026, 11, 25, 21)) == instant(2026, 11, 27, 14, 20))
    // Tokyo opens at 09:00, which is midnight in UTC.
    let tokyo = try #require(ExchangeCalendar("XTKS"))
    let before = Recurrence.session(try #require(SessionMoment("session_open - 1d", of: tokyo)))
    #expect(before.next(after: instant(2026, 11, 23, 12)) == instant(2026, 11, 24))
  }

  @Test(arguments: ["session", "session_close +", "session_close + 15", "session_close + 25h", "session_closes + 1m"])
  func `what names no moment of a session is none`(_ text: String) throws {
    #expect(SessionMoment(text, of: try #require(ExchangeCalendar("XNYS"))) == nil)
  }

  @Test func `slots end at a limit, and the latest are the end of all`() throws {
    var random = SplitMix(seed: 6)
    let zone = try ZoneDatabase().zone("America/New_York")
    let exchange = try #require(ExchangeCalendar("XKRX"))
    let recurrences: [Recurrence] = [
      .every(try #require(FixedInterval(milliseconds: 7 * 60_000))),
      .cron(CronSchedule(try CronExpression("*/7 1-3 * * *"), in: zone)),
      .cron(CronSchedule(try CronExpression("15 2 1 * *"), in: zone)),
      .session(SessionMoment(.close, of: exchange)),
    ]
    for recurrence in recurrences {
      for _ in 0..<8 {
        let start = instant(2025, 1, 1).advanced(by: Int64(random.unit() * 300) * 86_400_000)
        let end = start.advanced(by: Int64(random.unit() * 40 * 86_400) * 1_000)
        let all = recurrence.slots(after: start, through: end, limit: .max)
        #expect(all == all.sorted() && Set(all).count == all.count)
        #expect(all.allSatisfy { $0 > start && $0 <= end })
        for limit in [1, 5, 100] {
          #expect(recurrence.slots(after: start, through: end, limit: limit) == Array(all.prefix(limit)))
          #expect(recurrence.latest(after: start, through: end, limit: limit) == Array(all.suffix(limit)))
        }
      }
    }
  }

  @Test func `a pause of ten years costs no more than its last slots`() throws {
    let minutely = Recurrence.cron(CronSchedule(try CronExpression("* * * * *"), in: .utc))
    let slots = minutely.latest(after: instant(2016, 1, 1), through: instant(2026, 1, 1), limit: 3)
    #expect(slots == [58, 59, 60].map { instant(2025, 12, 31, 23).advanced(by: $0 * 60_000) })
  }
}
