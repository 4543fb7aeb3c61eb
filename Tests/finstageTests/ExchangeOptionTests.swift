import Testing

/// Exchanges on the command line and in the configuration.
@Suite struct ExchangeOptionTests {
  private static let header = "timestamp,open,high,low,close,volume\n"
  private static func prices(_ dates: [String]) -> String {
    header + dates.enumerated().map { "\($1),\($0 + 1),\($0 + 1),\($0 + 1),\($0 + 1),1\n" }.joined()
  }

  private static let files = [
    "S.csv": prices(["2024-07-01", "2024-07-02", "2024-07-03"]),
    "N.csv": prices(["2024-07-01", "2024-07-02", "2024-07-03"]),
  ]

  @Test func `files are read by the calendars of their exchanges`() throws {
    try CommandTests.inFolder(Self.files) { folder in
      let plain = try CommandTests.finstage(
        "eval", "symbol(\"N\").close", "--data", "S.csv", "--data", "N=N.csv", in: folder)
      #expect(plain.output.hasSuffix("2024-07-01T00:00:00Z,1\n2024-07-02T00:00:00Z,2\n2024-07-03T00:00:00Z,3\n"))
      let known = try CommandTests.finstage(
        "eval", "symbol(\"N\").close", "--data", "S.csv", "--data", "N=N.csv", "--exchange", "XKRX", "--exchange",
        "N=XNYS", in: folder)
      #expect(known.output.hasSuffix("2024-07-01T00:00:00Z,\n2024-07-02T00:00:00Z,1\n2024-07-03T00:00:00Z,2\n"))
    }
  }

  @Test func `an exchange that is none, or that nothing goes by, is refused`() throws {
    try CommandTests.inFolder(Self.files) { folder in
      let none = try CommandTests.finstage("eval", "close", "--data", "S.csv", "--exchange", "XTKZ", in: folder)
      #expect(none.code == 2)
      #expect(none.messages.contains("did you mean \"XTKS\"?"))
      let idle = try CommandTests.finstage("eval", "close", "--data", "S.csv", "--exchange", "N=XNYS", in: folder)
      #expect(idle.code == 2)
      #expect(idle.messages == "--exchange N=XNYS: no --data names a file of N\n")
    }
  }

  private static func configuration(_ exchange: String, _ calendars: String = "") -> String {
    """
    sources: { files: { type: csv, path: "*.csv" } }
    collect: [{ source: files, symbols: [S], timeframe: 1d, exchange: \(exchange) }]
    \(calendars)
    """
  }

  private func validate(_ configuration: String) throws -> CommandTests.Answer {
    var answer = CommandTests.Answer(code: -1, output: "", messages: "")
    let files = [
      "config.yaml": configuration, "strategies/s.yaml": LedgerCommandTests.strategy("s", 2, symbols: "[S]"),
    ]
    try CommandTests.inFolder(files) { folder in answer = try CommandTests.finstage("validate", in: folder) }
    return answer
  }

  @Test func `calendars are changed and made in the configuration`() throws {
    let sound = try validate(
      Self.configuration(
        "DESK",
        """
        calendars:
          XNYS: { closed: [2027-01-05], opened: [2027-07-10], early: { 2027-07-02: "13:00" }, late: { 2027-07-10: "11:00" } }
          DESK: { zone: XKRX, hours: "09:00-17:30", pause: "12:00-13:00", weekdays: [mon, tue], closed: [2027-01-04] }
          NIGHT: { zone: "-05:00", hours: "18:00-1-17:00" }
        """))
    #expect(sound.code == 0, "\(sound.output)\(sound.messages)")
    #expect(try validate(Self.configuration("24/7")).code == 0)
  }

  @Test(arguments: [
    ("XNYZ", "", "there is no calendar \"XNYZ\""),
    ("XNYS", "calendars: { XNYS: { early: { 2027-07-04: \"13:00\" } } }", "XNYS has no session on 2027-07-04"),
    ("XNYS", "calendars: { XNYS: { early: { 2027-07-02: noon } } }", "\"noon\" is no time of day"),
    ("XNYS", "calendars: { XNYS: { closed: [tomorrow] } }", "\"tomorrow\" is no date"),
    ("XNYS", "calendars: { XNYS: { closed: [2040-01-05] } }", "2040-01-05 is outside the table of XNYS"),
    ("XNYS", "calendars: { XNYS: { hours: \"09:00-17:00\" } }", "XNYS has a table; its hours cannot be changed"),
    ("XNYS", "calendars: { XNYS: { close: [] } }", "the calendar XNYS has no key \"close\""),
    ("DESK", "calendars: { DESK: { zone: UTC } }", "the calendar DESK needs the key \"hours\""),
    ("DESK", "calendars: { DESK: { zone: Mars, hours: \"09:00-17:00\" } }", "there is no zone \"Mars\""),
    ("DESK", "calendars: { DESK: { zone: UTC, hours: \"17:00-09:00\" } }", "are no two times of day in order"),
    (
      "DESK", "calendars: { DESK: { zone: UTC, hours: \"09:00-17:00\", pause: \"08:00-09:30\" } }",
      "no session of at most a day with its pause inside"
    ),
    ("DESK", "calendars: { DESK: { zone: UTC, hours: \"09:00-17:00\", weekdays: [] } }", "weekdays is empty"),
  ])
  func `a faulty calendar is told with its place`(exchange: String, calendars: String, message: String) throws {
    let answer = try validate(Self.configuration(exchange, calendars))
    #expect(answer.code == 1)
    #expect((answer.output + answer.messages).contains(message), "\(answer.output)\(answer.messages)")
  }
}
