import PluginKit
import StrategyModules
import Testing
import Trading

@testable import Pipelines

/// Higher timeframes, other symbols and sessions: what is known at a bar, and what is not yet.
@Suite struct ClockTests {
  /// Bars with the given closes from a start on.
  private static func series(
    _ symbol: String = "X", from start: String, _ timeframe: Timeframe, closes: [Double], weekdaysOnly: Bool = false
  ) throws -> CandleSeries {
    var time = try #require(Instant(start))
    var candles: [Candle] = []
    for close in closes {
      while weekdaysOnly, time.weekday > 5 { time = timeframe.knownAt(open: time) }
      candles.append(Candle(time: time, open: close, high: close + 1, low: close - 1, close: close, volume: 10))
      time = timeframe.knownAt(open: time)
    }
    return CandleSeries(instrument: Instrument(symbol: symbol), timeframe: timeframe, candles: candles)
  }

  private static func values(_ expression: String, _ market: Market) throws -> [Double] {
    try Evaluation([expression], registry: bundled).columns(over: market)[0]
  }

  private static func same(_ a: [Double], _ b: [Double?]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { $1 == nil ? $0.isNaN : $0 == $1 }
  }

  @Test func aWeekIsKnownAtTheFirstBarOfTheNext() throws {
    // 2024-01-01 is a Monday: two weeks of five days, and one day more.
    let days = try Self.series(
      from: "2024-01-01", .day, closes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], weekdaysOnly: true)
    let market = Market(days)
    #expect(
      Self.same(try Self.values("close @ 1w", market), [nil, nil, nil, nil, nil, 5, 5, 5, 5, 5, 10]))
    #expect(
      Self.same(try Self.values("close[1] @ 1w", market), [nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, 5]))
    #expect(Self.same(try Self.values("highest(high, 2) @ 1w", market), [Double?](repeating: nil, count: 10) + [11]))
  }

  @Test func aHigherBarCountsAsSoonAsItsLastBarCloses() throws {
    let quarters = try Self.series(
      from: "2024-01-01T00:00", Timeframe(15, .minute), closes: [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(
      Self.same(try Self.values("close @ 1h", Market(quarters)), [nil, nil, nil, 4, 4, 4, 4, 8, 8]))
    #expect(
      Self.same(try Self.values("sma(close, 2) @ 1h", Market(quarters)), [nil, nil, nil, nil, nil, nil, nil, 6, 6]))
  }

  @Test func anotherSymbolIsReadAsOfTheMomentAtWhichItWasKnown() throws {
    // Seoul opens at 00:00 UTC, New York at 14:30: a Seoul bar never reads the New York close that follows it.
    let seoul = try Self.series("S", from: "2024-01-02T00:00", .day, closes: [1, 2, 3])
    let york = try Self.series("N", from: "2024-01-01T14:30", .day, closes: [10, 20, 30])
    let market = Market(seoul, others: ["N": york])
    #expect(Self.same(try Self.values("symbol(\"N\").close", market), [10, 20, 30]))
    let later = try Self.series("N", from: "2024-01-02T14:30", .day, closes: [10, 20, 30])
    #expect(
      Self.same(try Self.values("symbol(\"N\").close", Market(seoul, others: ["N": later])), [nil, 10, 20]))
  }

  @Test func aSeriesThatIsNotThereIsNamed() throws {
    let days = try Self.series(from: "2024-01-01", .day, closes: [1, 2, 3])
    #expect(throws: GraphError.self) { try Self.values("symbol(\"N\").close", Market(days)) }
    #expect(throws: GraphError.self) { try Self.values("close @ 1d", Market(days)) }
  }

  @Test func theSessionsFirstMinutesAreKnownWhenTheyAreOver() throws {
    let bars = try Self.series(
      from: "2024-01-01T22:00", Timeframe(30, .minute), closes: [5, 9, 7, 8, 3, 2, 6])
    let market = Market(bars)
    // Two hours of one date, then three bars of the next.
    #expect(Self.same(try Self.values("session.high(1h)", market), [nil, 10, 10, 10, nil, 4, 4]))
    #expect(Self.same(try Self.values("session.low(1h)", market), [nil, 4, 4, 4, nil, 1, 1]))
    #expect(Self.same(try Self.values("session.high", market), [6, 10, 10, 10, 4, 4, 7]))
    #expect(Self.same(try Self.values("session.open", market), [5, 5, 5, 5, 3, 3, 3]))
    #expect(Self.same(try Self.values("session.elapsed", market), [30, 60, 90, 120, 30, 60, 90]))
    #expect(Self.same(try Self.values("session.elapsed >= 1h", market), [0, 1, 1, 1, 0, 1, 1]))
    #expect(Self.same(try Self.values("weekday", market), [1, 1, 1, 1, 2, 2, 2]))
  }

  @Test func aSessionKnowsTheOneBeforeIt() throws {
    // Closes 5 9 on one date, 3 2 6 on the next; high and low are a unit away.
    let bars = try Self.series(from: "2024-01-01T23:00", Timeframe(30, .minute), closes: [5, 9, 3, 2, 6])
    let market = Market(bars)
    #expect(Self.same(try Self.values("session.previous_high", market), [nil, nil, 10, 10, 10]))
    #expect(Self.same(try Self.values("session.previous_low", market), [nil, nil, 4, 4, 4]))
    #expect(Self.same(try Self.values("session.previous_close", market), [nil, nil, 9, 9, 9]))
    // (10 + 4 + 9) / 3, and the range of 6 around it.
    let pivot = 23.0 / 3
    #expect(Self.same(try Self.values("session.pivot", market), [nil, nil, pivot, pivot, pivot]))
    #expect(Self.same(try Self.values("session.r1", market), [nil, nil, 2 * pivot - 4, 2 * pivot - 4, 2 * pivot - 4]))
    #expect(Self.same(try Self.values("session.s2", market), [nil, nil, pivot - 6, pivot - 6, pivot - 6]))
    // Equal volumes: the mean of the typical prices, which are the closes.
    #expect(Self.same(try Self.values("session.vwap", market), [5, 7, 3, 2.5, 11.0 / 3]))
    #expect(Self.same(try Self.values("sum_since(close == 9, close)", market), [nil, 9, 12, 14, 20]))
    #expect(Self.same(try Self.values("anchored_vwap(close == 9)", market), [nil, 9, 6, 14.0 / 3, 5]))
  }

  @Test(arguments: [1, 2, 7, 1_024]) func blocksDoNotMatterToOtherClocks(_ block: Int) throws {
    let closes = (0..<300).map { 100 + 10 * Double(($0 * 7_919) % 83) / 83 }
    let days = try Self.series(from: "2020-01-01", .day, closes: closes)
    let other = try Self.series("N", from: "2020-01-01T14:30", .day, closes: closes.reversed())
    let market = Market(days, others: ["N": other])
    let yaml = """
      name: clocks
      timeframe: 1d
      symbols: [X]
      let: { trend: "sma(close, 3) @ 1w" }
      pipeline:
        - id: s
          buy: close > trend and symbol("N").close > sma(symbol("N").close, 5)
          sell: crosses_below(close, close[1] @ 1mo)
      """
    let (strategy, faults) = StrategyReader(registry: bundled).read(file: "clocks.yaml", bytes: Array(yaml.utf8))
    #expect(faults.isEmpty)
    let whole = try run([#require(strategy)], over: market)[0].signals
    #expect(try run([#require(strategy)], over: market, block: block)[0].signals == whole)
    #expect(whole.count > 10)
  }

  @Test func groupsGiveEachRoleItsSeries() throws {
    let yaml = """
      name: pair
      timeframe: 1d
      groups: [{ a: G, b: S }]
      pipeline:
        - id: s
          buy: a.close / b.close > 2
          sell: a.close / b.close < 1
      """
    let (strategy, faults) = StrategyReader(registry: bundled).read(file: "pair.yaml", bytes: Array(yaml.utf8))
    #expect(faults.isEmpty, "\(faults.map(\.description))")
    let gold = try Self.series("G", from: "2024-01-01", .day, closes: [10, 30, 10])
    let silver = try Self.series("S", from: "2024-01-01", .day, closes: [10, 10, 20])
    let signals = try run([#require(strategy)], over: Market(gold, others: ["@b": silver]))[0].signals
    #expect(signals.map(\.bar) == [1, 2])
    #expect(signals.map(\.direction) == [.buy, .sell])
  }
}
