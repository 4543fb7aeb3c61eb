import Backtesting
import Pipelines
import Testing
import Trading

/// Orders that wait for their price. Every case can be worked out by hand; 100 is the price at the signal.
@Suite struct EntryOrderTests {
  typealias Bar = (open: Double, high: Double, low: Double, close: Double)
  let flat: Bar = (100, 100, 100, 100)

  /// Signals at bar 0 unless said; the order's price is a column, so that it is read at the signal's bar.
  func rows(
    _ bars: [Bar?], _ entry: (TradeExpression, TradePlan.Expiry?) -> TradePlan.Entry, at price: Double,
    expires: TradePlan.Expiry? = nil, side: TradePlan.Side = .long, signals: [(Int, Direction)]? = nil,
    options: BacktestOptions = free(), _ change: (inout TradePlan) -> Void = { _ in }
  ) -> [String] {
    var run = run(signals ?? [(0, side == .short ? .sell : .buy)])
    run.columns = [[price] + Array(repeating: 1, count: bars.count - 1)]
    let plan = plan(side) {
      $0.entry = entry(.column(0), expires)
      $0.columns = [0]
      change(&$0)
    }
    return backtest(run, on: series(bars), plan: plan, strategy: "s", options: options).rows
  }

  func stop(_ price: TradeExpression, _ expires: TradePlan.Expiry?) -> TradePlan.Entry {
    .stop(price, expires: expires)
  }
  func limit(_ price: TradeExpression, _ expires: TradePlan.Expiry?) -> TradePlan.Entry {
    .limit(price, expires: expires)
  }

  @Test func `a stop order fills at its price, and at the open where the bar gaps through it`() {
    #expect(rows([flat, (100, 106, 99, 104)], stop, at: 105) == ["1 long 1@105.0-1@104.0 end"])
    #expect(rows([flat, (107, 109, 103, 104)], stop, at: 105) == ["1 long 1@107.0-1@104.0 end"])
    #expect(rows([flat, (100, 101, 94, 96)], stop, at: 95, side: .short) == ["1 short 1@95.0-1@96.0 end"])
    #expect(rows([flat, (93, 97, 91, 96)], stop, at: 95, side: .short) == ["1 short 1@93.0-1@96.0 end"])
  }

  @Test func `a limit order fills at its price, and at a better open`() {
    #expect(rows([flat, (100, 101, 94, 96)], limit, at: 95) == ["1 long 1@95.0-1@96.0 end"])
    #expect(rows([flat, (93, 97, 91, 96)], limit, at: 95) == ["1 long 1@93.0-1@96.0 end"])
    #expect(rows([flat, (100, 106, 99, 104)], limit, at: 105, side: .short) == ["1 short 1@105.0-1@104.0 end"])
    #expect(rows([flat, (107, 109, 103, 104)], limit, at: 105, side: .short) == ["1 short 1@107.0-1@104.0 end"])
  }

  @Test func `an order that nothing reaches does not fill, and the signal's own bar is not its market`() {
    #expect(rows([(100, 120, 90, 100), (100, 104, 99, 100)], stop, at: 105) == [])
  }

  @Test func `an order is valid for its bars, missing ones not counted`() {
    let later: [Bar?] = [flat, (100, 104, 99, 100), nil, (100, 106, 99, 104)]
    #expect(rows(later, stop, at: 105, expires: .bars(1)) == [])
    #expect(rows(later, stop, at: 105, expires: .bars(2)) == ["1 long 3@105.0-3@104.0 end"])
    #expect(rows(later, stop, at: 105) == ["1 long 3@105.0-3@104.0 end"])
  }

  @Test func `an order for a time is valid on bars that open within it`() {
    let later: [Bar?] = [flat, (100, 104, 99, 100), (100, 106, 99, 104)]
    #expect(rows(later, stop, at: 105, expires: .duration(Timeframe(1, .day))) == [])
    #expect(rows(later, stop, at: 105, expires: .duration(Timeframe(2, .day))) == ["1 long 2@105.0-2@104.0 end"])
    #expect(rows(later, stop, at: 105, expires: .session) == [])
  }

  @Test func `the opposite signal cancels an order, and a new one takes its place`() {
    let bars: [Bar?] = [flat, flat, flat, (100, 106, 99, 104)]
    #expect(rows(bars, stop, at: 105, signals: [(0, .buy), (1, .sell)]) == [])
    // The column says 1 at bar 1: a stop order at 1 fills at the next open.
    #expect(rows(bars, stop, at: 105, signals: [(0, .buy), (1, .buy)]) == ["1 long 2@100.0-3@104.0 end"])
  }

  @Test func `on both sides a signal leaves at the open and waits with its own order`() {
    let bars: [Bar?] = [flat, (100, 106, 100, 105), (105, 106, 104, 105), (104, 104, 100, 101)]
    // At bar 1 the column says 1, which a short's stop order waits for in vain.
    #expect(
      rows(bars, stop, at: 105, side: .both, signals: [(0, .buy), (1, .sell)]) == ["1 long 1@105.0-2@105.0 signal"])
  }

  @Test func `of the bar of a fill only what came after it for certain counts`() {
    let tight: (inout TradePlan) -> Void = { $0.stops = [.fraction(0.03, from: .entry)] }
    // The low of 99 may have come before the buy at 105; the close of 101 came after it and lies below 101.85.
    #expect(rows([flat, (100, 106, 99, 104)], stop, at: 105, tight) == ["1 long 1@105.0-1@104.0 end"])
    #expect(rows([flat, (100, 106, 99, 101)], stop, at: 105, tight) == ["1 long 1@105.0-1@101.85 stop"])
    // Below a limit order the low came after it: 94 is below 95 less 1 %.
    let near: (inout TradePlan) -> Void = { $0.stops = [.fraction(0.01, from: .entry)] }
    #expect(rows([flat, (100, 101, 94, 96)], limit, at: 95, near) == ["1 long 1@95.0-1@94.05 stop"])
    // A target above a stop order is certain, above a limit order only by the close.
    let target: (inout TradePlan) -> Void = { $0.targets = [.init(at: 0.02, close: 1)] }
    #expect(rows([flat, (100, 108, 99, 104)], stop, at: 105, target) == ["1 long 1@105.0-1@107.1 target"])
    #expect(rows([flat, (100, 101, 94, 96)], limit, at: 95, target) == ["1 long 1@95.0-1@96.0 end"])
    #expect(rows([flat, (100, 101, 94, 97)], limit, at: 95, target) == ["1 long 1@95.0-1@96.9 target"])
    #expect(
      rows([flat, (100, 101, 94, 99)], stop, at: 95, side: .short, tight) == ["1 short 1@95.0-1@97.85 stop"])
  }

  @Test func `slippage moves stop orders, not limit orders`() {
    let slipping = free { $0.slippage = 0.01 }
    #expect(rows([flat, (100, 106, 99, 104)], stop, at: 105, options: slipping) == ["1 long 1@106.05-1@104.0 end"])
    #expect(rows([flat, (100, 101, 94, 96)], limit, at: 95, options: slipping) == ["1 long 1@95.0-1@96.0 end"])
  }

  @Test func `with fills at the close an order rests from the next bar on too`() {
    let closing = free { $0.fill = .close }
    #expect(
      rows([(100, 120, 90, 100), (100, 106, 99, 104)], stop, at: 105, expires: .bars(1), options: closing)
        == ["1 long 1@105.0-1@104.0 end"])
  }

  @Test func `without a price there is no order`() {
    #expect(rows([flat, (100, 106, 99, 104)], stop, at: .nan) == [])
  }
}
