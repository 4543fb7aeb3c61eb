import Dispatch
public import Pipelines
import Synchronization
import Trading

/// Backtests many strategies over one market and hands over the figures of each.
///
/// Values are computed from the first bar there is; `options` says which bars count. No horizon is looked at. Memory
/// does not grow with the number of strategies.
///
/// - Parameters:
///   - jobs: how many threads work at once.
///   - each: takes the place of a strategy and its figures, once each, in the order of the strategies, on the calling
///     thread. What it throws ends the sweep.
public func sweepRows(
  _ strategies: [Strategy], over market: Market, options: BacktestOptions = BacktestOptions(), jobs: Int = 1,
  each: (Int, SweepFigures) throws -> Void
) throws {
  var options = options
  options.horizons = []
  let backtest = Backtest(on: market.deciding, options: options)
  let blocks = CalendarBlocks(market.deciding.times[backtest.counted])
  let jobs = max(1, jobs)
  var first = 0
  while first < strategies.count {
    let parts = (0..<jobs).map { job in
      let start = min(strategies.count, first + job * togetherLimit)
      return start..<min(strategies.count, start + togetherLimit)
    }
    let done = Mutex<[Result<[SweepFigures], GraphError>?]>(Array(repeating: nil, count: jobs))
    DispatchQueue.concurrentPerform(iterations: jobs) { job in
      let figures = figures(of: strategies[parts[job]], over: market, backtest, blocks)
      done.withLock { $0[job] = figures }
    }
    let results = done.withLock { $0 }
    for (part, result) in zip(parts, results) {
      for (place, figures) in zip(part, try result?.get() ?? []) { try each(place, figures) }
    }
    first = parts.last?.upperBound ?? strategies.count
  }
}

/// How many strategies run as one graph: what they share is computed once, and their signals are in memory together.
private let togetherLimit = 32

private func figures(
  of strategies: ArraySlice<Strategy>, over market: Market, _ backtest: Backtest, _ blocks: CalendarBlocks
) -> Result<[SweepFigures], GraphError> {
  let silent = strategies.map { strategy in
    var strategy = strategy
    // Nobody reads the reasons of a sweep's signals.
    strategy.rule.reasons = [:]
    return strategy
  }
  do throws(GraphError) {
    let runs = try run(silent, over: market)
    return .success(
      zip(silent, runs).map { strategy, run in
        SweepFigures(backtest.result(of: run, plan: strategy.plan, strategy: strategy.name), blocks: blocks)
      })
  } catch {
    return .failure(error)
  }
}
