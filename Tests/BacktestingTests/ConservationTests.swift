import Backtesting
import Pipelines
import TestSupport
import Testing
import Trading

@Suite struct ConservationTests {
  @Test("the account changes by the sum of its trades and never falls below nothing", arguments: 1...60)
  func conserves(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    var close = 100.0
    let bars: [(open: Double, high: Double, low: Double, close: Double)?] = (0..<300).map { _ in
      if Double.random(in: 0..<1, using: &random) < 0.05 { return nil }
      let open = close * Double.random(in: 0.97...1.03, using: &random)
      close = open * Double.random(in: 0.97...1.03, using: &random)
      let high = max(open, close) * Double.random(in: 1...1.02, using: &random)
      return (open, high, min(open, close) * Double.random(in: 0.98...1, using: &random), close)
    }
    let directions: [Direction] = [.exitLong, .exitShort, .buy, .sell]
    var signals: [(Int, Direction)] = []
    for bar in 0..<300 where Bool.random(using: &random) {
      signals += directions.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.map { (bar, $0) }
    }
    let sides = TradePlan.Side.allCases
    let tradePlan = plan(sides[seed % sides.count]) {
      $0.size = .equity(seed.isMultiple(of: 2) ? 1 : 0.4)
      $0.stops = [.fraction(0.06, from: .entry)]
      $0.targets = [.init(at: 0.03, close: 0.3), .init(at: 0.05, close: 0.3), .init(at: 0.08, close: 0.4)]
      if seed.isMultiple(of: 3) { $0.maxBars = 7 }
    }
    var options = BacktestOptions()
    options.fill = seed.isMultiple(of: 5) ? .close : .nextOpen
    options.slippage = 0.0005
    let result = backtest(run(signals), on: series(bars), plan: tradePlan, strategy: "s", options: options)
    let profit = result.trades.reduce(0) { $0 + $1.pnl }
    #expect(abs(result.metrics.finalEquity - options.start - profit) < 1e-6)
    #expect(result.trades.count > 3)
    #expect(result.equity.allSatisfy { $0 > 0 })
    for (_, rows) in Dictionary(grouping: result.trades, by: \.positionID) {
      #expect(rows.allSatisfy { $0.quantity > 0 && $0.entryTime <= $0.exitTime && $0.fees > 0 })
      #expect(Set(rows.map(\.entryPrice)).count == 1)
    }
  }
}
