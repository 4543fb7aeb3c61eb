import Backtesting
import Pipelines
import Testing
import Trading

@Suite struct CostTests {
  @Test func `a fee has a rate, a part by the share, and a least amount`() throws {
    let candles = series(closes: [100, 100, 100, 100])
    var options = free {
      $0.feeRate = 0.001
      $0.feePerShare = 0.01
    }
    func trade(_ size: TradePlan.Size) throws -> Trade {
      let result = backtest(
        run([(0, .buy), (1, .sell)]), on: candles, plan: plan(.long) { $0.size = size }, strategy: "s",
        options: options)
      return try #require(result.trades.first)
    }
    // 1,000 buys 1,000 / (100 × 1.001 + 0.01) shares; each side costs 0.1 + 0.01 a share.
    let quantity = 1_000 / 100.11
    #expect(agree(try trade(.fixed(1_000)).quantity, quantity))
    #expect(agree(try trade(.fixed(1_000)).fees, 2 * quantity * 0.11))
    // At least 5 a fill: 1,000 leaves 995 for shares.
    options.feeMinimum = 5
    #expect(agree(try trade(.fixed(1_000)).quantity, 9.95))
    #expect(agree(try trade(.fixed(1_000)).fees, 10))
    // 10,000 is beyond the least amount again.
    #expect(agree(try trade(.equity(1)).fees, 2 * 10_000 / 100.11 * 0.11))
  }

  @Test func `a least fee that eats the money enters nothing`() {
    let options = free {
      $0.feeMinimum = 20
      $0.start = 15
    }
    let result = backtest(
      run([(0, .buy)]), on: series(closes: [100, 100, 100]), plan: TradePlan(), strategy: "s", options: options)
    #expect(result.trades.isEmpty)
    #expect(result.metrics.finalEquity == 15)
    #expect(result.metrics.buyHoldReturn == nil)
  }

  @Test func `slippage by the bar's range moves each fill against the trader`() {
    let bars: [(open: Double, high: Double, low: Double, close: Double)?] = [
      (100, 100, 100, 100), (100, 104, 98, 102), (102, 110, 100, 105), (105, 105, 105, 105),
    ]
    let options = free { $0.slippageOfRange = 0.1 }
    let long = backtest(
      run([(0, .buy), (1, .sell)]), on: series(bars), plan: plan(.long), strategy: "s", options: options)
    // Ranges of 6 and 10: the buy pays 0.6 more, the sale gets 1 less.
    #expect(long.rows == ["1 long 1@100.6-2@101.0 signal"])
    let short = backtest(
      run([(0, .sell), (1, .buy)]), on: series(bars), plan: plan(.short), strategy: "s", options: options)
    #expect(short.rows == ["1 short 1@99.4-2@103.0 signal"])
  }

  @Test func `a short pays for its shares by the time it holds them`() throws {
    let candles = series(closes: [100, 100, 100, 110, 100, 100])
    let options = free { $0.borrowRate = 0.3652_5 }
    let plan = plan(.short) { $0.size = .fixed(1_000) }
    let result = backtest(run([(0, .sell), (3, .buy)]), on: candles, plan: plan, strategy: "s", options: options)
    // 36.525 % a year of 365.25 days is 0.1 % a day. 10 shares sold at the open of bar 1, marked at 100 at its close: a
    // day at 100 to the close of bar 2, a day at 110 to that of bar 3, and a day at 110 to the open of bar 4.
    let trade = try #require(result.trades.first)
    #expect(result.rows == ["1 short 1@100.0-4@110.0 signal"])
    #expect(agree(trade.fees, 1 + 1.1 + 1.1))
    #expect(agree(trade.pnl, -100 - 3.2))
    #expect(agree(result.equity[2], 10_000 - 1))
    #expect(agree(result.metrics.finalEquity, 10_000 + trade.pnl))
    let held = backtest(run([(0, .sell)]), on: candles, plan: plan, strategy: "s", options: options)
    #expect(agree(held.metrics.finalEquity, 10_000 + held.trades[0].pnl))
    let long = backtest(
      run([(0, .buy)]), on: candles, plan: BacktestingTests.plan(.long), strategy: "s", options: options)
    #expect(long.trades[0].fees == 0)
  }

  @Test func `a gap beyond what the account can pay costs the account and no more`() {
    let bars: [(open: Double, high: Double, low: Double, close: Double)?] = [
      (100, 100, 100, 100), (100, 100, 100, 100), (500, 520, 480, 510), (510, 510, 510, 510),
    ]
    let result = backtest(
      run([(0, .sell)]), on: series(bars), plan: plan(.short), strategy: "s", options: free())
    #expect(result.rows == ["1 short 1@100.0-2@200.0 margin_call"])
    #expect(result.equity.last == 0)
    // A stop that would have cost more is the same, and so is a small short while there is money to pay for it.
    let stopped = backtest(
      run([(0, .sell)]), on: series(bars), plan: plan(.short) { $0.stops = [.fraction(0.1, from: .entry)] },
      strategy: "s", options: free())
    #expect(stopped.rows == ["1 short 1@100.0-2@200.0 stop"])
    let small = backtest(
      run([(0, .sell)]), on: series(bars), plan: plan(.short) { $0.size = .equity(0.1) }, strategy: "s",
      options: free())
    #expect(small.rows == ["1 short 1@100.0-3@510.0 end"])
    #expect(agree(small.metrics.finalEquity, 10_000 - 10 * 410))
  }
}
