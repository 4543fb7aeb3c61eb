import Backtesting
import Pipelines
import Testing
import Trading

@Suite struct StopTests {
  let buy = run([(0, .buy)])
  let flat = (open: 100.0, high: 100.0, low: 100.0, close: 100.0)

  func rows(
    _ bars: [(open: Double, high: Double, low: Double, close: Double)?], _ plan: TradePlan, _ run: SignalRun,
    fill: BacktestOptions.Fill = .nextOpen
  ) -> [String] {
    backtest(run, on: series(bars), plan: plan, strategy: "s", options: free { $0.fill = fill }).rows
  }

  @Test func `a stop is live from the bar of its own fill`() {
    let stop = plan(.long) { $0.stops = [.fraction(0.05, from: .entry)] }
    #expect(rows([flat, (100, 101, 94, 99), flat], stop, buy) == ["1 long 1@100.0-1@95.0 stop"])
  }

  @Test func `a stop of a fill at the close is live from the next bar`() {
    let stop = plan(.long) { $0.stops = [.fraction(0.05, from: .entry)] }
    #expect(
      rows([(100, 101, 94, 100), (99, 100, 95, 96), flat], stop, buy, fill: .close) == ["1 long 0@100.0-1@95.0 stop"])
  }

  @Test func `a gap through the stop fills at the open`() {
    let stop = plan(.long) { $0.stops = [.fraction(0.05, from: .entry)] }
    #expect(rows([flat, flat, (90, 96, 88, 95)], stop, buy) == ["1 long 1@100.0-2@90.0 stop"])
    let short = plan(.short) { $0.stops = [.fraction(0.05, from: .entry)] }
    #expect(
      rows([flat, flat, (108, 110, 101, 102)], short, run([(0, .sell)])) == ["1 short 1@100.0-2@108.0 stop"])
  }

  @Test func `a gap through a target fills at the open`() {
    let target = plan(.long) { $0.targets = [.init(at: 0.1, close: 1)] }
    #expect(rows([flat, flat, (115, 116, 90, 95)], target, buy) == ["1 long 1@100.0-2@115.0 target"])
  }

  @Test func `with stop and target in one bar the stop comes first`() {
    let both = plan(.long) {
      $0.stops = [.fraction(0.05, from: .entry)]
      $0.targets = [.init(at: 0.05, close: 1)]
    }
    #expect(rows([flat, flat, (100, 106, 94, 100)], both, buy) == ["1 long 1@100.0-2@95.0 stop"])
    let short = plan(.short) {
      $0.stops = [.fraction(0.05, from: .entry)]
      $0.targets = [.init(at: 0.05, close: 1)]
    }
    #expect(rows([flat, flat, (100, 106, 94, 100)], short, run([(0, .sell)])) == ["1 short 1@100.0-2@105.0 stop"])
  }

  @Test func `each partial target is a row of the same position`() {
    let targets = plan(.long) { $0.targets = [.init(at: 0.1, close: 0.5), .init(at: 0.2, close: 0.5)] }
    let result = backtest(
      buy, on: series([flat, flat, (105, 112, 104, 110), (111, 125, 110, 124)]), plan: targets, strategy: "s")
    #expect(result.rows == ["1 long 1@100.0-2@110.0 target", "1 long 1@100.0-3@120.0 target"])
    let quantity = 10_000 / (100 * 1.001)
    #expect(agree(result.trades[0].quantity, quantity / 2))
    #expect(agree(result.trades[1].fees, quantity / 2 * 220 * 0.001))
    #expect(agree(result.metrics.finalEquity, 10_000 + result.trades[0].pnl + result.trades[1].pnl))
    #expect(result.metrics.trades == 2)
    #expect(result.metrics.winRate == 1)
  }

  @Test func `what a partial target leaves goes with the next exit`() {
    let targets = plan(.short) {
      $0.targets = [.init(at: 0.1, close: 0.25)]
      $0.stops = [.fraction(0.1, from: .entry)]
    }
    #expect(
      rows([flat, flat, (95, 96, 89, 90), (100, 111, 99, 110)], targets, run([(0, .sell)])) == [
        "1 short 1@100.0-2@90.0 target", "1 short 1@100.0-3@110.0 stop",
      ])
  }

  @Test func `after its bars a position is left at the open, and a waiting buy enters anew`() {
    let aged = plan(.long) { $0.maxBars = 2 }
    #expect(rows([flat, flat, flat, flat, flat], aged, buy) == ["1 long 1@100.0-3@100.0 max_bars"])
    #expect(
      rows([flat, flat, flat, flat, flat], aged, run([(0, .buy), (2, .buy)])) == [
        "1 long 1@100.0-3@100.0 max_bars", "2 long 3@100.0-4@100.0 end",
      ])
    #expect(rows([flat, flat, flat, flat], aged, buy, fill: .close) == ["1 long 0@100.0-2@100.0 max_bars"])
    #expect(rows([flat, flat, nil, nil, flat, flat], aged, buy) == ["1 long 1@100.0-5@100.0 max_bars"])
  }

  @Test func `a missing bar stops nothing`() {
    let stop = plan(.long) { $0.stops = [.fraction(0.05, from: .entry)] }
    #expect(rows([flat, flat, nil, (94, 99, 93, 98)], stop, buy) == ["1 long 1@100.0-3@94.0 stop"])
  }
}
