public import Pipelines
public import Trading

/// The answer of a sweep.
public struct SweepReport: Sendable {
  /// How combinations were chosen.
  public enum Search: Sendable {
    case grid
    /// Drawn evenly from `of` combinations before the condition.
    case random(seed: UInt64, of: Int)
    case halving([Halving.Rung])
  }

  /// One market.
  public struct Series: Sendable {
    public var symbol: String
    public var timeframe: Timeframe
    public var bars: Int
    /// The first and the last that counts; nil where none does.
    public var first, last: Instant?
  }

  public var strategy: String
  public var series: [Series]
  public var axes: [ParameterAxis]
  public var rank: SweepRank
  public var search: Search
  /// Combinations after the condition, those that were refused included.
  public var combinations: Int
  /// Those whose values do not go together, and what is wrong with the first.
  public var refused: Int
  public var firstRefusal: String?
  /// One a market; empty where nothing is deflated.
  public var trials: [SweepTrials]
  /// The ledger that they were recorded and counted in; nil where they were not.
  public var ledger: String?
  /// Best first. With a split, the metrics of the first part order them, and `outOfSample` stands in their order.
  public var results: [SweepResult]
  public var split: SampleSplit?
  public var outOfSample: [SweepResult]
  /// Results that are shown; nil is all.
  public var shown: Int?

  public init(
    strategy: String, series: [Series], axes: [ParameterAxis], rank: SweepRank, search: Search, combinations: Int,
    refused: Int, firstRefusal: String?, trials: [SweepTrials], results: [SweepResult], split: SampleSplit? = nil,
    outOfSample: [SweepResult] = []
  ) {
    self.strategy = strategy
    self.series = series
    self.axes = axes
    self.rank = rank
    self.search = search
    self.combinations = combinations
    self.refused = refused
    self.firstRefusal = firstRefusal
    self.trials = trials
    self.results = results
    self.split = split
    self.outOfSample = outOfSample
  }

  /// The results that are shown, with those of the second part where there is one.
  public var rows: [(result: SweepResult, outOfSample: SweepResult?)] {
    let count = min(shown ?? results.count, results.count)
    return results[..<count].enumerated().map { ($1, $0 < outOfSample.count ? outOfSample[$0] : nil) }
  }
}

extension SweepReport.Series {
  /// The bars of a market that some options count.
  public init(_ market: Market, _ options: BacktestOptions) {
    let candles = market.deciding
    let counted = candles.bars(from: options.from, to: options.to)
    self.init(
      symbol: candles.instrument.symbol, timeframe: candles.timeframe, bars: counted.count,
      first: counted.isEmpty ? nil : candles.times[counted.lowerBound],
      last: counted.isEmpty ? nil : candles.times[counted.upperBound - 1])
  }
}
