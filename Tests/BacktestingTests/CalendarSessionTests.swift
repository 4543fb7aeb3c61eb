import Calendars
import Pipelines
import Testing
import Trading

@testable import Backtesting

/// What a backtest takes from the exchange calendar of its series.
@Suite struct CalendarSessionTests {
  private static let hour = Timeframe(1, .hour)

  /// The bars that there should be between two dates, at 100, 101, …
  private func series(
    _ exchange: String, _ timeframe: Timeframe, _ from: String, _ to: String
  ) throws -> (known: CandleSeries, unknown: CandleSeries) {
    let calendar = try #require(ExchangeCalendar(exchange))
    let opens = calendar.opens(of: timeframe, from: try #require(Instant(from)), to: try #require(Instant(to)))
    let candles = opens.enumerated().map { place, time in
      let price = 100 + Double(place)
      return Candle(time: time, open: price, high: price, low: price, close: price, volume: 1)
    }
    let series = CandleSeries(instrument: Instrument(symbol: "TEST"), timeframe: timeframe, candles: candles)
    return (series.keeping(calendar), series)
  }

  private func rows(
    _ candles: CandleSeries, _ signals: [(Int, Direction)], _ change: (inout TradePlan) -> Void
  ) -> [String] {
    backtest(run(signals), on: candles, plan: plan(.long, change), strategy: "s", options: free()).trades.map { trade in
      func bar(_ time: Instant) -> Int { candles.times.firstIndex(of: time) ?? -1 }
      return "\(bar(trade.entryTime))-\(bar(trade.exitTime)) \(trade.exitReason.rawValue)"
    }
  }

  @Test func `everything is left before the close of this very session`() throws {
    // Seven hourly bars on 2024-07-02, four on 2024-07-03, which closes at 13:00 in New York, seven on 2024-07-05.
    let (known, unknown) = try series("XNYS", Self.hour, "2024-07-02", "2024-07-05")
    #expect(known.count == 18)
    #expect(rows(known, [(7, .buy)]) { $0.flat = 60 } == ["8-10 flat"])
    #expect(rows(known, [(7, .buy)]) { $0.flat = 15 } == ["8-10 flat"])  // at the close of that bar
    #expect(rows(known, [(7, .buy)]) { $0.flat = 120 } == ["8-9 flat"])
    #expect(rows(known, [(0, .buy)]) { $0.flat = 60 } == ["1-6 flat"])  // in the first session, too
    // Without the calendar neither can be known.
    #expect(rows(unknown, [(7, .buy)]) { $0.flat = 60 } == ["8-11 flat"])
    #expect(rows(unknown, [(0, .buy)]) { $0.flat = 60 } == ["1-7 flat"])
  }

  @Test func `entries are counted by session and not by date in UTC`() throws {
    // Sydney's six bars begin at 23:00 UTC of the day before: bar 6 is the first of the second session.
    let (known, unknown) = try series("XASX", Self.hour, "2024-01-03", "2024-01-04")
    #expect(known.count == 12)
    let signals: [(Int, Direction)] = [(5, .buy), (6, .exitLong), (7, .buy)]
    #expect(rows(known, signals) { $0.entriesPerSession = 1 } == ["6-7 signal"])
    #expect(rows(unknown, signals) { $0.entriesPerSession = 1 } == ["6-7 signal", "8-11 end"])
  }

  @Test func `the next session's close is that of the exchange`() throws {
    let (known, unknown) = try series("XASX", Self.hour, "2024-01-03", "2024-01-04")
    func ends(_ candles: CandleSeries) -> [Int] {
      ForwardReturns(over: .session, of: candles, counted: 0..<candles.count).ends
    }
    #expect(ends(known) == [11, 11, 11, 11, 11, 11, -1, -1, -1, -1, -1, -1])
    // By dates in UTC: 23:00 alone, then 00:00 to 04:00 with 23:00, then the rest.
    #expect(ends(unknown) == [6, 11, 11, 11, 11, 11, 11, -1, -1, -1, -1, -1])
  }

  @Test func `a duration counts from the close and ends at a close of the exchange`() throws {
    // The last bar before the holiday closes at 17:00 and not at 17:30; a day later is 2024-07-04 17:00.
    let (known, _) = try series("XNYS", Self.hour, "2024-07-03", "2024-07-05")
    #expect(known.knownAt(3) == Instant("2024-07-03T17:00Z"))
    let returns = ForwardReturns(over: .duration(Timeframe(30, .minute)), of: known, counted: 0..<known.count)
    #expect(returns.ends.allSatisfy { $0 == -1 })  // shorter than the timeframe
    let day = ForwardReturns(over: .duration(Timeframe(48, .hour)), of: known, counted: 0..<known.count)
    #expect(day.ends[3] == 7)  // 2024-07-05 17:30 is the first close at or after 17:00
  }

  @Test func `periods a year are the sessions of its years`() throws {
    // NYSE, trading days of 2023: 250.
    let (known, unknown) = try series("XNYS", .day, "2023-01-01", "2023-12-31")
    #expect(periodsPerYear(of: known) == 250)
    #expect(periodsPerYear(of: unknown) == 252)
    let (currencies, _) = try series("FX", .day, "2023-01-01", "2023-12-31")
    #expect(periodsPerYear(of: currencies) == 260)
    // Years after the last counted bar do not colour it: 2024 had 252.
    let (longer, _) = try series("XNYS", .day, "2023-01-01", "2024-12-31")
    #expect(periodsPerYear(of: longer, seen: 250) == 250)
    #expect(periodsPerYear(of: longer, seen: 251) == 251)
  }
}
