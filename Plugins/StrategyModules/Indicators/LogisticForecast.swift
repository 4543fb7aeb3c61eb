public import PluginKit
import SeriesMath

/// The chance that x stands higher `horizon` bars on, by logistic regression on six features.
///
///     every `every` bars fitted to the `window` latest bars whose outcome was known `gap` bars before
///     features in deviations from their mean over those bars; penalty / 2 × Σ weight² is taken from the likelihood
///     base: how often it rose over those bars
///     edge: of base error² − own error² over all forecasts so far, the mean in standard errors (Newey and West,
///           2 × horizon lags); 0 before 30 are settled
///
/// An edge below 1.64 is no better than the base rate. A feature that does not vary, a plain number among them, tells
/// nothing. Source: T. Hastie, R. Tibshirani, J. Friedman, The Elements of Statistical Learning, 2009; M. López de
/// Prado, Advances in Financial Machine Learning, 2018, chapter 7, for the gap.
public struct LogisticForecast: Indicator {
  public static let id = "logistic_forecast"
  public static let summary =
    "The chance that x rises, by logistic regression on six features, fitted to the past alone."
  public static let inputs = ["x", "f1", "f2", "f3", "f4", "f5", "f6"]
  public static let outputs = ["probability", "base", "edge"]
  public static let parameters: [Parameter<LogisticForecast>] = [
    .integer("horizon", \.horizon, 1...60, "bars on"),
    .integer("window", \.window, 8...5_000, "bars of training"),
    .integer("every", \.every, 5...1_000, "bars from one training to the next"),
    .integer("gap", \.gap, 0...60, "bars between the last outcome of training and the forecast"),
    .number("penalty", \.penalty, 0...1_000_000, "on large weights"),
  ]
  private static let flat = Array(repeating: 1.0, count: 10)
  public static let examples = [
    Example(
      ["horizon": 1, "window": 8, "gap": 0], [1, 2, 3, 2, 3, 4, 3, 4, 5, 4], flat, flat, flat, flat, flat, flat,
      gives: [nil, nil, nil, nil, nil, nil, nil, nil, 0.75, 0.75],
      [nil, nil, nil, nil, nil, nil, nil, nil, 0.75, 0.75], [nil, nil, nil, nil, nil, nil, nil, nil, 0, 0],
      note: "features that do not vary leave the base rate: 6 of 8 bars rose"),
    Example(
      ["horizon": 1, "window": 8, "gap": 0, "penalty": 0], [1, 2, 3, 4, 3, 2, 1, 0, 1, 0],
      [1, 1, 1, 1, -1, -1, -1, -1, 1, -1], flat, flat, flat, flat, flat,
      gives: [nil, nil, nil, nil, nil, nil, nil, nil, 0.75, 0.25],
      [nil, nil, nil, nil, nil, nil, nil, nil, 0.5, 0.5], [nil, nil, nil, nil, nil, nil, nil, nil, 0, 0],
      note: "3 of 4 rose where the feature was 1, 1 of 4 where it was −1; without a penalty that is the likeliest"),
  ]

  public var horizon = 5
  public var window = 500
  public var every = 63
  public var gap = 5
  public var penalty = 10.0
  private var walk = ForecastWalk<LogisticRegression>(horizon: 1, window: 1, every: 1, gap: 0)

  public init() {}

  public var warmUp: Int { ForecastWalk<LogisticRegression>.warmUp(horizon, window, gap) }
  public var reach: Int { warmUp }

  public mutating func start() {
    walk = ForecastWalk(horizon: horizon, window: window, every: every, gap: gap)
  }

  public mutating func first(_ x: borrowing View) -> Three { next(x) }

  public mutating func next(_ x: borrowing View) -> Three {
    let penalty = penalty
    return walk.next(x) { rows, labels in
      LogisticRegression(
        rows, width: ForecastWalk<LogisticRegression>.features, labels: labels, penalty: penalty)
    }
  }
}
