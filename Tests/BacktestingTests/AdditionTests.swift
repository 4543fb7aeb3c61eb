import Backtesting
import Pipelines
import PluginKit
import Testing
import Trading

/// Pyramiding: units of the first one's quantity, added at the fill after a close.
@Suite struct AdditionTests {
  typealias Bar = (open: Double, high: Double, low: Double, close: Double)
  let flat: Bar = (100, 100, 100, 100)

  /// Adds after each close that lies 5 beyond the last fill, on either side.
  func plan(_ side: TradePlan.Side, units: Int, _ change: (inout TradePlan) -> Void = { _ in }) -> TradePlan {
    BacktestingTests.plan(side) {
      $0.size = .fixed(1_000)
      $0.addition = .init(
        when: .binary(
          .greaterOrEqual,
          .binary(.multiply, .position(.side), .binary(.subtract, .column(0), .position(.lastFill))), .number(5)),
        units: units)
      change(&$0)
    }
  }

  func result(
    _ bars: [Bar], _ plan: TradePlan, _ direction: Direction = .buy, _ options: BacktestOptions = free()
  ) -> BacktestResult {
    var run = run([(0, direction)])
    run.columns = [bars.map(\.close)]
    return backtest(run, on: series(bars), plan: plan, strategy: "s", options: options)
  }

  @Test func `each unit has the first one's quantity and the row their mean price`() throws {
    let bars: [Bar] = [flat, (100, 106, 100, 105), (106, 112, 106, 112), (112, 113, 110, 110), (120, 120, 120, 120)]
    let result = result(bars, plan(.long, units: 3))
    // 10 shares at 100, 10 at 106, 10 at 112: after them no fourth one.
    #expect(result.rows == ["1 long 1@106.0-4@120.0 end"])
    #expect(result.trades[0].quantity == 30)
    #expect(agree(result.trades[0].pnl, 10 * (20 + 14 + 8)))
    #expect(agree(result.metrics.finalEquity, 10_420))
    #expect(agree(result.equity[2], 10_000 + 10 * 12 + 10 * 6))
  }

  @Test func `a short adds as it falls`() throws {
    let bars: [Bar] = [flat, (100, 100, 94, 95), (94, 95, 93, 93), (90, 90, 90, 90)]
    let result = result(bars, plan(.short, units: 4), .sell)
    // 10 shares sold at 100 and 10 at 94; the close of 93 lies 1 below the last fill.
    #expect(result.rows == ["1 short 1@97.0-3@90.0 end"])
    #expect(agree(result.trades[0].pnl, 10 * 10 + 10 * 4))
  }

  @Test func `a stop from the last fill moves with each unit`() {
    let bars: [Bar] = [flat, (100, 106, 100, 105), (106, 107, 101, 104), (103, 104, 101, 103)]
    let fromEntry = result(bars, plan(.long, units: 2) { $0.stops = [.distance(.number(4), from: .entry)] })
    let fromLast = result(bars, plan(.long, units: 2) { $0.stops = [.distance(.number(4), from: .lastFill)] })
    // The mean is 103: 4 below it is 99. The last fill was at 106, and 4 below it is 102: the add's own bar falls to 101.
    #expect(fromEntry.rows == ["1 long 1@103.0-3@103.0 end"])
    #expect(fromLast.rows == ["1 long 1@103.0-2@102.0 stop"])
  }

  @Test func `targets close shares of all that was filled, and the last one all that is left`() {
    let bars: [Bar] = [flat, (100, 106, 100, 105), (106, 112, 106, 108), (108, 140, 108, 130)]
    let result = result(
      bars,
      plan(.long, units: 2) { $0.targets = [.init(at: 0.04, close: 0.5), .init(at: 0.3, close: 0.5)] })
    // 5 of the first 10 go at 104 in bar 1. Then 10 at 106: the 5 left at 100 and these cost 104 in the mean, and 30 %
    // above is 135.2, where everything goes.
    #expect(result.rows == ["1 long 1@100.0-1@104.0 target", "1 long 1@104.0-3@135.2 target"])
    #expect(result.trades.map(\.quantity) == [5, 15])
    #expect(agree(result.metrics.finalEquity, 10_000 + 5 * 4 + 15 * 31.2))
  }

  @Test func `what the cash does not pay for is not added`() {
    let bars: [Bar] = [flat, (100, 106, 100, 105), (106, 112, 106, 112), (112, 113, 110, 110)]
    let result = result(bars, plan(.long, units: 9) { $0.size = .equity(0.6) })
    // 60 shares at 100 leave 4,000, and 4,000 buy 37.7 at 106; then there is nothing left.
    #expect(agree(result.trades[0].quantity, 60 + 4_000.0 / 106))
    #expect(result.trades.count == 1)
  }

  @Test func `a position that leaves adds nothing`() {
    let bars: [Bar] = [flat, (100, 106, 100, 105), (106, 107, 105, 106)]
    var run = run([(0, .buy), (1, .sell)])
    run.columns = [bars.map(\.close)]
    let result = backtest(run, on: series(bars), plan: plan(.long, units: 3), strategy: "s", options: free())
    #expect(result.rows == ["1 long 1@100.0-2@106.0 signal"])
    #expect(result.trades[0].quantity == 10)
  }
}
