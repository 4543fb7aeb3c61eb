import Testing
import Trading

@testable import MarketData

@Suite struct TimeCheckTests {
  /// Half-hour bars from 14:30 to 20:30 UTC on weekdays of January and February 2024.
  static let sessions: PriceRows = {
    let days = Histories.weekdays(closes: Array(repeating: 1, count: 40)).times
    let minutes = (0..<13).map { Int64(870 + $0 * 30) }
    let times = days.flatMap { (day: Instant) in minutes.map { day.advanced(by: $0 * 60_000) } }
    let closes = times.indices.map { (bar: Int) -> Double in
      let wave = Double(bar * 37 % 41 - 20) / 40
      return 100 + wave + Double(bar % 13) / 50
    }
    return PriceRows(
      instrument: Instrument(symbol: "X"), timeframe: Timeframe(30, .minute), times: times,
      columns: [
        closes.map { $0 * 0.9995 }, closes.map { $0 * 1.002 }, closes.map { $0 * 0.998 }, closes,
        closes.indices.map { Double(900 + $0 % 11) },
      ])
  }()

  private func without(_ bars: Range<Int>, _ rows: PriceRows) -> PriceRows {
    var rows = rows
    rows.times.removeSubrange(bars)
    for column in 0..<5 { rows.columns[column].removeSubrange(bars) }
    return rows
  }

  @Test func soundSessionsHaveNoFinding() { #expect(QualityReport.check(Self.sessions).findings.isEmpty) }

  @Test func aHoleWithinADayIsAGapAndANightIsNot() {
    let found = QualityReport.check(without(135..<137, Self.sessions)).findings
    #expect(found.map(\.kind) == [.gap])
    #expect(found.first?.time == Self.sessions.times[135])
    #expect(found.first?.last == Self.sessions.times[136])
  }

  @Test func aWeekdayThatIsMissingIsAGapOnlyByACalendar() {
    let rows = without(50..<51, Histories.wandering)
    #expect(QualityReport.check(rows).findings.isEmpty)
    var rules = QualityRules()
    let days = Histories.wandering.times
    rules.expectedOpens = { from, to in days.filter { $0 >= from && $0 <= to } }
    #expect(Histories.findings(.gap, rows, rules).map(\.time) == [days[50]])
    #expect(Histories.findings(.gap, Histories.wandering, rules).isEmpty)
  }

  @Test func aRowWithoutPricesIsAGap() {
    var rows = Histories.wandering
    for column in 0..<5 { rows.columns[column][7] = .nan }
    #expect(Histories.findings(.gap, rows).map(\.time) == [rows.times[7]])
  }

  @Test func daysStampedHoursOffAreShifted() {
    var rows = Histories.wandering
    for bar in 20..<30 { rows.times[bar] = rows.times[bar].advanced(by: -5 * 3_600_000) }
    let found = Histories.findings(.timezoneShift, rows)
    #expect(found.map(\.time) == [rows.times[20]])
    #expect(found.first?.evidence.contains("stamped 5 hours early") == true)
    var rules = QualityRules()
    rules.repair = [.timezoneShift]
    #expect(QualityRepair(rows, rules: rules).rows.times == Histories.wandering.times)
  }

  @Test func weekdaysStampedADayEarlyAreShifted() {
    var rows = Histories.wandering
    for bar in 20..<30 { rows.times[bar] = rows.times[bar].advanced(by: -86_400_000) }
    #expect(Histories.findings(.timezoneShift, rows).count == 1)
  }

  @Test func sessionsThatBeginHoursLaterAreShifted() {
    var rows = Self.sessions
    for bar in 130..<195 { rows.times[bar] = rows.times[bar].advanced(by: 3 * 3_600_000) }
    let found = Histories.findings(.timezoneShift, rows)
    #expect(found.map(\.time) == [rows.times[130]])
    #expect(found.first?.evidence.contains("65 bars") == true)
  }

  @Test func summerTimeIsNoShift() {
    var rows = Self.sessions
    // The clocks change in the middle: from then on everything is an hour earlier in UTC, in March.
    let march = 40 * 86_400_000 as Int64
    for bar in rows.times.indices { rows.times[bar] = rows.times[bar].advanced(by: march) }
    for bar in 260..<rows.count { rows.times[bar] = rows.times[bar].advanced(by: -3_600_000) }
    #expect(Histories.findings(.timezoneShift, rows).isEmpty)
  }
}
