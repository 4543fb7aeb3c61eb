import Testing
import Trading

@testable import Calendars

@Suite struct BarTimesTests {
  private let minute = Timeframe(1, .minute)
  private let hour = Timeframe(1, .hour)

  private func close(_ exchange: String, _ open: String, _ timeframe: Timeframe) throws -> String {
    "\(try calendar(exchange).close(ofBarOpening: at(open), timeframe))"
  }

  @Test func `a daily bar closes with its session, however its source labels it`() throws {
    for label in ["2024-07-03", "2024-07-03T04:00Z", "2024-07-03T13:30Z"] {
      #expect(try close("XNYS", label, .day) == "2024-07-03T17:00:00Z")
    }
    // Midnight in Seoul is the day before in UTC; the opening is midnight UTC.
    for label in ["2024-07-03", "2024-07-02T15:00Z"] {
      #expect(try close("XKRX", label, .day) == "2024-07-03T06:30:00Z")
    }
    // The session of Monday begins on Sunday evening.
    #expect(try close("CMES", "2024-03-10T22:00Z", .day) == "2024-03-11T22:00:00Z")
  }

  @Test func `Seoul closes before New York opens, and is known first`() throws {
    #expect(try close("XKRX", "2024-07-02", .day) < close("XNYS", "2024-07-02", .day))
    #expect(try close("XNYS", "2024-07-02", .day) < close("XKRX", "2024-07-03", .day))
  }

  @Test func `a week closes with its last session`() throws {
    let week = Timeframe(1, .week)
    #expect(try close("XNYS", "2024-03-25", week) == "2024-03-28T20:00:00Z")  // before Good Friday
    #expect(try close("XNYS", "2024-03-26", week) == "2024-03-28T20:00:00Z")
    #expect(try close("24/7", "2024-03-25", week) == "2024-04-01T00:00:00Z")
    #expect(try close("XNYS", "2024-11-01", Timeframe(1, .month)) == "2024-11-29T18:00:00Z")
    // The table ends inside this week, so its last session is not known.
    #expect(try close("XNYS", "2027-12-27", week) == "2028-01-03T00:00:00Z")
    // New York did not trade in the rest of that week.
    #expect(try close("XNYS", "2001-09-10", week) == "2001-09-10T20:00:00Z")
  }

  @Test func `within a day a bar ends where trading ends`() throws {
    #expect(try close("XNYS", "2024-07-02T13:30Z", hour) == "2024-07-02T14:30:00Z")
    #expect(try close("XNYS", "2024-07-02T19:30Z", hour) == "2024-07-02T20:00:00Z")
    #expect(try close("XNYS", "2024-07-03T16:30Z", hour) == "2024-07-03T17:00:00Z")
    // Lunch in Hong Kong is from 12:00 to 13:00.
    #expect(try close("XHKG", "2024-07-02T03:30Z", hour) == "2024-07-02T04:00:00Z")
    #expect(try close("XHKG", "2024-07-02T05:00Z", hour) == "2024-07-02T06:00:00Z")
    // Four hours of the clock, from before the opening and over the close.
    let fourHours = Timeframe(4, .hour)
    #expect(try close("XNYS", "2024-07-02T12:00Z", fourHours) == "2024-07-02T16:00:00Z")
    #expect(try close("XNYS", "2024-07-02T16:00Z", fourHours) == "2024-07-02T20:00:00Z")
    #expect(try close("XNYS", "2024-07-03T16:00Z", fourHours) == "2024-07-03T17:00:00Z")
    // It may hold what was traded after lunch: never known before its end.
    #expect(try close("XTKS", "2024-07-02T00:00Z", fourHours) == "2024-07-02T04:00:00Z")
    // A currency week does not stop at the end of a day.
    #expect(try close("FX", "2024-07-02T20:00Z", fourHours) == "2024-07-03T00:00:00Z")
    #expect(try close("FX", "2024-07-05T20:00Z", fourHours) == "2024-07-05T21:00:00Z")
  }

  @Test func `a bar without a session is known after its timeframe`() throws {
    #expect(try close("XNYS", "2024-07-04", .day) == "2024-07-05T00:00:00Z")
    #expect(try close("XNYS", "1985-07-03", .day) == "1985-07-04T00:00:00Z")
    #expect(try close("XNYS", "2030-07-03", .day) == "2030-07-04T00:00:00Z")
    #expect(try close("XNYS", "2024-07-02T10:00Z", minute) == "2024-07-02T10:01:00Z")
    // The print of the closing auction is labelled by the close itself.
    #expect(try close("XNYS", "2024-07-02T20:00Z", minute) == "2024-07-02T20:01:00Z")
  }

  @Test func `a source is granted time before its bar counts as closed`() throws {
    let newYork = try calendar("XNYS")
    func isClosed(_ now: String, settle: Int64) throws -> Bool {
      newYork.barIsClosed(opening: try at("2024-07-03"), .day, now: try at(now), settle: settle)
    }
    #expect(try !isClosed("2024-07-03T16:59:59Z", settle: 0))
    #expect(try isClosed("2024-07-03T17:00Z", settle: 0))
    #expect(try !isClosed("2024-07-03T17:14:59Z", settle: 900_000))
    #expect(try isClosed("2024-07-03T17:15Z", settle: 900_000))
  }

  @Test func `the bars that should be there`() throws {
    func opens(_ exchange: String, _ timeframe: Timeframe, _ from: String, _ to: String) throws -> [String] {
      try calendar(exchange).opens(of: timeframe, from: at(from), to: at(to)).map { String("\($0)".prefix(16)) }
    }
    #expect(try opens("XNYS", .day, "2024-07-03", "2024-07-07") == ["2024-07-03T00:00", "2024-07-05T00:00"])
    #expect(
      try opens("XNYS", hour, "2024-07-03", "2024-07-04")
        == ["2024-07-03T13:30", "2024-07-03T14:30", "2024-07-03T15:30", "2024-07-03T16:30"])
    #expect(
      try opens("XHKG", hour, "2024-07-02", "2024-07-02")
        == [
          "2024-07-02T01:30", "2024-07-02T02:30", "2024-07-02T03:30", "2024-07-02T05:00", "2024-07-02T06:00",
          "2024-07-02T07:00",
        ])
    #expect(
      try opens("XNYS", Timeframe(1, .week), "2024-07-01", "2024-07-14") == ["2024-07-01T00:00", "2024-07-08T00:00"])
    #expect(try opens("XNYS", Timeframe(1, .week), "2001-09-11", "2001-09-16") == [])
    #expect(
      try opens("XNYS", Timeframe(1, .month), "2024-07-20", "2024-08-20") == ["2024-07-01T00:00", "2024-08-01T00:00"])
    #expect(try opens("24/7", Timeframe(4, .hour), "2024-07-06", "2024-07-07").count == 12)
  }

  @Test func `closes in order are those of single bars`() throws {
    for (exchange, timeframe) in [("XTKS", minute), ("XNYS", hour), ("CMES", Timeframe(7, .hour)), ("XKRX", .day)] {
      let calendar = try calendar(exchange)
      var opens = calendar.opens(of: timeframe, from: try at("2024-06-24"), to: try at("2024-07-08"))
      // Before the opening, in the pause, and on a day without a session.
      opens += [try at("2024-07-03T03:00"), try at("2024-07-06T03:17"), try at("2024-07-04T20:00")]
      opens.sort()
      #expect(opens.count > 10)
      #expect(
        calendar.closes(ofBarsOpening: opens, timeframe)
          == opens.map { calendar.close(ofBarOpening: $0, timeframe) })
    }
  }
}
