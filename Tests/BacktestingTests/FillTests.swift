import Backtesting
import Pipelines
import Testing
import Trading

@Suite struct FillTests {
  @Test func `a signal fills at the next open with all the cash and its fee`() {
    let candles = series([(100, 100, 100, 100), (110, 120, 105, 115), (120, 120, 120, 120), (130, 130, 130, 130)])
    let result = backtest(run([(0, .buy), (2, .sell)]), on: candles, plan: TradePlan(), strategy: "s")
    let quantity = 10_000 / (110 * 1.001)
    #expect(result.rows == ["1 long 1@110.0-3@130.0 signal"])
    #expect(agree(result.trades[0].quantity, quantity))
    #expect(agree(result.trades[0].fees, quantity * 240 * 0.001))
    #expect(agree(result.trades[0].pnl, quantity * 20 - quantity * 240 * 0.001))
    #expect(agree(result.metrics.finalEquity, quantity * 130 * 0.999))
    #expect(agree(result.equity[1], quantity * 115))
  }

  @Test func `a signal of the last bar stays unfilled and a buy while long is no trade`() {
    let candles = series(closes: [100, 100, 100, 110])
    let result = backtest(
      run([(0, .buy), (1, .buy), (3, .sell)]), on: candles, plan: TradePlan(), strategy: "s", options: free())
    #expect(result.rows == ["1 long 1@100.0-3@110.0 end"])
    #expect(result.signals.count == 3)
  }

  @Test func `what is open at the end is marked without a fee and wins nothing`() {
    let result = backtest(
      run([(0, .buy)]), on: series(closes: [100, 100, 110]), plan: TradePlan(), strategy: "s")
    let quantity = 10_000 / (100 * 1.001)
    #expect(agree(result.metrics.finalEquity, quantity * 110))
    #expect(agree(result.trades[0].fees, quantity * 0.1))
    #expect(result.metrics.trades == 1)
    #expect(result.metrics.winRate == nil)
    #expect(result.metrics.profitFactor == nil)
  }

  @Test func `a fill at the close takes the bar's own close and says that it is optimistic`() {
    let result = backtest(
      run([(0, .buy), (2, .sell)]), on: series([(90, 100, 90, 100), (105, 110, 105, 110), (115, 120, 115, 120)]),
      plan: TradePlan(), strategy: "s", options: free { $0.fill = .close })
    #expect(result.rows == ["1 long 0@100.0-2@120.0 signal"])
    #expect(result.notes.contains { $0.contains("optimistic") })
    #expect(result.metrics.buyHoldReturn == 120.0 / 100 - 1)
  }

  @Test func `slippage moves each fill against the trader`() {
    let candles = series(closes: [100, 100, 100, 100])
    let options = free { $0.slippage = 0.01 }
    let long = backtest(run([(0, .buy), (1, .sell)]), on: candles, plan: plan(.long), strategy: "s", options: options)
    let short = backtest(
      run([(0, .sell), (1, .buy)]), on: candles, plan: plan(.short), strategy: "s", options: options)
    #expect(long.rows == ["1 long 1@101.0-2@99.0 signal"])
    #expect(short.rows == ["1 short 1@99.0-2@101.0 signal"])
  }

  @Test func `an entry takes its share of the equity`() {
    let result = backtest(
      run([(0, .buy)]), on: series(closes: [100, 100, 200]), plan: plan(.long) { $0.size = .equity(0.25) },
      strategy: "s")
    #expect(agree(result.trades[0].quantity, 2_500 / (100 * 1.001)))
    #expect(agree(result.metrics.finalEquity, 7_500 + 2_500 / (100 * 1.001) * 200))
  }

  @Test func `a short earns what the price loses`() {
    let result = backtest(
      run([(0, .sell), (2, .buy)]), on: series(closes: [100, 100, 80, 80]), plan: plan(.short), strategy: "s")
    let quantity = 10_000 / (100 * 1.001)
    #expect(result.rows == ["1 short 1@100.0-3@80.0 signal"])
    #expect(agree(result.trades[0].pnl, quantity * 20 - quantity * 180 * 0.001))
    #expect(agree(result.equity[2], 10_000 - quantity * 0.1 + quantity * 20))
    #expect(agree(result.metrics.finalEquity, 10_000 + result.trades[0].pnl))
  }

  @Test func `on both sides a sell turns the long round at one price`() {
    let result = backtest(
      run([(0, .buy), (1, .sell), (2, .buy)]), on: series(closes: [100, 100, 110, 90]), plan: plan(.both),
      strategy: "s", options: free())
    #expect(
      result.rows == ["1 long 1@100.0-2@100.0 signal", "2 short 2@100.0-3@110.0 signal", "3 long 3@110.0-3@90.0 end"])
  }

  @Test func `exit signals close a position of their side only`() {
    let candles = series(closes: [100, 100, 100, 100, 100, 100])
    let long = backtest(
      run([(0, .buy), (1, .exitShort), (2, .exitLong), (3, .exitLong)]), on: candles, plan: plan(.both), strategy: "s",
      options: free())
    #expect(long.rows == ["1 long 1@100.0-3@100.0 signal"])
    let short = backtest(
      run([(0, .sell), (1, .exitLong), (2, .exitShort)]), on: candles, plan: plan(.both), strategy: "s",
      options: free())
    #expect(short.rows == ["1 short 1@100.0-3@100.0 signal"])
  }

  @Test func `on one open exits come before entries`() {
    let candles = series(closes: [100, 100, 100, 100])
    let result = backtest(
      run([(0, .buy), (1, .exitLong), (1, .buy)]), on: candles, plan: plan(.long), strategy: "s", options: free())
    #expect(result.rows == ["1 long 1@100.0-2@100.0 signal", "2 long 2@100.0-3@100.0 end"])
  }

  @Test func `over missing bars nothing fills, the last close marks, and the later signal wins`() {
    let candles = series(closes: [100, 100, 110, nil, nil, 120, 120])
    let late = backtest(run([(2, .buy)]), on: candles, plan: plan(.long), strategy: "s", options: free())
    #expect(late.rows == ["1 long 5@110.0-6@120.0 end"])
    let held = backtest(
      run([(0, .buy), (2, .sell)]), on: candles, plan: plan(.long), strategy: "s", options: free())
    #expect(held.rows == ["1 long 1@100.0-5@110.0 signal"])
    #expect(held.equity == [10_000, 10_000, 11_000, 11_000, 11_000, 11_000, 11_000])
    let overruled = backtest(
      run([(0, .buy), (2, .sell), (3, .buy)]), on: candles, plan: plan(.long), strategy: "s", options: free())
    #expect(overruled.rows == ["1 long 1@100.0-6@120.0 end"])
    let never = backtest(
      run([(2, .buy), (3, .sell)]), on: candles, plan: plan(.long), strategy: "s", options: free())
    #expect(never.rows == [])
  }

  @Test func `from and to restrict what is counted`() {
    let candles = series(closes: [100, 101, 102, 103, 104, 105, 106, 107])
    let options = free {
      $0.from = day(2)
      $0.to = day(5)
    }
    let result = backtest(
      run([(1, .buy), (3, .buy), (5, .sell)]), on: candles, plan: TradePlan(), strategy: "s", options: options)
    #expect(result.rows == ["1 long 4@103.0-5@105.0 end"])
    #expect(result.signals.map(\.bar) == [3, 5])
    #expect(result.bars == 4)
    #expect(result.times == [day(2), day(3), day(4), day(5)])
    #expect(agree(result.metrics.buyHoldReturn ?? .nan, 105.0 / 102 - 1))
    #expect(result.outcomes.first { $0.horizon == .bars(1) }?.count == 1)
  }

  @Test func `what follows to changes nothing`() {
    let closes = (0..<120).map { 100 + Double(($0 * 37) % 23) }
    let signals = stride(from: 3, to: 118, by: 7).map { ($0, $0.isMultiple(of: 2) ? Direction.buy : .sell) }
    var cut = run(signals)
    let all = Backtest(on: series(closes: closes), options: free { $0.to = day(79) })
      .result(of: cut, plan: plan(.both), strategy: "s")
    cut.signals.removeAll { $0.bar > 79 }
    let prefix = Backtest(on: series(closes: Array(closes.prefix(80))), options: free())
      .result(of: cut, plan: plan(.both), strategy: "s")
    #expect(all.metrics == prefix.metrics)
    #expect(all.trades == prefix.trades)
    #expect(all.outcomes == prefix.outcomes)
  }

  @Test func `no counted bar leaves the money as it was`() {
    let result = backtest(
      run([(0, .buy)]), on: series(closes: [100, 101]), plan: TradePlan(), strategy: "s",
      options: free { $0.from = day(9) })
    #expect(result.bars == 0)
    #expect(result.metrics.finalEquity == 10_000)
    #expect(result.metrics.exposure == nil)
    #expect(result.metrics.cagr == nil)
  }
}
