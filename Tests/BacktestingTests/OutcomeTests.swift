import Backtesting
import Pipelines
import Testing
import Trading

@Suite struct OutcomeTests {
  func outcome(_ horizon: Horizon, _ signals: [(Int, Direction)], _ candles: CandleSeries) -> HorizonOutcome? {
    backtest(run(signals), on: candles, plan: TradePlan(), strategy: "s", options: free { $0.horizons = [horizon] })
      .outcomes.first
  }

  @Test(
    "horizons read and write",
    arguments: ["5b", "1d", "4h", "1w", "1mo", "15m", "2d"])
  func roundTrip(text: String) { #expect(Horizon(text)?.description == text) }

  @Test(arguments: ["", "b", "0b", "-1b", "+1b", "5", "d", "1y", "5 b"])
  func `what is no horizon is refused`(text: String) { #expect(Horizon(text) == nil) }

  @Test func `a sell succeeds when the price falls, and exits have no outcome`() throws {
    let candles = series(closes: [100, 110, 99, 99, 108.9])
    let found = try #require(outcome(.bars(1), [(0, .buy), (1, .sell), (2, .exitLong), (3, .sell)], candles))
    #expect(found.count == 3)
    #expect(agree(found.successRate ?? .nan, 2.0 / 3))
    #expect(agree(found.meanReturn ?? .nan, 0.1 / 3))
    // Of the four bars with a horizon two rose and one fell: a buy is right by chance in 2/4, a sell in 1/4.
    #expect(agree(found.baseRate ?? .nan, (0.5 + 0.25 + 0.25) / 3))
    #expect(agree(found.excess ?? .nan, 2.0 / 3 - 1.0 / 3))
    let deviation = (((0.1 - 0.1 / 3) * (0.1 - 0.1 / 3)) * 2 + (0.1 + 0.1 / 3) * (0.1 + 0.1 / 3)) / 2
    #expect(agree(found.sharpe ?? .nan, 0.1 / 3 / deviation.squareRoot()))
  }

  @Test func `a horizon past the end is not counted`() throws {
    let found = try #require(outcome(.bars(3), [(1, .buy), (2, .buy)], series(closes: [1, 2, 3, 4, 5])))
    #expect(found.count == 1)
    #expect(found.sharpe == nil)
    let none = try #require(outcome(.bars(9), [(1, .buy)], series(closes: [1, 2, 3, 4, 5])))
    #expect(none.count == 0 && none.successRate == nil && none.interval == nil && none.baseRate == nil)
  }

  @Test func `a horizon on a missing bar ends at the next close`() throws {
    let found = try #require(outcome(.bars(1), [(0, .buy)], series(closes: [100, nil, 120])))
    #expect(agree(found.meanReturn ?? .nan, 0.2))
  }

  @Test func `where every signal succeeds the interval counts those that do not overlap`() throws {
    let candles = series(closes: (0..<30).map { 100 + Double($0) })
    let found = try #require(outcome(.bars(5), [(0, .buy), (1, .buy), (5, .buy), (9, .buy), (10, .buy)], candles))
    #expect(found.count == 5)
    // Bars 0, 5 and 10 stand apart: Wilson's interval of 3 of 3 is [1 / (1 + z²/3), 1], Student's z of 2 degrees 4.3027.
    let z = 4.3027
    #expect(agree(found.interval?.lowerBound ?? .nan, 1 / (1 + z * z / 3)))
    #expect(agree(found.interval?.upperBound ?? .nan, 1))
  }

  @Test func `a day is the next session's last close`() throws {
    let hours: [Int64] = [14, 15, 16, 38, 39, 40, 110, 111]  // three hours, three hours, then Friday
    let closes: [Double] = [100, 101, 102, 103, 104, 105, 106, 107]
    let candles = CandleSeries(
      instrument: Instrument(symbol: "T"), timeframe: Timeframe(1, .hour),
      candles: zip(hours, closes).map {
        Candle(time: day(0).advanced(by: $0 * 3_600_000), open: $1, high: $1, low: $1, close: $1, volume: 1)
      })
    let first = try #require(outcome(.session, [(0, .buy)], candles))
    #expect(agree(first.meanReturn ?? .nan, 105.0 / 100 - 1))
    let second = try #require(outcome(.session, [(4, .buy)], candles))
    #expect(agree(second.meanReturn ?? .nan, 107.0 / 104 - 1))
    #expect(outcome(.session, [(6, .buy)], candles)?.count == 0)
    // Known at 15:00; a day and an hour later it is 16:00 of the next day, which the bar of 15:00 closes.
    let hours25 = try #require(outcome(.duration(Timeframe(25, .hour)), [(0, .buy)], candles))
    #expect(agree(hours25.meanReturn ?? .nan, 104.0 / 100 - 1))
  }

  @Test func `a duration is the first close at or after it, and one below the timeframe has none`() throws {
    let candles = series(closes: (0..<12).map { 100 + Double($0) })
    let week = try #require(outcome(.duration(Timeframe(1, .week)), [(2, .buy), (5, .buy)], candles))
    #expect(week.count == 1)
    #expect(agree(week.meanReturn ?? .nan, 109.0 / 102 - 1))
    let hour = try #require(outcome(.duration(Timeframe(4, .hour)), [(2, .buy)], candles))
    #expect(hour.count == 0 && hour.meanReturn == nil && hour.baseRate == nil)
  }
}
