import Backtesting
import Pipelines
import Testing
import Trading

@Suite struct MetricsTests {
  @Test func `figures are those of a hand calculation`() throws {
    // Bought at 100 on bar 1; equity 10,000 10,000 11,000 9,900 9,900.
    let result = backtest(
      run([(0, .buy), (3, .sell)]), on: series(closes: [100, 100, 110, 99, 99]), plan: TradePlan(), strategy: "s",
      options: free())
    let metrics = result.metrics
    let returns = [0, 0, 0.1, -0.1, 0]
    let deviation = (returns.map { $0 * $0 }.reduce(0, +) / 4).squareRoot()
    #expect(agree(metrics.totalReturn, -0.01))
    #expect(agree(metrics.maxDrawdown, -0.1))
    #expect(metrics.maxDrawdownBars == 2)
    #expect(agree(try #require(metrics.volatility), deviation * 252.0.squareRoot()))
    #expect(abs(try #require(metrics.sharpe)) < 1e-12)
    #expect(metrics.exposure == 3.0 / 5)
    #expect(metrics.winRate == 0)
    #expect(metrics.profitFactor == 0)
    #expect(agree(try #require(metrics.buyHoldReturn), -0.01))
    let cagr = try #require(metrics.cagr)
    #expect(agree(cagr, -0.6005718, to: 1e-6))  // 0.99 ^ (365.25 / 4) − 1
    #expect(agree(try #require(metrics.calmar), cagr / 0.1))
  }

  @Test func `sharpe and sortino stand on all returns from the first bar`() throws {
    let result = backtest(
      run([(0, .buy)]), on: series(closes: [100, 100, 110, 99, 132]), plan: TradePlan(), strategy: "s",
      options: free { $0.periodsPerYear = 100 })
    let returns = [0, 0, 0.1, -0.1, 132.0 / 99 - 1]
    let mean = returns.reduce(0, +) / 5
    let deviation = (returns.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 4).squareRoot()
    #expect(agree(try #require(result.metrics.sharpe), mean / deviation * 10))
    #expect(agree(try #require(result.metrics.sortino), mean / (0.01 / 5).squareRoot() * 10))
  }

  @Test func `a fee paid on the first bar is a drawdown from the money at the start`() {
    let metrics = backtest(
      run([(0, .buy)]), on: series(closes: [100, 100]), plan: TradePlan(), strategy: "s",
      options: free {
        $0.fill = .close
        $0.feeRate = 0.25
      }
    ).metrics
    #expect(agree(metrics.maxDrawdown, -0.2))
    #expect(metrics.maxDrawdownBars == 2)
  }

  @Test func `without a trade nothing is made up`() {
    let metrics = backtest(
      run([]), on: series(closes: [100, 101, 102]), plan: TradePlan(), strategy: "s"
    ).metrics
    #expect(metrics.totalReturn == 0)
    #expect(metrics.volatility == 0)
    #expect(metrics.sharpe == nil)
    #expect(metrics.sortino == nil)
    #expect(metrics.calmar == nil)
    #expect(metrics.winRate == nil)
    #expect(metrics.profitFactor == nil)
    #expect(metrics.exposure == 0)
  }

  @Test func `a short that eats the account is bought back and has no sharpe`() {
    let result = backtest(
      run([(0, .sell), (2, .buy), (3, .sell)]), on: series(closes: [100, 100, 250, 250, 250, 250]), plan: plan(.short),
      strategy: "s", options: free())
    // 100 shares sold at 100: with 20,000 in cash they can be bought back at 200 at the most.
    #expect(result.rows == ["1 short 1@100.0-2@200.0 margin_call"])
    #expect(result.metrics.finalEquity == 0)
    #expect(result.metrics.cagr == -1)
    #expect(result.metrics.sharpe == nil)
    #expect(result.notes.contains { $0.contains("margin_call") })
  }

  @Test func `buy and hold starts where the strategy could first have traded`() throws {
    let candles = series([
      (10, 10, 10, 10), (10, 10, 10, 10), (20, 20, 20, 20), nil, (40, 44, 40, 44), (50, 50, 50, 50),
    ])
    var late = run([])
    late.firstBuy = 2
    late.firstSell = 0
    let long = backtest(late, on: candles, plan: plan(.long), strategy: "s")
    #expect(agree(try #require(long.metrics.buyHoldReturn), 50 / (40 * 1.001) - 1))
    #expect(try #require(long.buyHoldEquity).prefix(4) == [10_000, 10_000, 10_000, 10_000])
    let both = backtest(late, on: candles, plan: plan(.both), strategy: "s")
    #expect(agree(try #require(both.metrics.buyHoldReturn), 50 / (10 * 1.001) - 1))
    late.firstBuy = 5
    #expect(backtest(late, on: candles, plan: plan(.long), strategy: "s").metrics.buyHoldReturn == nil)
  }

  @Test func `periods a year come from the bars`() {
    func periods(_ timeframe: Timeframe, every minutes: Int64, _ keep: (Instant) -> Bool) -> Double {
      let times = (0..<(14 * 1_440 / minutes)).map { day(0).advanced(by: $0 * minutes * 60_000) }.filter(keep)
      return periodsPerYear(
        of: CandleSeries(
          instrument: Instrument(symbol: "T"), timeframe: timeframe, times: times,
          block: Array(repeating: 1, count: times.count * 5)))
    }
    #expect(periods(.day, every: 1_440) { _ in true } == 365)
    #expect(periods(.day, every: 1_440) { $0.weekday < 6 } == 252)
    #expect(periods(Timeframe(1, .hour), every: 60) { _ in true } == 365 * 24)
    #expect(
      periods(Timeframe(1, .hour), every: 60) { $0.weekday < 6 && (14..<21).contains($0.milliseconds / 3_600_000 % 24) }
        == 252 * 7)
    #expect(periods(Timeframe(1, .week), every: 10_080) { _ in true } == 52)
  }
}
