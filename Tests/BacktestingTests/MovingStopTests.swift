import Backtesting
import Pipelines
import PluginKit
import Testing
import Trading

/// Stops and targets that are worked out from expressions, at closes.
@Suite struct MovingStopTests {
  typealias Bar = (open: Double, high: Double, low: Double, close: Double)
  let flat: Bar = (100, 100, 100, 100)

  func rows(
    _ bars: [Bar?], columns: [[Double]] = [], _ signals: [(Int, Direction)] = [(0, .buy)],
    side: TradePlan.Side = .long, fill: BacktestOptions.Fill = .nextOpen, _ change: (inout TradePlan) -> Void
  ) -> [String] {
    var run = run(signals)
    run.columns = columns
    return backtest(
      run, on: series(bars), plan: plan(side, change), strategy: "s", options: free { $0.fill = fill }
    ).rows
  }

  @Test func `a distance at the entry's signal stays, one without moves with its column`() {
    let bars: [Bar?] = [flat, (100, 101, 96, 100), (100, 100, 93, 94)]
    let columns = [[5.0, 3, 2]]
    // 100 − 5 = 95 holds in bar 1 and fails in bar 2.
    #expect(
      rows(bars, columns: columns) { $0.stops = [.distance(.atEntry(0), from: .entry)] } == [
        "1 long 1@100.0-2@95.0 stop"
      ])
    // At the close of bar 1 the distance is 3.
    #expect(
      rows(bars, columns: columns) { $0.stops = [.distance(.column(0), from: .entry)] } == [
        "1 long 1@100.0-2@97.0 stop"
      ])
  }

  @Test func `a distance mirrors for a short`() {
    let bars: [Bar?] = [flat, (100, 104, 99, 100), (100, 106, 100, 105)]
    #expect(
      rows(bars, columns: [[5, 5, 5]], [(0, .sell)], side: .short) {
        $0.stops = [.distance(.atEntry(0), from: .entry)]
      } == ["1 short 1@100.0-2@105.0 stop"])
  }

  @Test func `a level without a value stays where it was`() {
    let bars: [Bar?] = [flat, flat, (100, 100, 93, 94)]
    #expect(
      rows(bars, columns: [[95, .nan, .nan]]) { $0.stops = [.price(.column(0))] } == ["1 long 1@100.0-2@95.0 stop"])
    #expect(
      rows(bars, columns: [[.nan, .nan, .nan]]) { $0.stops = [.price(.column(0))] } == ["1 long 1@100.0-2@94.0 end"])
  }

  @Test func `a price stop follows its column from close to close`() {
    let bars: [Bar?] = [flat, (100, 110, 99, 109), (108, 109, 104, 105), (105, 106, 101, 102)]
    #expect(
      rows(bars, columns: [[90, 103, 103, 103]]) { $0.stops = [.price(.column(0))] } == ["1 long 1@100.0-3@103.0 stop"])
  }

  @Test func `a trailing stop hangs below the highest price of the bars before`() {
    // High 110 in bar 1: from bar 2 on the stop is 99. In bar 1 itself it is 90.
    let bars: [Bar?] = [flat, (100, 110, 95, 109), (108, 109, 100, 105), (105, 106, 98, 99)]
    #expect(rows(bars) { $0.stops = [.trail(0.1)] } == ["1 long 1@100.0-3@99.0 stop"])
    let down: [Bar?] = [flat, (100, 105, 90, 91), (92, 98.5, 91, 92), (92, 99.5, 91, 98)]
    #expect(rows(down, [(0, .sell)], side: .short) { $0.stops = [.trail(0.1)] } == ["1 short 1@100.0-3@99.0 stop"])
  }

  @Test func `of several stops the nearest counts`() {
    let bars: [Bar?] = [flat, (100, 110, 99, 109), (108, 109, 98, 100)]
    let both: [TradePlan.Stop] = [.fraction(0.03, from: .entry), .trail(0.1)]
    #expect(rows(bars) { $0.stops = both } == ["1 long 1@100.0-2@99.0 stop"])
    #expect(rows([flat, (100, 101, 96, 99)]) { $0.stops = both } == ["1 long 1@100.0-1@97.0 stop"])
  }

  @Test func `a condition is tested at the close and leaves at the next fill`() {
    let bars: [Bar?] = [flat, (100, 100, 90, 94), (95, 99, 95, 98), flat]
    let when = TradePlan.Stop.when(.binary(.less, .position(.return), .number(-0.05)))
    #expect(rows(bars) { $0.stops = [when] } == ["1 long 1@100.0-2@95.0 stop"])
    #expect(rows(bars, [(0, .buy), (1, .buy)]) { $0.stops = [when] } == ["1 long 1@100.0-2@95.0 stop"])
    let closing: [Bar?] = [flat, (100, 100, 90, 94), (95, 99, 95, 98)]
    #expect(rows(closing, fill: .close) { $0.stops = [when] } == ["1 long 0@100.0-1@94.0 stop"])
  }

  @Test func `the position's values are those of the close`() {
    // bars = 2 at the close of bar 2, high 112 and low 97 by then.
    let bars: [Bar?] = [flat, (100, 108, 97, 104), (104, 112, 103, 110), (111, 111, 111, 111)]
    for (value, wanted) in [
      (TradeExpression.PositionValue.bars, 2.0), (.high, 112), (.low, 97), (.price, 100), (.lastFill, 100), (.units, 1),
      (.return, 0.1), (.side, 1),
    ] {
      let at = TradeExpression.binary(
        .lessOrEqual, .unary(.absolute, .binary(.subtract, .position(value), .number(wanted))), .number(1e-12))
      let when = TradeExpression.binary(.and, at, .binary(.equal, .position(.bars), .number(2)))
      #expect(rows(bars) { $0.stops = [.when(when)] } == ["1 long 1@100.0-3@111.0 stop"], "\(value)")
    }
  }

  @Test func `targets by distance and by price fill as limit orders do`() {
    let bars: [Bar?] = [flat, (100, 104, 99, 103), (103, 112, 102, 111)]
    #expect(
      rows(bars, columns: [[4, 9, 9], [110, 110, 110]]) {
        $0.targets = [.init(at: .distance(.atEntry(0)), close: 0.5), .init(at: .price(.column(1)), close: 0.5)]
      } == ["1 long 1@100.0-1@104.0 target", "1 long 1@100.0-2@110.0 target"])
    let down: [Bar?] = [flat, (100, 101, 95, 97)]
    #expect(
      rows(down, columns: [[4, 9]], [(0, .sell)], side: .short) {
        $0.targets = [.init(at: .distance(.atEntry(0)), close: 1)]
      } == ["1 short 1@100.0-1@96.0 target"])
  }

  @Test func `after a stop the edge waits for a signal and while_true for the condition`() {
    let bars: [Bar?] = [flat, (100, 100, 94, 96), (97, 99, 96, 98), flat, flat]
    let stop = TradePlan.Stop.fraction(0.05, from: .entry)
    #expect(rows(bars) { $0.stops = [stop] } == ["1 long 1@100.0-1@95.0 stop"])
    // The condition is still true at the close of bar 1.
    #expect(
      rows(bars, columns: [[1, 1, 1, 1, 1], [0, 0, 0, 0, 0]]) {
        $0.stops = [stop]
        $0.reentry = .whileTrue(buy: 0, sell: 1)
      } == ["1 long 1@100.0-1@95.0 stop", "2 long 2@97.0-4@100.0 end"])
    // It has become false in between: what follows is a signal's business.
    #expect(
      rows(bars, columns: [[1, 0, 1, 1, 1], [0, 0, 0, 0, 0]]) {
        $0.stops = [stop]
        $0.reentry = .whileTrue(buy: 0, sell: 1)
      } == ["1 long 1@100.0-1@95.0 stop"])
  }
}
