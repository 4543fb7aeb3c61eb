import Backtesting
public import PluginKit
public import Pipelines
public import Trading

/// All insights into one symbol at the close of its last bar, from its bars and what strategies said of them: the same
/// for the same input and seed, and nothing of it from a later bar.
public struct SymbolInsights: Hashable, Sendable {
  public struct Settings: Hashable, Sendable {
    /// Bars over which what follows is measured, 1 to 60.
    public var horizon = 5
    /// Bars that analogues are compared by.
    public var analogueBars = 20
    /// How far apart two signals of a sequence may lie; nil takes the usual of the timeframe.
    public var gap: PatternGap?
    /// Circular shifts of the tests of patterns.
    public var shifts = 499
    /// Of all chance.
    public var seed: UInt64 = 1

    public init() {}
  }

  public var symbol: String
  public var timeframe: Timeframe
  public var bars: Int
  /// Labels of the first and the last bar; nil without bars.
  public var from, to: Instant?
  public var strategies: Int
  public var settings: Settings
  public var regime: RegimeReading?
  public var sentiment: SentimentScore?
  public var forecasts: DirectionForecasts
  public var analogues: Analogues?
  public var patterns: Patterns
  public var clusters: SituationClusters?
  /// What could not be computed, and why.
  public var missing: [String]

  /// - Parameters:
  ///   - said: what strategies said of these candles; signals on later bars are passed over.
  public init(
    of candles: CandleSeries, said: [(strategy: String, signals: [Signal])], registry: Registry, _ settings: Settings
  ) throws(GraphError) {
    symbol = candles.instrument.symbol
    timeframe = candles.timeframe
    bars = candles.count
    (from, to) = (candles.times.first, candles.times.last)
    strategies = said.count
    self.settings = settings
    let horizon = Horizon.bars(settings.horizon)
    regime = RegimeReading(of: candles, horizon: horizon)
    sentiment = try SentimentScore(of: candles, registry: registry)
    forecasts = try DirectionForecasts(of: candles, horizon: settings.horizon, registry: registry)
    var analogue = Analogues.Settings()
    (analogue.bars, analogue.horizon) = (settings.analogueBars, settings.horizon)
    analogues = Analogues(of: candles, analogue)
    let history = SignalHistory(said, over: candles)
    var pattern = PatternSettings(
      gap: settings.gap ?? .usual(candles.timeframe), horizon: horizon, seed: settings.seed)
    pattern.shifts = settings.shifts
    patterns = Patterns(history, over: candles, pattern)
    clusters = SituationClusters(history, over: candles, horizon: horizon, .init(seed: settings.seed))
    missing = []
    missing = reasons(history)
  }

  private func reasons(_ history: SignalHistory) -> [String] {
    var missing: [String] = []
    if regime?.regime ?? .unknown == .unknown {
      missing.append("market regime: it needs 200 closes; there are \(bars) bars")
    }
    if sentiment == nil {
      missing.append("sentiment score: the last bar lacks one of its parts (50 bars, and a volume)")
    }
    for model in forecasts.models where model.chance == nil {
      missing.append(
        "forecast (\(model.name)): it learns from 500 bars in a row after 50 of warm-up; the last bar has none")
    }
    if analogues == nil {
      missing.append(
        "analogues: they need more than \(2 * settings.analogueBars + settings.horizon) bars, and the last \(settings.analogueBars) without a gap"
      )
    }
    if patterns.findings.isEmpty {
      missing.append(
        "patterns: none came \(patterns.settings.leastSupport) times, in \(history.calls) signals of \(strategies) strategies"
      )
    }
    if clusters == nil { missing.append("clusters: too few signals to part (20 for a fit, after 100 bars)") }
    return missing
  }
}
