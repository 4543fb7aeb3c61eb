public import Backtesting
public import Insights
public import Trading

extension DailyReport {
  /// The calls of a strategy, judged.
  public struct Rating: Hashable, Sendable {
    public var strategy: String
    public var outcome: HorizonOutcome
    /// Adjusted for all that were tested with it; nil under the least number of samples.
    public var pValue: Double?

    public init(strategy: String, outcome: HorizonOutcome, pValue: Double? = nil) {
      self.strategy = strategy
      self.outcome = outcome
      self.pValue = pValue
    }
  }

  /// What the strategies came to on one symbol, replayed over all its bars.
  public struct Market: Hashable, Sendable {
    public var symbol: String
    /// Bars that were replayed, and the label of the first one.
    public var bars: Int
    public var from: Instant?
    /// The strategy with the greatest mean return of those that have samples enough.
    public var best: Rating?
    /// How many have samples enough.
    public var rated: Int
    /// All calls on the symbol.
    public var all: HorizonOutcome

    public init(symbol: String, bars: Int, from: Instant?, best: Rating?, rated: Int, all: HorizonOutcome) {
      self.symbol = symbol
      self.bars = bars
      self.from = from
      self.best = best
      self.rated = rated
      self.all = all
    }
  }

  /// Calls that were judged, by whether the rule that made them was born by then; nil where there are none.
  public struct Samples: Hashable, Sendable {
    public var before, outOfSample: HorizonOutcome?

    public init(before: HorizonOutcome?, outOfSample: HorizonOutcome?) {
      self.before = before
      self.outOfSample = outOfSample
    }
  }

  /// Calls of all strategies together.
  public struct Total: Hashable, Sendable {
    public var outcome: HorizonOutcome
    /// Calls whose horizon has not ended.
    public var open: Int
    /// Strategies on symbols that were tested together, and those of them that are beyond luck at 5 %.
    public var tested, significant: Int
    /// Whether a confidence was what it said; nil where none has ended.
    public var calibration: Calibration?
    /// Before and after the births of the rules; nil where no birth is known.
    public var samples: Samples?

    public init(
      outcome: HorizonOutcome, open: Int, tested: Int, significant: Int, calibration: Calibration? = nil,
      samples: Samples? = nil
    ) {
      self.samples = samples
      self.outcome = outcome
      self.open = open
      self.tested = tested
      self.significant = significant
      self.calibration = calibration
    }
  }

  /// A strategy that does not do any more what its history gave.
  public struct Drift: Hashable, Sendable {
    public var strategy: String
    public var since: Instant
    public var rate, history: Double
    public var count: Int

    public init(strategy: String, since: Instant, rate: Double, history: Double, count: Int) {
      self.strategy = strategy
      self.since = since
      self.rate = rate
      self.history = history
      self.count = count
    }
  }
}
