public import Trading

/// What a league table shows of one strategy on one symbol. It does not grow with the bars.
public struct BacktestSummary: Sendable {
  public var strategy: String
  public var symbol: String
  public var timeframe: Timeframe
  /// How many signals there were.
  public var signalCount: Int
  /// The latest of them, in the order of their bars; how many depends on who made the summary.
  public var signals: [Signal]
  /// In the order in which the horizons were asked for.
  public var outcomes: [OutcomeSummary]
  public var metrics: Metrics
  /// How many trials it is one of; nil without a trial ledger.
  public var trials: TrialCount?
  /// The chance to see such returns without skill (`BacktestResult.pValue`).
  public var pValue: Double?
  /// Which prices it read.
  public var prices = PriceBasis.unadjusted
  /// The birth of the rule and what it came to since; nil where no birth is known.
  public var birth: (rule: RuleBirth, after: BirthSplit.Part)?
}

/// How often the signals of a horizon came true, and what acting on them brought in the mean; nil without signals.
public struct OutcomeSummary: Hashable, Sendable {
  public var horizon: Horizon
  public var successRate, meanReturn: Double?
}

extension BacktestResult {
  /// What a league table shows of it, with all of its signals.
  public var summary: BacktestSummary {
    BacktestSummary(
      strategy: strategy, symbol: symbol, timeframe: timeframe, signalCount: signals.count, signals: signals,
      outcomes: outcomes.map {
        OutcomeSummary(horizon: $0.horizon, successRate: $0.successRate, meanReturn: $0.meanReturn)
      },
      metrics: metrics, trials: trials, pValue: pValue, prices: prices, birth: birth.map { ($0.birth, $0.after) })
  }
}

extension BacktestSummary {
  /// Whether it earned more than its exposure to the prices explains, at a level of 5 %: adjusted p-value at most 0.05
  /// (which accounts for the strategies of the run) and deflated Sharpe ratio at least 0.95 (which accounts for all
  /// trials of the ledger). Nil where it was not corrected or its returns do not vary.
  public var beatsExposure: Bool? {
    guard let pValue, let deflated = metrics.deflatedSharpe else { return nil }
    return pValue <= 0.05 && deflated >= 0.95
  }
}
