import Testing
import Trading

@testable import Calendars

@Suite struct CalendarChangesTests {
  @Test func `days are closed and opened, and close early and open late`() throws {
    let changes = CalendarChanges(
      closed: [try at("2027-01-05")], opened: [try at("2027-07-10")],
      early: [try at("2027-07-02"): 13 * 60], late: [try at("2027-07-10"): 11 * 60])
    let newYork = try calendar("XNYS").changed(by: changes)
    #expect(newYork.session(on: try at("2027-01-05")) == nil)
    #expect(newYork.session(on: try at("2027-01-06")) != nil)
    #expect(newYork.session(on: try at("2027-07-02"))?.close == (try at("2027-07-02T17:00")))
    #expect(newYork.session(on: try at("2027-07-02"))?.open == (try at("2027-07-02T13:30")))
    #expect(newYork.session(on: try at("2027-07-10"))?.open == (try at("2027-07-10T15:00")))
    #expect(newYork.close(ofBarOpening: try at("2027-07-02"), .day) == (try at("2027-07-02T17:00")))
    // The calendar itself is as it was.
    #expect(try calendar("XNYS").session(on: at("2027-01-05")) != nil)
  }

  @Test func `a close before or in the pause leaves none`() throws {
    let day = try at("2024-07-02")
    for (text, close) in [("11:00", "02:00"), ("12:00", "02:30"), ("14:00", "05:00")] {
      let minutes = try #require(SessionHours.minutes(text))
      let session = try calendar("XTKS").changed(by: CalendarChanges(early: [day: minutes])).session(on: day)
      #expect(session?.close == (try at("2024-07-02T\(close)")))
      #expect((session?.pause == nil) == (text < "13"))
    }
  }

  @Test func `what cannot be is refused in words`() throws {
    func refusal(_ changes: CalendarChanges) throws -> String? {
      do throws(CalendarError) {
        _ = try ExchangeCalendar("XNYS")?.changed(by: changes)
        return nil
      } catch { return error.description }
    }
    #expect(
      try refusal(CalendarChanges(early: [at("2027-07-04"): 780]))
        == "XNYS has no session on 2027-07-04 that could close early or open late")
    #expect(
      try refusal(CalendarChanges(early: [at("2027-07-02"): 500]))
        == "XNYS would open on 2027-07-02 after its close, or trade for longer than a day")
    #expect(
      try refusal(CalendarChanges(closed: [at("2031-01-05")]))
        == "2031-01-05 is outside the table of XNYS, which goes from 1990-01-01 to 2027-12-31")
  }

  @Test func `a calendar of one's own has hours, weekdays and a zone`() throws {
    let hours = try #require(SessionHours(open: 540, close: 1_050, pause: 720..<780))
    let desk = ExchangeCalendar(
      name: "DESK", zone: try #require(ClockZone("Europe/Berlin")), weekdays: [1, 2, 3, 4], hours: hours)
    let summer = try #require(desk.session(on: at("2024-07-04")))
    #expect(summer.open == (try at("2024-07-04T07:00")))
    #expect(summer.pause == (try at("2024-07-04T10:00"))..<(try at("2024-07-04T11:00")))
    #expect(desk.session(on: try at("2024-01-04"))?.open == (try at("2024-01-04T08:00")))
    #expect(desk.session(on: try at("2024-07-05")) == nil)
    #expect(desk.periodsPerYear(.day) == 208)
    let closed = try desk.changed(by: CalendarChanges(closed: [at("2024-07-04")]))
    #expect(closed.session(on: try at("2024-07-04")) == nil)
  }

  @Test func `a night's session belongs to the date that it is given`() throws {
    let hours = try #require(SessionHours(open: 20 * 60, close: 1_440 + 120))
    let night = ExchangeCalendar(name: "NIGHT", zone: try #require(ClockZone("+09:00")), weekdays: [1], hours: hours)
    #expect(night.session(at: try at("2024-07-01T16:59"))?.date == (try at("2024-07-01")))
    #expect(night.session(at: try at("2024-07-01T17:00")) == nil)
  }

  @Test func `times of day and offsets`() {
    #expect(SessionHours.minutes("09:30") == 570)
    #expect(SessionHours.minutes("24:00") == 1_440)
    #expect(SessionHours.minutes("17:00-1") == -420)
    #expect(SessionHours.minutes("00:30+1") == 1_470)
    for text in ["9:30", "09:60", "24:01", "25:00", "09:30-2", "09:30:00", "", "ab:cd"] {
      #expect(SessionHours.minutes(text) == nil, "\(text)")
    }
    for text in ["", "09:00", "+9", "+16:00", "Mars/Olympus"] { #expect(ClockZone(text) == nil, "\(text)") }
    #expect(ClockZone("-03:30")?.name == "-03:30")
    #expect(SessionHours(open: 600, close: 600) == nil)
    #expect(SessionHours(open: 0, close: 1_441) == nil)
    #expect(SessionHours(open: 540, close: 900, pause: 500..<600) == nil)
  }
}
