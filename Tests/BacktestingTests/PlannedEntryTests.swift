import Backtesting
import Pipelines
import PluginKit
import Testing
import Trading

/// What is said of an order before it fills, beside what the broker then makes of it.
@Suite struct PlannedEntryTests {
  typealias Bar = (open: Double, high: Double, low: Double, close: Double)
  let flat: Bar = (100, 100, 100, 100)

  @Test func `the distance and the risk that are said are those of the trade`() throws {
    // Entered at 100, a distance of 4 at the signal: the stop is at 96, and 1 % of 10,000 over 4 buys 25.
    let plan = plan(.long) {
      $0.stops = [.distance(.binary(.multiply, .number(2), .column(0)), from: .entry)]
      $0.size = .risk(0.01, distance: .column(1))
      $0.columns = [0, 1]
    }
    let order = try #require(plan.order(for: .buy, values: [2, 4]))
    #expect(
      order
        == PlannedOrder(
          isLong: true, entry: .nextOpen, stops: [.distance(4)], size: .risk(0.01, distance: 4)))
    var run = run([(0, .buy)])
    run.columns = [[2, 2, 2], [4, 4, 4]]
    let trades = backtest(
      run, on: series([flat, flat, (100, 100, 90, 92)]), plan: plan, strategy: "s", options: free()
    ).trades
    let trade = try #require(trades.first)
    #expect(trade.entryPrice == 100 && trade.exitPrice == 96 && trade.exitReason == .stop)
    #expect(trade.quantity == 10_000 * 0.01 / 4)
  }

  @Test func `an order at a price says it, and of what may change before it fills only what does not`() throws {
    let plan = plan(.both) {
      $0.entry = .stop(.column(0), expires: .bars(3))
      $0.stops = [.price(.column(1)), .price(.atEntry(1)), .fraction(0.08, from: .entry)]
      $0.size = .risk(0.02, distance: .column(1))
      $0.columns = [0, 1]
    }
    let order = try #require(plan.order(for: .sell, values: [105, 110]))
    #expect(
      order
        == PlannedOrder(
          isLong: false, entry: .stop(105), expiry: .bars(3), stops: [.price(110), .fraction(0.08)],
          size: .risk(0.02, distance: nil)))
    // An order without a price is none.
    #expect(plan.order(for: .sell, values: [.nan, 110]) == nil)
  }

  @Test func `what only the fill or the position can tell is left out`() throws {
    let plan = plan(.long) {
      $0.stops = [
        .price(.binary(.multiply, .position(.lastFill), .number(0.9))), .when(.column(0)),
        .distance(.column(0), from: .entry),
      ]
      $0.size = .risk(0.02, distance: .column(0))
      $0.columns = [0]
    }
    let order = try #require(plan.order(for: .buy, values: [.nan]))
    #expect(order.stops.isEmpty && order.size == .risk(0.02, distance: nil))
  }

  @Test func `a side that is not traded enters nothing, and a strategy without a word on trading says nothing`() {
    let long = plan(.long) { $0.maxBars = 3 }
    #expect(long.order(for: .sell, values: []) == nil && long.ended(by: .sell) == .buy)
    let short = plan(.short) { $0.maxBars = 3 }
    #expect(short.order(for: .buy, values: []) == nil && short.ended(by: .buy) == .sell)
    #expect(short.order(for: .sell, values: [])?.isLong == false && short.ended(by: .sell) == nil)
    #expect(TradePlan().order(for: .buy, values: []) == nil && TradePlan().ended(by: .sell) == nil)
    #expect(TradePlan().ended(by: .exitLong) == .buy && TradePlan().ended(by: .exitShort) == .sell)
  }
}
