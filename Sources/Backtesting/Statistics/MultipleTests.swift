/// What one strategy earned from bar to bar beyond its exposure (`BacktestResult.adjustedReturns`).
public struct ReturnColumn: Hashable, Sendable {
  public var name: String
  public var returns: [Double]

  public init(name: String, returns: [Double]) {
    self.name = name
    self.returns = returns
  }
}

/// Whether any of all strategies tried, and which of them, earned more than luck explains. The null is that none has a
/// mean above 0; p-values are (1 + replications at least as good) / (1 + replications), so never 0.
public struct MultipleTests: Hashable, Sendable {
  /// Three ways to centre the strategies that did badly. `lower` leaves out all below 0 (too bold), `upper` none (too
  /// timid: bad strategies blunt it), `consistent` those that are bad beyond doubt. `consistent` is the one to read.
  public struct SuperiorPredictiveAbility: Hashable, Sendable {
    public var lower, consistent, upper: Double
  }

  /// White's reality check: the largest mean, not studentised. Source: H. White, A Reality Check for Data Snooping,
  /// Econometrica 68, 2000.
  public var realityCheck: Double
  /// Hansen's test: the largest studentised mean. Source: P. Hansen, A Test for Superior Predictive Ability, Journal of
  /// Business & Economic Statistics 23, 2005.
  public var superiorPredictiveAbility: SuperiorPredictiveAbility
  /// For each strategy in the order given, its p-value adjusted for all of them: what is below 5 % may be called better
  /// than its exposure, and the chance that any of the names so called is wrong is 5 %. 1 for one whose returns do not
  /// vary. Source: J. Romano and M. Wolf, Stepwise Multiple Testing as Formalized Data Snooping, Econometrica 73, 2005;
  /// Efficient Computation of Adjusted p-Values, Statistics & Probability Letters 113, 2016.
  public var stepdown: [Double]
  /// The mean of each strategy over its long-run standard error; 0 for one whose returns do not vary.
  public var studentised: [Double]
  /// The mean length of the blocks that were resampled, and how often.
  public var meanBlock: Double
  public var replications: Int
}

/// The tests over columns that are all at hand. Nil where there is none, where they differ in length or are shorter than
/// ten bars, where a return is no finite number, or without replications.
public func multipleTests(
  _ columns: [ReturnColumn], replications: Int, meanBlock: Double?, seed: UInt64
) -> MultipleTests? {
  multipleTests(
    strategies: columns.count, bars: columns.first?.returns.count ?? 0, replications: replications,
    meanBlock: meanBlock, seed: seed
  ) { columns[$0].returns }
}

/// The tests over columns that are made one at a time: each is asked for twice, three times where `meanBlock` is nil, and
/// none is kept. The first return is that of the same bar in all.
///
/// Time: strategies × replications × bars / block. Memory: one column, some numbers a strategy and a replication, and the
/// blocks drawn as far as they fit into 64 MB; beyond that they are drawn anew for each strategy. `meanBlock` nil takes
/// the median over the strategies of the automatic length. The order of the strategies changes nothing.
public func multipleTests(
  strategies: Int, bars: Int, replications: Int, meanBlock: Double?, seed: UInt64,
  column: (Int) throws -> [Double]
) rethrows -> MultipleTests? {
  try multipleTests(
    strategies: strategies, bars: bars, replications: replications, meanBlock: meanBlock, seed: seed, keeping: 64 << 20,
    column: column)
}

/// The same with another bound, in bytes, on the blocks that are kept.
func multipleTests(
  strategies: Int, bars: Int, replications: Int, meanBlock: Double?, seed: UInt64, keeping most: Int,
  column: (Int) throws -> [Double]
) rethrows -> MultipleTests? {
  guard strategies > 0, bars >= 10, replications > 0 else { return nil }
  func checked(_ strategy: Int) throws -> [Double]? {
    let returns = try column(strategy)
    return returns.count == bars && returns.allSatisfy(\.isFinite) ? returns : nil
  }

  var block = meanBlock ?? 1
  if meanBlock == nil {
    var blocks: [Double] = []
    for strategy in 0..<strategies {
      guard let returns = try checked(strategy) else { return nil }
      if returns.contains(where: { $0 != returns[0] }) { blocks.append(StationaryBootstrap.automaticBlock(returns)) }
    }
    blocks.sort()
    block = blocks.isEmpty ? 1 : blocks[blocks.count / 2]
  }
  guard block.isFinite, block >= 1 else { return nil }

  var summaries: [ColumnSummary] = []
  for strategy in 0..<strategies {
    guard let returns = try checked(strategy) else { return nil }
    summaries.append(ColumnSummary(returns, meanBlock: block))
  }
  var tally = MaximumTally(summaries, replications: replications, bars: bars)
  let resamples = Resamples(bars: bars, meanBlock: block, replications: replications, seed: seed, keeping: most)
  var means = Array(repeating: 0.0, count: replications)
  // From the worst to the best: what has been seen is then what a step down has left to reject.
  for strategy in tally.ascending {
    guard let returns = try checked(strategy) else { return nil }
    resamples.centredMeans(of: returns, mean: summaries[strategy].mean, into: &means)
    tally.take(strategy, means)
  }
  return tally.tests(meanBlock: block)
}

/// What is known of a column before any resampling.
struct ColumnSummary {
  let mean: Double
  /// The standard error of the mean under the stationary bootstrap; 0 for a column that does not vary.
  let error: Double

  init(_ returns: [Double], meanBlock: Double) {
    let mean = returns.reduce(0, +) / Double(returns.count)
    self.mean = mean
    // A rounding error of the mean is no variation.
    let varies = returns.contains { $0 != returns[0] }
    error = varies ? stationaryError(of: returns.map { $0 - mean }, meanBlock: meanBlock) : 0
  }

  var studentised: Double { error > 0 ? mean / error : 0 }
}

/// The standard error of the mean of centred values, as the stationary bootstrap with blocks of that mean length would
/// give it after endless replications: the root of (R(0) + 2 Σ κ(i) R(i)) / n with Hansen's weights
/// κ(i) = (1 − i/n)(1 − q)ⁱ + (i/n)(1 − q)ⁿ⁻ⁱ and q = 1 / block. The sums over all lags come from two recursions round the
/// circle of the series, so that it costs n, not n².
func stationaryError(of values: [Double], meanBlock: Double) -> Double {
  let count = Double(values.count)
  let keep = 1 - 1 / meanBlock
  // keepⁿ: what is left of a value when the circle comes back to it.
  var round = 1.0
  var (near, aged) = (0.0, 0.0)  // Σ keepⁱ x[t + i] and Σ i keepⁱ x[t + i], 0 ≤ i < n, at t = 0
  for (lag, value) in values.enumerated() {
    near += round * value
    aged += Double(lag) * round * value
    round *= keep
  }
  var sum = 0.0
  for value in values.reversed() {
    // From t + 1 to t; the value at t leaves at the far end, after n bars, and comes in at the near one.
    aged = keep * (aged + near) - count * round * value
    near = value + keep * near - round * value
    sum += value * (value + 2 * (near - value - aged / count))
  }
  return max(0, sum).squareRoot() / count
}
