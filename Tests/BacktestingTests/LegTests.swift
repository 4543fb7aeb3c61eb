import Backtesting
import Pipelines
import PluginKit
import Testing
import Trading

/// Positions of two symbols: a decides and b stands beside it.
@Suite struct LegTests {
  func market(_ a: [Double], _ b: [Double?]) -> Market {
    func bars(_ closes: [Double?]) -> CandleSeries {
      series(closes.map { $0.map { ($0, $0, $0, $0) } })
    }
    return Market(bars(a), others: ["@b": bars(b)])
  }

  /// Long one a, short two b, at the signal's weights.
  func pair(_ side: TradePlan.Side = .both, _ change: (inout TradePlan) -> Void = { _ in }) -> TradePlan {
    plan(side) {
      $0.legs = [
        .init(role: "a", weight: .number(1)), .init(role: "b", weight: .unary(.negate, .atEntry(0))),
      ]
      change(&$0)
    }
  }

  func result(
    _ market: Market, _ plan: TradePlan, _ signals: [(Int, Direction)], _ options: BacktestOptions = free()
  ) -> BacktestResult {
    var run = run(signals)
    run.columns = [[2] + Array(repeating: 9, count: market.deciding.count - 1)]
    return Backtest(on: market, options: options).result(of: run, plan: plan, strategy: "s")
  }

  @Test func `both legs fill at one open, in the weights of the signal`() {
    let result = result(market([100, 100, 110, 112], [50, 50, 45, 44]), pair(), [(0, .buy), (2, .exitLong)])
    // 200 of worth a unit (100 + 2 × 50): 10,000 make 50 units, 50 of a and 100 of b short.
    #expect(result.rows == ["1 long 1@100.0-3@112.0 signal", "1 short 1@50.0-3@44.0 signal"])
    #expect(result.trades.map(\.quantity) == [50, 100])
    #expect(result.trades.map(\.pnl) == [600, 600])
    #expect(result.trades.map(\.leg) == ["a", "b"])
    #expect(result.equity == [10_000, 10_000, 11_000, 11_200])
  }

  @Test func `a sell is the opposite position`() {
    let result = result(market([100, 100, 90, 90], [50, 50, 52, 52]), pair(), [(0, .sell), (1, .exitShort)])
    #expect(result.rows == ["1 long 1@50.0-2@52.0 signal", "1 short 1@100.0-2@90.0 signal"])
    #expect(agree(result.metrics.finalEquity, 10_000 + 50 * 10 + 100 * 2))
  }

  @Test func `where one leg has no bar the position waits for both`() {
    let result = result(market([100, 100, 100, 100], [50, nil, 50, 50]), pair(), [(0, .buy)])
    #expect(result.trades.map(\.entryTime) == [day(2), day(2)])
  }

  @Test func `a stop is a share of what the legs cost, tested at the close`() {
    // a falls from 100 to 80: 50 × 20 = 1,000 of 10,000.
    let candles = market([100, 100, 80, 85, 85], [50, 50, 50, 50, 50])
    let stopped = result(candles, pair { $0.stops = [.fraction(0.1, from: .entry)] }, [(0, .buy)])
    #expect(stopped.rows == ["1 long 1@100.0-3@85.0 stop", "1 short 1@50.0-3@50.0 stop"])
    let held = result(candles, pair { $0.stops = [.fraction(0.11, from: .entry)] }, [(0, .buy)])
    #expect(held.trades.map(\.exitReason) == [.end, .end])
    let asked = result(
      candles, pair { $0.stops = [.when(.binary(.less, .position(.return), .number(-0.05)))] }, [(0, .buy)])
    #expect(asked.rows == stopped.rows)
  }

  @Test func `targets close shares of each leg`() {
    let candles = market([100, 100, 110, 110, 130, 130], [50, 50, 50, 50, 50, 50])
    let plan = pair { $0.targets = [.init(at: 0.05, close: 0.5), .init(at: 0.1, close: 0.5)] }
    let result = result(candles, plan, [(0, .buy)])
    // 5 % at the close of bar 2, filled at 110; 15 % on what was entered at the close of bar 4, filled at 130.
    #expect(
      result.rows == [
        "1 long 1@100.0-3@110.0 target", "1 short 1@50.0-3@50.0 target", "1 long 1@100.0-5@130.0 target",
        "1 short 1@50.0-5@50.0 target",
      ])
    #expect(result.trades.map(\.quantity) == [25, 50, 25, 50])
    #expect(agree(result.metrics.finalEquity, 10_000 + 25 * 10 + 25 * 30))
  }

  @Test func `fees and the end are those of each leg`() {
    let result = result(
      market([100, 100, 100], [50, 50, 50]), pair(), [(0, .buy)], free { $0.feeRate = 0.001 })
    let units = 10_000 / (200 * 1.001)
    #expect(agree(result.trades[0].fees, units * 0.1))
    #expect(agree(result.trades[1].fees, units * 0.1))
    #expect(agree(result.metrics.finalEquity, 10_000 + result.trades[0].pnl + result.trades[1].pnl))
  }

  @Test func `max_bars leaves both legs`() {
    let result = result(
      market([100, 100, 100, 100, 100], [50, 50, 50, 50, 50]), pair { $0.maxBars = 2 }, [(0, .buy)])
    #expect(result.trades.map(\.exitTime) == [day(3), day(3)])
    #expect(result.trades.map(\.exitReason) == [.maxBars, .maxBars])
  }
}
