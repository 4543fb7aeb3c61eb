import Backtesting
import Pipelines
import Testing
import Trading

/// Dividends in the account, worked out by hand. 10,000 of money and no fee: 100 shares at 100.
@Suite struct DividendTests {
  /// Closes with cash a share at some bars.
  func paying(_ closes: [Double?], _ cash: [Int: Double]) -> CandleSeries {
    series(closes.map { $0.map { ($0, $0, $0, $0) } }).paying(closes.indices.map { cash[$0] ?? 0 })
  }

  func result(
    _ candles: CandleSeries, _ signals: [(Int, Direction)], _ side: TradePlan.Side = .long,
    _ options: BacktestOptions = free(), _ change: (inout TradePlan) -> Void = { _ in }
  ) -> BacktestResult {
    backtest(run(signals), on: candles, plan: plan(side, change), strategy: "s", options: options)
  }

  @Test func `a long position gets the dividend on the ex-date`() throws {
    let candles = paying([100, 100, 100, 98, 98], [3: 2])
    let result = result(candles, [(0, .buy), (3, .sell)])
    #expect(result.rows == ["1 long 1@100.0-4@98.0 signal"])
    let trade = try #require(result.trades.first)
    #expect((trade.dividends, trade.pnl, trade.return, trade.fees) == (200, 0, 0, 0))
    #expect(result.equity == [10_000, 10_000, 10_000, 10_000, 10_000])
    #expect(result.buyHoldEquity == [10_000, 10_000, 10_000, 10_000, 10_000])
    #expect(result.priceReturns == [0, 0, 0, 0, 0])
    #expect(result.prices == .adjusted)
  }

  @Test func `a short position pays it`() throws {
    // The price does not fall: 200 are lost.
    let candles = paying([100, 100, 100, 100, 100, 100], [3: 2])
    let result = result(candles, [(0, .sell), (4, .buy)], .short)
    let trade = try #require(result.trades.first)
    #expect((trade.dividends, trade.pnl, trade.return, trade.fees) == (-200, -200, -0.02, 0))
    #expect(result.equity == [10_000, 10_000, 10_000, 9_800, 9_800, 9_800])
  }

  @Test func `what a short owes of dividends counts where it is bought back for want of money`() throws {
    // 100 short at 100 with 10,000: 20,000 buy back at 200; with 5,000 owed at 150.
    let flat = (open: 100.0, high: 100.0, low: 100.0, close: 100.0)
    let bars = series([flat, flat, flat, (100, 160, 100, 120)])
    let result = result(bars.paying([0, 0, 50, 0]), [(0, .sell)], .short)
    #expect(result.rows == ["1 short 1@100.0-3@150.0 margin_call"])
    #expect(result.equity == [10_000, 10_000, 5_000, 0])
    let before = self.result(bars, [(0, .sell)], .short)
    #expect(before.rows == ["1 short 1@100.0-3@120.0 end"])
  }

  @Test func `who buys on the ex-date gets nothing, who sells on it does`() {
    let candles = paying([100, 100, 100, 100], [1: 3, 2: 5])
    let entry = result(candles, [(0, .buy), (1, .sell)])
    #expect(entry.rows == ["1 long 1@100.0-2@100.0 signal"])
    #expect(entry.trades.map(\.dividends) == [500])
    // At the close of bar 0 it holds before the ex-date of bar 1.
    let close = result(candles, [(0, .buy), (1, .sell)], .long, free { $0.fill = .close })
    #expect(close.trades.map(\.dividends) == [300])
    #expect(close.buyHoldEquity == [10_000, 10_300, 10_800, 10_800])
  }

  @Test func `a stop stands at prices without dividends in them, and the fall of the ex-date can reach it`() {
    let candles = paying([100, 100, 90, 90], [2: 10])
    let result = result(candles, [(0, .buy)]) { $0.stops = [.fraction(0.05, from: .entry)] }
    #expect(result.rows == ["1 long 1@100.0-2@90.0 stop"])
    #expect(result.trades.map(\.pnl) == [0])
    #expect(result.trades.map(\.dividends) == [1_000])
  }

  @Test func `a partial exit takes its share of the dividends along`() {
    let candles = paying([100, 100, 100, 111, 120], [2: 4])
    let result = result(candles, [(0, .buy)]) { $0.targets = [.init(at: 0.1, close: 0.25)] }
    #expect(result.rows == ["1 long 1@100.0-3@111.0 target", "1 long 1@100.0-4@120.0 end"])
    #expect(result.trades.map(\.dividends) == [100, 300])
    // 25 × 11 + 100 and 75 × 20 + 300.
    #expect(result.trades.map(\.pnl) == [375, 1_800])
    #expect(result.metrics.finalEquity == 12_175)
  }

  @Test func `what falls on a missing bar is paid on the next one`() {
    let candles = paying([100, 100, nil, 100, 100], [2: 2])
    #expect(candles.dividends == [0, 0, 0, 2, 0])
    #expect(result(candles, [(0, .buy)]).equity == [10_000, 10_000, 10_000, 10_200, 10_200])
  }

  @Test func `as much as the close before is no dividend`() {
    let candles = paying([100, 100, 100], [0: 5, 1: 100])
    #expect(candles.dividends == [] && !candles.isRestated)
    #expect(result(candles, [(0, .buy)]).metrics.finalEquity == 10_000)
  }

  @Test("the account changes by the sum of its trades, dividends among them", arguments: 1...20)
  func conserves(seed: Int) {
    let sides = TradePlan.Side.allCases
    let walk = FastSweepTests.walk(300, seed: UInt64(seed), holes: true)
    let candles = walk.paying(walk.times.indices.map { $0 % 9 == 4 ? 1.5 : 0 })
    let signals = (0..<100).map { (3 * $0, [Direction.buy, .sell, .exitLong, .exitShort][($0 * (2 * seed + 1)) % 4]) }
    var options = BacktestOptions()
    options.borrowRate = 0.05
    options.fill = seed.isMultiple(of: 3) ? .close : .nextOpen
    let result = result(candles, signals, sides[seed % sides.count], options) {
      $0.stops = [.fraction(0.06, from: .entry)]
      $0.targets = [.init(at: 0.03, close: 0.3), .init(at: 0.05, close: 0.7)]
    }
    let profit = result.trades.reduce(0) { $0 + $1.pnl }
    #expect(abs(result.metrics.finalEquity - options.start - profit) < 1e-6)
    #expect(result.trades.contains { $0.dividends != 0 } && result.trades.allSatisfy { $0.fees > 0 })
  }

  @Test func `the legs of a position get and pay their own`() {
    func bars(_ closes: [Double]) -> CandleSeries { series(closes.map { ($0, $0, $0, $0) }) }
    let market = Market(
      bars([100, 100, 100, 100]).paying([0, 0, 1, 0]),
      others: ["@b": bars([50, 50, 50, 50]).paying([0, 2, 0.5, 0])])
    let legs = plan(.both) {
      $0.legs = [.init(role: "a", weight: .number(1)), .init(role: "b", weight: .number(-2))]
    }
    let result = Backtest(on: market, options: free()).result(of: run([(0, .buy)]), plan: legs, strategy: "s")
    // 50 of a get 1 each, 100 of b short pay 0.5 each; what b paid on the bar of the entry went to others.
    #expect(result.trades.map(\.dividends) == [50, -50])
    #expect(result.equity == [10_000, 10_000, 10_000, 10_000])
  }

  @Test func `a rotation gets what its symbols pay`() throws {
    let rising = (0..<8).map { 100 + Double($0) }
    let one = paying(rising, [5: 3]).named("A")
    let other = paying(rising.map { _ in 50 }, [5: 3]).named("B")
    let keys = "hold: { top: 1 }\nrebalance: 1d"
    let result = try rotation(keys).backtest([one, other])
    let plain = try rotation(keys).backtest(
      [one, other].map { candles in
        CandleSeries(instrument: candles.instrument, timeframe: .day, candles: (0..<8).map { bar in candles[bar] })
      })
    let paid = result.trades.reduce(0) { $0 + $1.dividends }
    let held = try #require(plain.trades.first)
    // It is the first symbol that rises; what it held before bar 5 got 3 a share.
    #expect(agree(paid, 3 * held.quantity))
    #expect(result.prices == .adjusted && plain.prices == .unadjusted)
  }
}
