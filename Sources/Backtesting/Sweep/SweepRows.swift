import Dispatch
public import Pipelines
import Synchronization
import Trading

/// Backtests many strategies over one market and hands over the figures of each.
///
/// Values are computed from the first bar there is; `options` says which bars count. No horizon is looked at. Memory
/// does not grow with the bars, nor with the number of strategies beyond their figures.
///
/// - Parameters:
///   - jobs: how many threads work at once.
///   - each: takes the place of a strategy and its figures, once each, in the order of the strategies, on the calling
///     thread. What it throws ends the sweep.
public func sweepRows(
  _ strategies: [Strategy], over market: Market, options: BacktestOptions = BacktestOptions(), jobs: Int = 1,
  each: (Int, SweepFigures) throws -> Void
) throws {
  let silent = strategies.map { strategy in
    var strategy = strategy
    // Nobody reads the reasons of a sweep's signals.
    strategy.rule.reasons = [:]
    return strategy
  }
  try sweepRows(StrategyFamily(silent), over: market, options: options, jobs: jobs, each: each)
}

/// The same over strategies whose graphs are one already, or over some of them by their places.
///
/// - Parameters:
///   - places: those that are backtested; without it all.
///   - each: takes the place of a strategy among those that are backtested.
public func sweepRows(
  _ family: StrategyFamily, at places: [Int]? = nil, over market: Market,
  options: BacktestOptions = BacktestOptions(), jobs: Int = 1, each: (Int, SweepFigures) throws -> Void
) throws {
  let places = places ?? Array(family.strategies.indices)
  var options = options
  options.horizons = []
  let backtest = Backtest(on: market.deciding, options: options)
  let blocks = CalendarBlocks(market.deciding.times[backtest.counted])
  let jobs = max(1, jobs)
  let fast = FastSweep(market, backtest, blocks, jobs: jobs)
  var first = 0
  while first < places.count {
    let window = places[first..<min(first + windowLimit, places.count)]
    let done = try fast?.figures(of: window, in: family) ?? window.map { _ in nil }
    let left = done.indices.filter { done[$0] == nil }.map { places[first + $0] }
    let rest = try figures(of: left, in: family, over: market, backtest, blocks, jobs: jobs)
    var next = 0
    for (place, figures) in done.enumerated() {
      if let figures {
        try each(first + place, figures)
      } else {
        try each(first + place, rest[next])
        next += 1
      }
    }
    first += done.count
  }
}

/// How many strategies are in memory together, and their figures.
private let windowLimit = 8_192

/// By ordinary replays.
private func figures(
  of places: [Int], in family: StrategyFamily, over market: Market, _ backtest: Backtest, _ blocks: CalendarBlocks,
  jobs: Int
) throws -> [SweepFigures] {
  var all: [SweepFigures] = []
  while all.count < places.count {
    let parts = (0..<jobs).map { job in
      let start = min(places.count, all.count + job * togetherLimit)
      return places[start..<min(places.count, start + togetherLimit)]
    }
    let done = Mutex<[Result<[SweepFigures], GraphError>?]>(Array(repeating: nil, count: jobs))
    DispatchQueue.concurrentPerform(iterations: jobs) { job in
      let figures = figures(of: family.extracting(parts[job]), over: market, backtest, blocks)
      done.withLock { $0[job] = figures }
    }
    for result in done.withLock({ $0 }) { all += try result?.get() ?? [] }
  }
  return all
}

/// How many strategies run as one graph: what they share is computed once, and their signals are in memory together.
private let togetherLimit = 32

private func figures(
  of family: StrategyFamily, over market: Market, _ backtest: Backtest, _ blocks: CalendarBlocks
) -> Result<[SweepFigures], GraphError> {
  do throws(GraphError) {
    let runs = try run(family, over: market)
    return .success(
      zip(family.strategies, runs).map { strategy, run in
        SweepFigures(backtest.result(of: run, plan: strategy.plan, strategy: strategy.name), blocks: blocks)
      })
  } catch {
    return .failure(error)
  }
}
