public import Pipelines

/// A strategy over the combinations of its parameters' values and over some markets.
public struct Sweep {
  /// The strategy.
  public let template: StrategyTemplate
  /// The combinations that there could be.
  public let grid: ParameterGrid
  /// The prices, one a symbol.
  public let markets: [Market]
  /// How each is backtested.
  public let options: BacktestOptions
  /// Threads.
  public let jobs: Int
  private let store: any SweepStore

  /// Combinations that are compiled and run together, so that memory does not grow with their number. What they read is
  /// worked out once for each such part.
  static let chunk = 4_096
  /// Rows that are kept together: a sweep that is killed loses no more than these and what one run works on.
  private static let batch = 64

  public init(
    _ template: StrategyTemplate, _ grid: ParameterGrid, over markets: [Market], options: BacktestOptions, jobs: Int,
    store: any SweepStore
  ) {
    self.template = template
    self.grid = grid
    self.markets = markets
    self.options = options
    self.jobs = max(1, jobs)
    self.store = store
  }

  /// What one stage gave.
  public struct Rows: Sendable {
    /// Combinations by number and their figures, one a market, in the order in which they were asked for.
    public internal(set) var rows: [(combination: Int, figures: [SweepFigures])] = []
    /// Combinations whose values do not go together, and what is wrong with the first.
    public internal(set) var refused = 0
    public internal(set) var firstRefusal: String?
  }

  /// Backtests some combinations over the bars that `options` counts. What the store knows is not computed again.
  public func rows(_ combinations: [Int], stage: Int = 0, options: BacktestOptions? = nil) throws -> Rows {
    var result = Rows()
    result.rows.reserveCapacity(combinations.count)
    var first = 0
    while first < combinations.count {
      let part = combinations[first..<min(first + Sweep.chunk, combinations.count)]
      try add(part, stage, options ?? self.options, to: &result)
      first = part.endIndex
    }
    return result
  }

  private func add(
    _ combinations: ArraySlice<Int>, _ stage: Int, _ options: BacktestOptions, to result: inout Rows
  ) throws {
    let (family, refused) = template.family(grid.axes, combinations.map { grid.values($0) })
    let made = combinations.enumerated().filter { refused[$0.offset] == nil }.map(\.element)
    result.refused += refused.count
    if result.firstRefusal == nil { result.firstRefusal = refused.min { $0.key < $1.key }?.value }
    var figures = made.map { _ in [SweepFigures?](repeating: nil, count: markets.count) }
    for (place, market) in markets.enumerated() {
      var missing: [Int] = []
      for (index, combination) in made.enumerated() {
        let key = SweepKey(stage: stage, market: place, combination: combination)
        figures[index][place] = store.figures(of: key)
        if figures[index][place] == nil { missing.append(index) }
      }
      var batch: [(key: SweepKey, figures: SweepFigures)] = []
      try sweepRows(family, at: missing, over: market, options: options, jobs: jobs) { at, found in
        let index = missing[at]
        figures[index][place] = found
        batch.append((SweepKey(stage: stage, market: place, combination: made[index]), found))
        if batch.count == Sweep.batch {
          try store.keep(batch)
          batch = []
        }
      }
      if !batch.isEmpty { try store.keep(batch) }
    }
    for (combination, figures) in zip(made, figures) {
      result.rows.append((combination, figures.compactMap(\.self)))
    }
  }
}
