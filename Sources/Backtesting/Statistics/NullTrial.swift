public import Pipelines
import SeriesMath
import Trading

/// What the tests against luck say of strategies on one history in which none has skill, or in which the last one has.
public struct NullTrial: Hashable, Sendable {
  /// The smallest p-value of the step-down, White's, and Hansen's (consistent) over all strategies.
  public var stepdown, realityCheck, superiorPredictiveAbility: Double
  /// The strategy with the largest studentised mean.
  public var best: String
  /// The adjusted p-value of the planted strategy; nil where none was planted.
  public var planted: Double?
}

/// The null of `finstage selftest null`: strategies, and the prices that histories are made of.
public struct NullTrials: Sendable {
  private let strategies: [Strategy]
  private let planted: Strategy?
  private let prices: ResampledCandles
  private let replications: Int
  private let seed: UInt64

  /// A planted strategy must buy and sell by what `ResampledCandles.history(seed:edge:)` writes into the volume.
  public init(
    _ strategies: [Strategy], planted: Strategy? = nil, prices: ResampledCandles, replications: Int, seed: UInt64
  ) {
    self.strategies = strategies
    self.planted = planted
    self.prices = prices
    self.replications = replications
    self.seed = seed
  }

  /// The trial of that number, the same whichever were run before it; nil where there is nothing to test. With an edge (in
  /// standard deviations of the returns) the planted strategy runs too.
  public func trial(_ number: Int, edge: Double = 0) throws(GraphError) -> NullTrial? {
    var random = SplitMix64(seed: seed &+ UInt64(bitPattern: Int64(number)) &* 0xD134_2543_DE82_EF95)
    let candles = prices.history(seed: random.next(), edge: edge)
    let tried = strategies + (edge == 0 ? [] : [planted].compactMap { $0 })
    let columns = try NullTrials.columns(of: tried, over: candles)
    guard let tests = multipleTests(columns, replications: replications, meanBlock: nil, seed: random.next()),
      let least = tests.stepdown.min(),
      let best = tests.studentised.indices.max(by: { tests.studentised[$0] < tests.studentised[$1] })
    else { return nil }
    return NullTrial(
      stepdown: least, realityCheck: tests.realityCheck,
      superiorPredictiveAbility: tests.superiorPredictiveAbility.consistent, best: columns[best].name,
      planted: edge != 0 && planted != nil ? tests.stepdown.last : nil)
  }

  /// What each strategy earned beyond its exposure, free of cost; nothing where its account fell to nothing.
  static func columns(of strategies: [Strategy], over candles: CandleSeries) throws(GraphError) -> [ReturnColumn] {
    var options = BacktestOptions()
    options.feeRate = 0
    options.horizons = []
    let backtest = Backtest(on: candles, options: options)
    return zip(strategies, try run(strategies, over: candles)).map { strategy, run in
      let result = backtest.result(of: run, plan: strategy.plan, strategy: strategy.name)
      return ReturnColumn(
        name: strategy.name, returns: result.adjustedReturns ?? Array(repeating: 0, count: candles.count))
    }
  }
}
