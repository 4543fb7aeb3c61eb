import Backtesting
import Pipelines
import Testing
import Trading

/// How much an entry takes. The account has 10,000 and the price is 100 unless said.
@Suite struct SizeTests {
  func quantity(
    _ size: TradePlan.Size, columns: [[Double]] = [], options: BacktestOptions = free(), side: TradePlan.Side = .long
  ) -> Double? {
    var run = run([(0, side == .long ? .buy : .sell)])
    run.columns = columns
    let plan = plan(side) { $0.size = size }
    let result = backtest(
      run, on: series(closes: [100, 100, 100]), plan: plan, strategy: "s", options: options)
    return result.trades.first?.quantity
  }

  @Test func `a fixed amount buys what it buys, its fee included, and never more than there is`() throws {
    #expect(quantity(.fixed(1_000)) == 10)
    let withFee = try #require(quantity(.fixed(1_000), options: BacktestOptions()))
    #expect(agree(withFee, 1_000 / 100.1))
    #expect(quantity(.fixed(50_000)) == 100)
    #expect(quantity(.fixed(1_000), side: .short) == 10)
  }

  @Test func `a risk is what the distance loses`() {
    // 1 % of 10,000 over a distance of 5 is 20 shares; over 0.5 it would be 200, and there is money for 100.
    #expect(quantity(.risk(0.01, distance: .column(0)), columns: [[5, 9, 9]]) == 20)
    #expect(quantity(.risk(0.01, distance: .column(0)), columns: [[0.5, 9, 9]]) == 100)
    #expect(quantity(.risk(0.01, distance: .column(0)), columns: [[.nan, 9, 9]]) == nil)
    #expect(quantity(.risk(0.01, distance: .column(0)), columns: [[-5, 9, 9]]) == nil)
    #expect(quantity(.risk(0.01, distance: .number(5)), side: .short) == 20)
  }

  @Test func `a volatility target takes the share that moves as much`() throws {
    let options = free { $0.periodsPerYear = 252 }
    // A population deviation of 1 % over 20 bars: 0.01 × √(20 / 19 × 252) = 16.287 % a year; 10 % is 61.40 % of that.
    let calm = try #require(
      quantity(.volatility(0.1, deviation: 0, bars: 20), columns: [[0.01, 1, 1]], options: options))
    #expect(agree(calm, 61.39903313, to: 1e-8))
    // Calmer than the target: all of it, and not more.
    #expect(quantity(.volatility(0.1, deviation: 0, bars: 20), columns: [[0.001, 1, 1]], options: options) == 100)
    #expect(quantity(.volatility(0.1, deviation: 0, bars: 20), columns: [[.nan, 1, 1]], options: options) == nil)
  }

  @Test func `a Kelly stake follows the closed positions, between its floor and its cap`() {
    // +10 % and −5 %: W = 1/2, R = 2, W − (1 − W) / R = 1/4; half of it is 12.5 %.
    let signals: [(Int, Direction)] = [(0, .buy), (1, .sell), (2, .buy), (3, .sell), (4, .buy)]
    let opens: [(open: Double, high: Double, low: Double, close: Double)?] = [100, 100, 110, 100, 95, 100].map {
      ($0, $0, $0, $0)
    }
    var kelly = TradePlan.Kelly(fraction: 0.5)
    kelly.after = 2
    kelly.floor = 0.05
    func shares(_ kelly: TradePlan.Kelly) -> [Double] {
      var equity = 10_000.0
      let result = backtest(
        run(signals), on: series(opens), plan: plan(.long) { $0.size = .kelly(kelly) }, strategy: "s", options: free())
      return result.trades.map { trade in
        defer { equity += trade.pnl }
        return (trade.quantity * trade.entryPrice / equity * 1e9).rounded() / 1e9
      }
    }
    #expect(shares(kelly) == [0.05, 0.05, 0.125])
    kelly.cap = 0.1
    #expect(shares(kelly) == [0.05, 0.05, 0.1])
    kelly.floor = 0.2
    kelly.cap = 1
    #expect(shares(kelly) == [0.2, 0.2, 0.2])
    kelly.after = 3
    kelly.floor = 0.01
    #expect(shares(kelly) == [0.01, 0.01, 0.01])
  }
}
