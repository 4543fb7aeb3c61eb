/// How many trials the best of a sweep was chosen from, over one market: what its Sharpe ratio is deflated by.
public struct SweepTrials: Hashable, Sendable {
  /// Where they were counted.
  public enum Source: String, Sendable {
    /// Over the combinations of this sweep alone: what was tried before it is not corrected for.
    case sweep
    /// Over all trials that the ledger holds for the same instrument, timeframe and overlapping dates.
    case ledger
  }

  public var source: Source
  /// All of them.
  public var raw: Int
  /// Those that are really different (`effectiveTrials`).
  public var effective: Double
  /// The variance of their Sharpe ratios, per bar.
  public var variance: Double

  public init(source: Source, raw: Int, effective: Double, variance: Double) {
    (self.source, self.raw, self.effective, self.variance) = (source, raw, effective, variance)
  }

  /// Those of a sweep's own combinations. A combination that never traded is a trial whose Sharpe ratio is 0.
  public init(of figures: [SweepFigures]) {
    let sharpes = figures.map { $0.moments?.sharpe ?? 0 }
    let mean = sharpes.reduce(0, +) / Double(max(1, sharpes.count))
    let squares = sharpes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.init(
      source: .sweep, raw: figures.count, effective: effectiveTrials(figures.map(\.blocks)),
      variance: squares / Double(max(1, sharpes.count - 1)))
  }
}

extension [SweepResult] {
  /// The same with the deflated Sharpe ratio of each, `trials` standing one a market.
  public func deflated(by trials: [SweepTrials]) -> [SweepResult] {
    map { result in
      var markets = result.markets
      for (place, trials) in zip(markets.indices, trials) {
        markets[place].metrics.deflatedSharpe = markets[place].moments.flatMap {
          deflatedSharpe($0, trials: trials.effective, varianceOfSharpes: trials.variance)
        }
      }
      return SweepResult(result.combination, result.settings, markets)
    }
  }
}
