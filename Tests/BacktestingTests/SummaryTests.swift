import Backtesting
import Pipelines
import SeriesMath
import Testing
import Trading

/// What a league table shows against the ordinary replay of each strategy with all that it keeps.
@Suite struct SummaryTests {
  static func expectEqual(
    _ summary: BacktestSummary, _ strategy: Strategy, _ market: Market, _ options: BacktestOptions
  )
    throws
  {
    let run = try run([strategy], over: market)[0]
    let result = Backtest(on: market, options: options).result(of: run, plan: strategy.plan, strategy: strategy.name)
    let whole = result.summary
    #expect(summary.signalCount == whole.signalCount)
    #expect(summary.signals == whole.signals.suffix(summary.signals.count))
    // Both add up in the order of the bars: equal to the last bit.
    #expect(summary.outcomes == whole.outcomes)
    #expect(summary.metrics.trades == whole.metrics.trades)
    #expect(summary.metrics.buyHoldReturn == whole.metrics.buyHoldReturn)
    let (ours, theirs) = (summary.metrics.totalReturn, whole.metrics.totalReturn)
    #expect(abs(ours - theirs) <= 1e-12 * max(1, abs(theirs)))
    #expect((summary.metrics.sharpe == nil) == (whole.metrics.sharpe == nil))
    if let ours = summary.metrics.sharpe, let theirs = whole.metrics.sharpe {
      #expect(abs(ours - theirs) <= 1e-9 * max(1, abs(theirs)))
    }
    #expect(abs(summary.metrics.maxDrawdown - whole.metrics.maxDrawdown) <= 1e-12)
  }

  @Test(arguments: FastSweepTests.shapes.indices)
  func `a summary shows what the whole result shows`(_ shape: Int) throws {
    var random = SplitMix64(seed: UInt64(shape) + 40)
    let strategies = try FastSweepTests.strategies(FastSweepTests.shapes[shape], FastSweepTests.grid(&random, 3))
    for (index, holes) in [false, true, false].enumerated() {
      let candles = FastSweepTests.walk(1_300, seed: UInt64(shape) + UInt64(index), holes: holes)
      var options = BacktestOptions()
      options.outcomesInDetail = false
      options.horizons = [.bars(1), .session, .bars(20), .duration(.day)]
      if index == 1 { (options.from, options.to) = (candles.times[77], candles.times[1_201]) }
      if index == 2 { options.fill = .close }
      let market = Market(candles)
      let summaries = try summaries(of: strategies, over: market, options: options, latest: 7)
      try #require(summaries.count == strategies.count)
      for (summary, strategy) in zip(summaries, strategies) {
        try SummaryTests.expectEqual(summary, strategy, market, options)
        #expect(summary.signals.count == min(7, summary.signalCount))
      }
    }
  }

  @Test func `who asks for no signals is told none`() throws {
    let strategies = try FastSweepTests.strategies(FastSweepTests.shapes[0], [(3, 9, 30)])
    let market = Market(FastSweepTests.walk(600, seed: 4, holes: false))
    let summary = try #require(try summaries(of: strategies, over: market, latest: 0).first)
    #expect(summary.signals.isEmpty)
    #expect(summary.signalCount > 20)
  }

  @Test func `a horizon beyond the bars has no outcome`() throws {
    let strategies = try FastSweepTests.strategies(FastSweepTests.shapes[0], [(3, 9, 30)])
    let market = Market(FastSweepTests.walk(300, seed: 4, holes: false))
    var options = BacktestOptions()
    options.horizons = [.bars(300), .bars(299), .bars(5)]
    let summary = try #require(try summaries(of: strategies, over: market, options: options, latest: 3).first)
    #expect(summary.outcomes.map(\.successRate).prefix(2).allSatisfy { $0 == nil })
    #expect(summary.outcomes.last?.successRate != nil)
    try SummaryTests.expectEqual(summary, strategies[0], market, options)
  }

  @Test func `prices without an open are replayed in the ordinary way`() throws {
    let bars = (0..<90).map { bar in
      let close = 100 + 8 * (Double(bar % 13) / 13)
      return (open: bar % 7 == 3 ? 0 : close, high: close + 1, low: close - 1, close: close)
    }
    let market = Market(series(bars))
    let strategies = try FastSweepTests.strategies(FastSweepTests.shapes[0], [(2, 3, 30), (3, 5, 30)])
    let summaries = try summaries(of: strategies, over: market, latest: 2)
    for (summary, strategy) in zip(summaries, strategies) {
      try SummaryTests.expectEqual(summary, strategy, market, BacktestOptions())
    }
  }
}
