import Foundation
import Testing
import Trading

@testable import Calendars

func at(_ text: String) throws -> Instant { try #require(Instant(text), "\(text) is no time") }

func calendar(_ name: String) throws -> ExchangeCalendar { try #require(ExchangeCalendar(name)) }

@Suite struct ExchangeCalendarTests {
  /// `Cases/days.csv` is what exchange_calendars 4.13.2 has: the closures of 2001-09, 2012-10 and 2025-01-09, early
  /// closes, lunch breaks, changes of hours, and weeks in which American and European clocks differ.
  @Test func `the hard days are those of exchange_calendars`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/days.csv")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
    #expect(lines.count > 130)
    for line in lines {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      var expected: TradingSession?
      if !cells[2].isEmpty {
        expected = TradingSession(
          date: try at(cells[1]), open: try at(cells[2]), close: try at(cells[3]),
          pause: cells[4].isEmpty ? nil : try at(cells[4])..<at(cells[5]))
      }
      #expect(try calendar(cells[0]).session(on: at(cells[1])) == expected, "\(line)")
    }
  }

  @Test func `every block of the table can be read, and so can its zone`() throws {
    #expect(CalendarTable.exchanges.count >= 60)
    for name in ExchangeCalendar.names {
      let calendar = try #require(ExchangeCalendar(name), "\(name)")
      #expect(calendar.session(after: try at("2026-06-01")) != nil, "\(name)")
    }
    for other in CalendarTable.aliases.values { #expect(CalendarTable.exchanges.contains(other)) }
  }

  @Test func `a name without a table has no calendar`() {
    #expect(ExchangeCalendar("XXXX") == nil)
    #expect(ExchangeCalendar("") == nil)
    #expect(ExchangeCalendar("xnys") == nil)
  }

  @Test func `an alias keeps its name and has the sessions of its exchange`() throws {
    let nasdaq = try calendar("XNAS")
    #expect(nasdaq.name == "XNAS")
    #expect(ExchangeCalendar.exchange(sharedBy: "XNAS") == "XNYS")
    let (from, to) = (try at("2024-01-01"), try at("2024-12-31"))
    #expect(try nasdaq.sessions(from: from, to: to) == calendar("XNYS").sessions(from: from, to: to))
    // NYSE, trading days of 2024: 252.
    #expect(nasdaq.sessions(from: from, to: to).count == 252)
  }

  @Test func `sessions stand between two dates, both included, and nowhere outside the table`() throws {
    let newYork = try calendar("XNYS")
    func dates(_ from: String, _ to: String) throws -> [String] {
      newYork.sessions(from: try at(from), to: try at(to)).map(\.date.dateText)
    }
    #expect(try dates("2024-07-03", "2024-07-05") == ["2024-07-03", "2024-07-05"])
    #expect(try dates("2024-07-06", "2024-07-07") == [])
    #expect(try dates("2024-07-05", "2024-07-03") == [])
    #expect(try dates("1980-01-01", "1990-01-03") == ["1990-01-02", "1990-01-03"])
    #expect(try dates("2027-12-30", "2030-01-01") == ["2027-12-30", "2027-12-31"])
    #expect(newYork.firstDate == (try at("1990-01-01")))
    #expect(newYork.lastDate == (try at("2027-12-31")))
    #expect(newYork.covers(try at("2027-12-31T23:59")))
    #expect(!newYork.covers(try at("2028-01-01")))
  }

  @Test func `the sessions before, at and after a moment`() throws {
    let newYork = try calendar("XNYS")
    let friday = try at("2024-03-28T14:00")
    #expect(newYork.session(at: friday)?.date == (try at("2024-03-28")))
    #expect(newYork.session(after: friday)?.date == (try at("2024-04-01")))
    #expect(newYork.session(before: friday)?.date == (try at("2024-03-27")))
    // The close itself is outside the session and ends it; the opening does not come after itself.
    let close = try at("2024-03-28T20:00")
    #expect(newYork.session(at: close) == nil)
    #expect(newYork.session(before: close)?.date == (try at("2024-03-28")))
    #expect(newYork.session(after: try at("2024-04-01T13:30"))?.date == (try at("2024-04-02")))
    #expect(newYork.session(after: try at("2027-12-31T23:00")) == nil)
    #expect(newYork.session(before: try at("1990-01-02")) == nil)
    // Athens stood still for five weeks.
    #expect(try calendar("ASEX").session(after: at("2015-06-27"))?.date == (try at("2015-08-03")))
  }

  @Test func `trading stands still at lunch`() throws {
    let tokyo = try calendar("XTKS")
    func isOpen(_ time: String) throws -> Bool { tokyo.isOpen(at: try at("2024-01-05T\(time):00Z")) }
    #expect(try isOpen("00:00"))
    #expect(try !isOpen("02:30"))
    #expect(try isOpen("03:30"))
    #expect(try !isOpen("06:00"))
    #expect(tokyo.session(at: try at("2024-01-05T03:00")) != nil)
  }

  @Test func `currencies trade from Sunday to Friday at five in the afternoon of New York`() throws {
    let currencies = try calendar("FX")
    // Clocks there went forward on 2024-03-10: 22:00 UTC before, 21:00 after.
    #expect(currencies.isOpen(at: try at("2024-03-08T21:59")))
    #expect(!currencies.isOpen(at: try at("2024-03-08T22:00")))
    #expect(!currencies.isOpen(at: try at("2024-03-10T20:59")))
    #expect(currencies.isOpen(at: try at("2024-03-10T21:00")))
    // And back on 2024-11-03.
    #expect(!currencies.isOpen(at: try at("2024-11-01T21:00")))
    #expect(!currencies.isOpen(at: try at("2024-11-03T21:59")))
    #expect(currencies.isOpen(at: try at("2024-11-03T22:00")))
    #expect(currencies.lastDate == nil)
    let week = currencies.sessions(from: try at("2024-03-10"), to: try at("2024-03-16"))
    #expect(week.map(\.date.weekday) == [1, 2, 3, 4, 5])
    #expect(zip(week, week.dropFirst()).allSatisfy { $0.close == $1.open })
  }

  @Test func `what never closes has a session a day, without an end`() throws {
    let always = try calendar("24/7")
    let session = try #require(always.session(on: at("2050-02-28T12:00")))
    #expect(session.open == (try at("2050-02-28")))
    #expect(session.close == (try at("2050-03-01")))
    #expect(always.sessions(from: try at("2024-01-01"), to: try at("2024-12-31")).count == 366)
    // A mistyped year does not fill the memory.
    #expect(always.sessions(from: try at("0001-01-01"), to: try at("9999-12-31")).count == 36_526)
  }
}
