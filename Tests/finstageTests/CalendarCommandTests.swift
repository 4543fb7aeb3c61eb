import Testing

@Suite struct CalendarCommandTests {
  @Test func `sessions and bars of an exchange are listed`() throws {
    let sessions = try CommandTests.finstage(
      "calendar", "XNAS", "--from", "2024-07-03", "--to", "2024-07-05", "--format", "csv")
    #expect(sessions.code == 0)
    #expect(
      sessions.output == """
        date,open,close,pause_start,pause_end
        2024-07-03,2024-07-03T13:30:00Z,2024-07-03T17:00:00Z,,
        2024-07-05,2024-07-05T13:30:00Z,2024-07-05T20:00:00Z,,

        """)
    let bars = try CommandTests.finstage(
      "calendar", "XHKG", "--from", "2024-02-09", "--to", "2024-02-09", "--timeframe", "1h", "--format", "csv")
    #expect(
      bars.output == """
        time,known_at
        2024-02-09T01:30:00Z,2024-02-09T02:30:00Z
        2024-02-09T02:30:00Z,2024-02-09T03:30:00Z
        2024-02-09T03:30:00Z,2024-02-09T04:00:00Z

        """)
  }

  @Test func `what there is`() throws {
    let answer = try CommandTests.finstage("calendar", "--format", "csv")
    #expect(answer.output.contains("\nXNAS,America/New_York,1990-01-01,2027-12-31,XNYS\n"))
    #expect(answer.output.contains("\n24/7,UTC,,,\n"))
  }

  @Test func `wrong use says what is right`() throws {
    let name = try CommandTests.finstage("calendar", "XTKZ")
    #expect(name.code == 2)
    #expect(name.messages == "there is no calendar \"XTKZ\"; did you mean \"XTKS\"?\n")
    let dates = try CommandTests.finstage("calendar", "XNYS", "--from", "2024-02-01", "--to", "2024-01-01")
    #expect(dates.code == 2)
    #expect(dates.messages == "--from 2024-02-01 lies after --to 2024-01-01\n")
    let length = try CommandTests.finstage("calendar", "XNYS", "--timeframe", "5x")
    #expect(length.code == 2)
    let far = try CommandTests.finstage("calendar", "XNYS", "--from", "2027-12-31", "--to", "2028-01-31")
    #expect(far.code == 0)
    #expect(far.messages.contains("from 1990-01-01 to 2027-12-31"))
  }
}
