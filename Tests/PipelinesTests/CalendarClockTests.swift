import Calendars
import StrategyModules
import Testing
import Trading

@testable import Pipelines

/// The same questions as in `ClockTests` of series that know their exchange.
@Suite struct CalendarClockTests {
  /// Bars at these times, each with its place as close, counted from 1.
  private static func series(_ times: [String], _ timeframe: Timeframe, _ exchange: String) throws -> CandleSeries {
    let candles = try times.enumerated().map { place, time in
      let close = Double(place + 1)
      return Candle(
        time: try #require(Instant(time)), open: close, high: close, low: close, close: close, volume: 1)
    }
    return CandleSeries(instrument: Instrument(symbol: exchange), timeframe: timeframe, candles: candles)
      .keeping(try #require(ExchangeCalendar(exchange)))
  }

  private static func values(
    _ expression: String, _ deciding: CandleSeries, _ others: [String: CandleSeries] = [:]
  ) throws -> [Double?] {
    try Evaluation([expression], registry: bundled).columns(over: Market(deciding, others: others))[0]
      .map { $0.isNaN ? nil : $0 }
  }

  private static func days(_ days: ClosedRange<Int>) -> [String] { days.map { "2024-07-0\($0)" } }

  @Test func `of one date Seoul is known in New York and New York is not known in Seoul`() throws {
    let seoul = try Self.series(Self.days(1...5), .day, "XKRX")
    let york = try Self.series(["2024-07-01", "2024-07-02", "2024-07-03", "2024-07-05"], .day, "XNYS")
    #expect(try Self.values("symbol(\"N\").close", seoul, ["N": york]) == [nil, 1, 2, 3, 3])
    #expect(try Self.values("symbol(\"S\").close", york, ["S": seoul]) == [1, 2, 3, 5])
  }

  @Test func `when clocks differ a bar of London is known by the clock and not by habit`() throws {
    // 16:30 in London is 12:30 in New York from 2024-03-10 to 2024-03-30, else 11:30.
    let york = try Self.series(
      ["2024-03-08T16:30Z", "2024-03-11T15:30Z", "2024-03-11T16:30Z"], Timeframe(1, .hour), "XNYS")
    let london = try Self.series(["2024-03-08", "2024-03-11"], .day, "XLON")
    // They close at 17:30, 16:30 and 17:30 UTC; London at 16:30.
    #expect(try Self.values("symbol(\"L\").close", york, ["L": london]) == [1, 2, 2])
    let hours = try Self.series(
      ["2024-03-08T14:30Z", "2024-03-08T15:30Z", "2024-03-11T14:30Z", "2024-03-11T15:30Z"], Timeframe(1, .hour), "XNYS")
    #expect(try Self.values("symbol(\"L\").close", hours, ["L": london]) == [nil, 1, 1, 2])
  }

  @Test func `a week is known with its last session`() throws {
    // The Friday of that week was Good Friday.
    let days = try Self.series(
      ["2024-03-25", "2024-03-26", "2024-03-27", "2024-03-28", "2024-04-01"], .day, "XNYS")
    #expect(try Self.values("close @ 1w", days) == [nil, nil, nil, 4, 4])
    #expect(try Self.values("close @ 1mo", days) == [nil, nil, nil, 4, 4])
    // A day that is missing from the file is no reason to close the week before it.
    let short = try Self.series(["2024-03-25", "2024-03-26", "2024-03-27", "2024-04-01"], .day, "XNYS")
    #expect(try Self.values("close @ 1w", short) == [nil, nil, nil, 3])
  }

  @Test func `a session is that of the exchange and not a date in UTC`() throws {
    // Sydney opens at 23:00 UTC of the day before; 2024-01-08 is a Monday.
    let sydney = try Self.series(
      ["2024-01-07T23:00Z", "2024-01-08T00:00Z", "2024-01-08T04:00Z", "2024-01-08T23:00Z"], Timeframe(1, .hour),
      "XASX")
    #expect(try Self.values("session.open", sydney) == [1, 1, 1, 4])
    #expect(try Self.values("session.elapsed", sydney) == [60, 120, 360, 60])
    #expect(try Self.values("weekday", sydney) == [1, 1, 1, 2])
    #expect(try Self.values("close @ 1d", sydney) == [nil, nil, 3, 3])
  }

  @Test func `minutes of a session count from its opening, though the first bar is missing, to its close`() throws {
    let york = try Self.series(
      ["2024-07-02T14:30Z", "2024-07-02T19:30Z", "2024-07-03T13:30Z"], Timeframe(1, .hour), "XNYS")
    #expect(try Self.values("session.elapsed", york) == [120, 390, 60])
    let days = try Self.series(["2024-07-02", "2024-07-03"], .day, "XNYS")
    #expect(try Self.values("session.elapsed", days) == [390, 210])
  }
}
