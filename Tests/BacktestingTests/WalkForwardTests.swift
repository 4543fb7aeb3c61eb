import Pipelines
import PluginKit
import Testing
import Trading

@testable import Backtesting

/// A walk forward against a loop by hand over ordinary backtests from one date to another.
@Suite struct WalkForwardTests {
  private func date(_ text: String) throws -> Instant { try #require(Instant(text)) }

  @Test func `rolling and anchored windows lie where the calendar says`() throws {
    let times = (0..<1_500).map { day($0) }  // 2024-01-01 to 2028-02-08
    func windows(_ kind: WalkPlan.Kind, _ train: String, _ test: String, _ step: String? = nil) throws -> [String] {
      let plan = WalkPlan(
        kind: kind, train: try #require(WalkSpan(train)), test: try #require(WalkSpan(test)),
        step: try step.map { try #require(WalkSpan($0)) })
      return try #require(plan.windows(over: times)).map {
        [$0.train.lowerBound, $0.train.upperBound, $0.test.lowerBound, $0.test.upperBound].map(\.dateText)
          .joined(separator: " ")
      }
    }
    #expect(
      try windows(.rolling, "2y", "1y") == [
        "2024-01-01 2025-12-31 2026-01-01 2026-12-31", "2025-01-01 2026-12-31 2027-01-01 2027-12-31",
        "2026-01-01 2027-12-31 2028-01-01 2028-02-08",
      ])
    #expect(
      try windows(.anchored, "2y", "1y") == [
        "2024-01-01 2025-12-31 2026-01-01 2026-12-31", "2024-01-01 2026-12-31 2027-01-01 2027-12-31",
        "2024-01-01 2027-12-31 2028-01-01 2028-02-08",
      ])
    #expect(
      try windows(.rolling, "1000b", "250b") == [
        "2024-01-01 2026-09-26 2026-09-27 2027-06-03", "2024-09-07 2027-06-03 2027-06-04 2028-02-08",
      ])
    #expect(
      try windows(.rolling, "3y", "6mo", "1y") == [
        "2024-01-01 2026-12-31 2027-01-01 2027-06-30",
        "2025-01-01 2027-12-31 2028-01-01 2028-02-08",
      ])
    #expect(try windows(.rolling, "9y", "1y").isEmpty)
    let overlapping = WalkPlan(kind: .rolling, train: .months(12), test: .months(12), step: .months(6))
    #expect(overlapping.windows(over: times) == nil)
  }

  @Test(arguments: ["5y", "1000b", "30d", "8w", "6mo"]) func `a span reads as it is written`(text: String) throws {
    #expect(try #require(WalkSpan(text)).description == (text == "30d" ? "30d" : text))
  }

  @Test(arguments: ["", "5", "y", "0y", "-1y", "5 y", "1.5y", "5x", "999999y"])
  func `what is no span is refused`(text: String) { #expect(WalkSpan(text) == nil) }

  @Test(arguments: [WalkPlan.Kind.rolling, .anchored], ["total_return", "sharpe"])
  func `a walk is the loop by hand`(kind: WalkPlan.Kind, metric: String) throws {
    let sweep = try SweepTests.sweep(["a.fast=2,5,9", "a.slow=20,40"])
    let candles = sweep.markets[0].deciding
    let rank = try #require(SweepRank(metric))
    let plan = WalkPlan(kind: kind, train: .bars(400), test: .bars(200))
    let windows = try #require(plan.windows(over: candles.times))
    #expect(windows.count == 4)
    let walk = try sweep.walkedForward(Array(0..<6), windows, plan: plan, by: rank)

    var money = 10_000.0
    var equity: [Double] = []
    var trades = 0
    for (number, window) in walk.windows.enumerated() {
      let start = kind == .rolling ? 200 * number : 0
      var training = BacktestOptions()
      (training.from, training.to) = (candles.times[start], candles.times[400 + 200 * number - 1])
      var best: (pair: (Int, Int), value: Double)?
      for fast in [2, 5, 9] {
        for slow in [20, 40] {
          let metrics = try SweepTests.result(fast: fast, slow: slow, candles, training).metrics
          guard let value = metric == "sharpe" ? metrics.sharpe : metrics.totalReturn else { continue }
          if best.map({ value > $0.value }) ?? true { best = ((fast, slow), value) }
        }
      }
      let chosen = try #require(best)
      #expect(window.settings == [.number(Double(chosen.pair.0)), .number(Double(chosen.pair.1))])
      #expect(agree(try #require(window.inSample?[rank.place] ?? nil), chosen.value))
      var testing = BacktestOptions()
      let end = min(candles.count, 600 + 200 * number)
      (testing.from, testing.to) = (candles.times[400 + 200 * number], candles.times[end - 1])
      let result = try SweepTests.result(fast: chosen.pair.0, slow: chosen.pair.1, candles, testing)
      #expect(window.outOfSample == MetricColumn.values(result.metrics))
      equity += result.equity.map { $0 / 10_000 * money }
      money = equity.last ?? money
      trades += result.trades.count
    }
    let joined = try #require(walk.joined.first)
    #expect(joined.times == Array(candles.times[400...]))
    #expect(joined.equity.count == equity.count)
    #expect(zip(joined.equity, equity).allSatisfy { agree($0, $1, to: 1e-12) })
    #expect(joined.metrics.trades == trades)
    #expect(agree(joined.metrics.totalReturn, money / 10_000 - 1))
    // The Sharpe ratio of the joined returns, written out.
    var returns: [Double] = []
    for (place, value) in equity.enumerated() { returns.append(value / (place == 0 ? 10_000 : equity[place - 1]) - 1) }
    let mean = returns.reduce(0, +) / Double(returns.count)
    let variance = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(returns.count - 1)
    #expect(agree(try #require(joined.metrics.sharpe), mean / variance.squareRoot() * 252.0.squareRoot()))
  }

  @Test func `later prices change nothing of an earlier window`() throws {
    let sweep = try SweepTests.sweep(["a.fast=2,5,9", "a.slow=20,40"])
    let rank = try #require(SweepRank("sharpe"))
    let plan = WalkPlan(kind: .rolling, train: .bars(400), test: .bars(200))
    let candles = sweep.markets[0].deciding
    let windows = try #require(plan.windows(over: candles.times))
    let whole = try sweep.walkedForward(Array(0..<6), windows, plan: plan, by: rank)
    let cut = Market(candles).past(upTo: 599)
    let short = Sweep(
      sweep.template, sweep.grid, over: [cut], options: BacktestOptions(), jobs: 1, store: SweepTests.Memory())
    let first = try short.walkedForward(Array(0..<6), [windows[0]], plan: plan, by: rank)
    #expect(first.windows[0].settings == whole.windows[0].settings)
    #expect(first.windows[0].outOfSample == whole.windows[0].outOfSample)
  }

  @Test func `where nothing ranks the money lies still`() throws {
    // No average of 900 bars is known in 400 bars of training: nothing trades, and no Sharpe ratio is defined.
    let sweep = try SweepTests.sweep(["a.fast=800", "a.slow=900"])
    let plan = WalkPlan(kind: .rolling, train: .bars(400), test: .bars(400))
    let windows = try #require(plan.windows(over: sweep.markets[0].deciding.times))
    let walk = try sweep.walkedForward([0], [windows[0]], plan: plan, by: try #require(SweepRank("sharpe")))
    #expect(walk.windows[0].settings == nil)
    #expect(walk.joined[0].equity == Array(repeating: 10_000, count: 400))
    #expect(walk.joined[0].metrics.sharpe == nil)
    #expect(walk.joined[0].metrics.trades == 0)
  }
}
