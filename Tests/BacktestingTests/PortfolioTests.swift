import Backtesting
import Foundation
import Pipelines
import StrategyModules
import TestSupport
import Testing
import Trading

/// Portfolios whose answers can be worked out by hand.
@Suite struct PortfolioTests {
  private func flat(_ symbol: String, _ close: Double = 100, bars: Int = 12) -> CandleSeries {
    series(closes: [Double?](repeating: close, count: bars)).named(symbol)
  }

  private func rising(_ symbol: String, bars: Int = 12) -> CandleSeries {
    series(closes: (0..<bars).map { 100 + Double($0) }).named(symbol)
  }

  @Test(
    "a portfolio of one strategy on one symbol is that strategy",
    arguments: [
      "breakout/donchian-breakout", "trend/golden-cross", "reversion/double-seven", "volatility/squeeze-release",
    ], BacktestOptions.Fill.allCases)
  func isTheStrategyItself(_ name: String, _ fill: BacktestOptions.Fill) throws {
    let path = repositoryFile("strategies/\(name).yaml").path
    let strategy = try #require(StrategyReader(registry: bundled).read(path: path).strategy)
    let candles = try VectorbtTests.sample()
    let said = try #require(try Pipelines.run([strategy], over: candles).first)
    var options = BacktestOptions()
    options.fill = fill
    options.slippage = 0.0005
    let alone = backtest(said, on: candles, plan: strategy.plan, strategy: strategy.name, options: options)
    let sleeve = PortfolioSleeve(strategy: strategy.name, candles: candles, run: said, plan: strategy.plan)
    let together = try portfolio(strategy.name).backtest([sleeve], options: options)
    #expect(alone.trades.count >= 10)
    #expect(together.equity == alone.equity)
    #expect(together.rows == alone.rows)
    #expect(together.metrics.buyHoldReturn == alone.metrics.buyHoldReturn)
    #expect(together.netExposure == alone.netExposure)
  }

  @Test func `with dividends too a portfolio of one strategy is that strategy`() throws {
    let path = repositoryFile("strategies/breakout/donchian-breakout.yaml").path
    let strategy = try #require(StrategyReader(registry: bundled).read(path: path).strategy)
    let sample = try VectorbtTests.sample()
    let candles = sample.paying(
      sample.times.indices.map { $0 % 63 == 62 ? 0.006 * sample.value(.close, at: $0) : 0 })
    let said = try #require(try Pipelines.run([strategy], over: candles).first)
    let alone = backtest(said, on: candles, plan: strategy.plan, strategy: strategy.name, options: free())
    let sleeve = PortfolioSleeve(strategy: strategy.name, candles: candles, run: said, plan: strategy.plan)
    let together = try portfolio(strategy.name).backtest([sleeve])
    #expect(alone.trades.count { $0.dividends > 0 } >= 10)
    #expect(together.rows == alone.rows)
    for (one, other) in zip(together.equity, alone.equity) { #expect(agree(one, other)) }
    for (one, other) in zip(together.trades, alone.trades) { #expect(abs(one.dividends - other.dividends) < 1e-6) }
    for (one, other) in zip(together.priceReturns, alone.priceReturns) { #expect(abs(one - other) < 1e-12) }
    #expect(agree(together.metrics.buyHoldReturn ?? 0, alone.metrics.buyHoldReturn ?? 1))
  }

  @Test func `what a symbol pays is no reason to bring its position back`() throws {
    // Bar 7 begins a week. A falls by the 10 that it pays there; both halves are worth what they were.
    let a = series(closes: [Double?](repeating: 100, count: 7) + [Double?](repeating: 90, count: 6))
    let paying = series(a.times.indices.map { bar in bar < 7 ? (100, 100, 100, 100) : (90, 90, 90, 90) })
      .paying(a.times.indices.map { $0 == 7 ? 10 : 0 }).named("A")
    let result = try portfolio("a, b", "rebalance: 1w").backtest([
      sleeve("a", paying, [(0, .buy, 50)]), sleeve("b", flat("B", bars: 13), [(0, .buy, 50)]),
    ])
    // 50 of each; the 500 that A paid are its own: 5,000 is its share, 4,500 is what it is worth, so 500 buy more of it.
    let held = result.trades.first { $0.symbol == "A" }
    #expect(agree(held?.quantity ?? 0, 50 + 500 / 90))
    #expect(held?.dividends == 500)
    #expect(result.trades.first { $0.symbol == "B" }?.quantity == 50)
    #expect(agree(result.metrics.finalEquity, 10_000))
  }

  @Test func `positions share one purse in equal parts`() throws {
    let result = try portfolio("a, b").backtest([
      sleeve("a", rising("A"), [(0, .buy, 50)]), sleeve("b", flat("B"), [(0, .buy, 50)]),
    ])
    // 5,000 in each at the open of bar 1, which is the close of bar 0; A ends at 111.
    #expect(result.namedRows == ["a/A 1 long 1@100.0-11@111.0 end", "b/B 2 long 1@100.0-11@100.0 end"])
    #expect(result.trades.map(\.quantity) == [50, 50])
    #expect(agree(result.metrics.finalEquity, 5_000 + 50 * 111))
    #expect(result.portfolio?.members.map(\.contribution) == [0.055, 0])
    #expect(result.portfolio?.strategies.map(\.name) == ["a", "b"])
  }

  @Test func `beyond the most positions the more confident enter, then the alphabet decides`() throws {
    let sleeves = [
      sleeve("a", flat("A"), [(0, .buy, 60)]), sleeve("b", flat("B"), [(0, .buy, 90)]),
      sleeve("c", flat("C"), [(0, .buy, 70)]), sleeve("c", flat("D"), [(0, .buy, 70)]),
    ]
    let two = try portfolio("a, b, c", "max_positions: 2").backtest(sleeves)
    #expect(two.trades.map(\.symbol) == ["B", "C"])
    #expect(two.trades.map(\.quantity) == [50, 50])
    #expect(two.portfolio?.skipped == 2)
    #expect(two.notes.contains { $0.hasPrefix("2 entries were left out") })
  }

  @Test func `what is left makes place for what enters on the same bar`() throws {
    let result = try portfolio("a, b", "max_positions: 1").backtest([
      sleeve("a", rising("Z"), [(0, .buy, 50), (4, .sell, 50)]), sleeve("b", flat("B"), [(4, .buy, 50)]),
    ])
    #expect(result.namedRows == ["a/Z 1 long 1@100.0-5@104.0 signal", "b/B 2 long 5@100.0-11@100.0 end"])
    #expect(agree(result.trades[1].quantity, 104))
    #expect(result.portfolio?.skipped == 0)
  }

  @Test func `an entry is scaled down to the cash there is`() throws {
    // Half the equity each; but A has doubled when B comes, so half of the equity is more than the cash.
    let a = series(closes: [100, 100, 200, 200, 200, 200]).named("A")
    let result = try portfolio("a, b").backtest([
      sleeve("a", a, [(0, .buy, 50)]), sleeve("b", flat("B", bars: 6), [(2, .buy, 50)]),
    ])
    // Equity 15,000, its half 7,500, cash 5,000.
    #expect(result.trades.map(\.quantity) == [50, 50])
  }

  @Test func `opposite sides are skipped, netted, or decided by the first`() throws {
    let candles = rising("A")
    let sleeves = [
      sleeve("long", candles, [(2, .buy, 50)]), sleeve("short", candles, [(0, .sell, 50)], .short),
    ]
    let skip = try portfolio("long, short", "on_conflict: skip").backtest(sleeves)
    #expect(skip.namedRows == ["short/A 1 short 1@100.0-11@111.0 end"])
    #expect(skip.portfolio?.conflicts == 1)
    let first = try portfolio("long, short", "on_conflict: first").backtest(sleeves)
    #expect(first.namedRows == ["short/A 1 short 1@100.0-3@102.0 signal", "long/A 2 long 3@102.0-11@111.0 end"])
    let last = try portfolio("short, long", "on_conflict: first").backtest(sleeves)
    #expect(last.namedRows == skip.namedRows)
    let net = try portfolio("long, short", "on_conflict: net").backtest(sleeves)
    #expect(net.trades.count == 2 && net.portfolio?.conflicts == 0)
  }

  @Test func `two that would enter on opposite sides on one bar are both skipped`() throws {
    let candles = flat("A")
    let sleeves = [
      sleeve("long", candles, [(0, .buy, 90)]), sleeve("short", candles, [(0, .sell, 50)], .short),
    ]
    for names in ["long, short", "short, long"] {
      let result = try portfolio(names, "on_conflict: skip").backtest(sleeves)
      #expect(result.trades.isEmpty)
      #expect(result.portfolio?.conflicts == 2)
    }
    #expect(try portfolio("short, long", "on_conflict: first").backtest(sleeves).trades.map(\.side) == [.short])
  }

  @Test func `stops, targets and ages stay in force`() throws {
    let falling = series(closes: [100, 100, 95, 90, 85, 80]).named("A")
    let result = try portfolio("a, b, c").backtest([
      sleeve("a", falling, [(0, .buy, 50)]) { $0.stops = [.fraction(0.08, from: .entry)] },
      sleeve("b", rising("B"), [(0, .buy, 50)]) { $0.targets = [.init(at: 0.05, close: 1)] },
      sleeve("c", flat("C"), [(0, .buy, 50)]) { $0.maxBars = 3 },
    ])
    #expect(
      result.namedRows == [
        "a/A 1 long 1@100.0-3@92.0 stop", "c/C 3 long 1@100.0-4@100.0 max_bars", "b/B 2 long 1@100.0-5@105.0 target",
      ])
  }

  @Test func `rebalancing brings positions back to their weights`() throws {
    // Bars 7 and 14 begin weeks. A doubles, so at bar 7 a third too much is in it.
    let a = series(closes: [100, 100, 150, 200] + [Double?](repeating: 200, count: 9)).named("A")
    let result = try portfolio("a, b", "rebalance: 1w").backtest([
      sleeve("a", a, [(0, .buy, 50)]), sleeve("b", flat("B", bars: 13), [(0, .buy, 50)]),
    ])
    // 50 of each: 10,000 in A and 5,000 in B, of which each is to be 7,500.
    #expect(
      result.namedRows == [
        "a/A 1 long 1@100.0-7@200.0 rebalance", "a/A 1 long 1@100.0-12@200.0 end", "b/B 2 long 1@100.0-12@100.0 end",
      ])
    #expect(result.trades.map(\.quantity) == [12.5, 37.5, 75])
    #expect(result.metrics.finalEquity == 15_000)
  }

  @Test func `risk parity gives the calmer symbol more`() throws {
    // Returns of ±10 % and ±20 % (√(4 × 0.01 / 3), twice that): two parts to one.
    func path(_ step: Double) -> [Double?] {
      var closes = [100.0]
      for sign in [1.0, -1, 1, -1] { closes.append((closes.last ?? 0) * (1 + sign * step)) }
      return closes + [Double](repeating: closes.last ?? 0, count: 4)
    }
    let result = try portfolio("a, b", "weight: risk_parity\nlookback: 4").backtest([
      sleeve("a", series(closes: path(0.1)).named("A"), [(4, .buy, 50)]),
      sleeve("b", series(closes: path(0.2)).named("B"), [(4, .buy, 50)]),
    ])
    let costs = result.trades.map { $0.quantity * $0.entryPrice }
    #expect(costs.count == 2 && agree(costs[0], 20_000.0 / 3) && agree(costs[1], 10_000.0 / 3))
  }

  @Test func `outside its dates a symbol is not traded`() throws {
    let universe = Universe([.init(symbol: "A", from: day(3), to: day(6))])
    let result = try portfolio("a").backtest(
      [sleeve("a", rising("A"), [(0, .buy, 50), (3, .buy, 50)])], universe: universe)
    #expect(result.namedRows == ["a/A 1 long 4@103.0-7@106.0 signal"])
  }

  @Test func `a position in a market that is closed today is worth its last price`() throws {
    let a = series(closes: [100, 110, 120, nil, nil, 130]).named("A")
    let result = try portfolio("a").backtest([
      sleeve("a", a, [(0, .buy, 50), (2, .sell, 50)]), sleeve("a", flat("B", bars: 6), []),
    ])
    #expect(result.namedRows == ["a/A 1 long 1@100.0-5@120.0 signal"])
    #expect(result.equity == [10_000, 10_500, 11_000, 11_000, 11_000, 11_000])
  }
}
