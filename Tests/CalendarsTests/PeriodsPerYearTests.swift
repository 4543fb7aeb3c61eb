import Testing
import Trading

@testable import Calendars

@Suite struct PeriodsPerYearTests {
  @Test func `sessions a year are counted in whole years`() throws {
    let newYork = try calendar("XNYS")
    // NYSE, trading days: 2023 250, 2024 252, 2025 250.
    #expect(newYork.periodsPerYear(.day, years: 2024...2024) == 252)
    #expect(newYork.periodsPerYear(.day, years: 2023...2025) == 752.0 / 3)
    // Seven bars on a whole day, the last one half; four on the days that closed at 13:00 (three in 2024).
    #expect(newYork.periodsPerYear(Timeframe(1, .hour), years: 2024...2024) == 249 * 7 + 3 * 4)
    #expect(newYork.periodsPerYear(Timeframe(1, .minute), years: 2024...2024) == 249 * 390 + 3 * 210)
    // 9,569 sessions from 1990 to 2027, as exchange_calendars counts them; the same where no year is known.
    #expect(newYork.periodsPerYear(.day) == 9_569.0 / 38)
    #expect(newYork.periodsPerYear(.day, years: 1950...1960) == 9_569.0 / 38)
    #expect(newYork.periodsPerYear(Timeframe(1, .week)) == 52)
    #expect(newYork.periodsPerYear(Timeframe(3, .month)) == 4)
  }

  @Test func `a pause makes bars shorter, and more of them`() throws {
    // 09:30 to 12:00 and 13:00 to 16:00 make three bars each; half days have the morning alone.
    let days = try calendar("XHKG").periodsPerYear(.day, years: 2024...2024)
    let hours = try calendar("XHKG").periodsPerYear(Timeframe(1, .hour), years: 2024...2024)
    #expect(hours == days * 6 - 3 * 3)  // 2024-02-09, 12-24 and 12-31 end at 12:00
  }

  @Test func `what has no holidays counts its days`() throws {
    #expect(try calendar("24/7").periodsPerYear(.day) == 365)
    #expect(try calendar("24/7").periodsPerYear(Timeframe(4, .hour)) == 365 * 6)
    #expect(try calendar("FX").periodsPerYear(.day) == 260)
    #expect(try calendar("FX").periodsPerYear(Timeframe(1, .hour)) == 260 * 24)
  }
}
