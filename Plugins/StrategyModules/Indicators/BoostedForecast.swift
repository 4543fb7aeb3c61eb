public import PluginKit
import SeriesMath

/// The chance that x stands higher `horizon` bars on, by gradient-boosted stumps on six features.
///
///     every `every` bars fitted to the `window` latest bars whose outcome was known `gap` bars before
///     `rounds` splits of one feature each, of whose steps the share `rate` is taken, `leaf` bars on a side at least
///     base: how often it rose over those bars
///     edge: of base error² − own error² over all forecasts so far, the mean in standard errors (Newey and West,
///           2 × horizon lags); 0 before 30 are settled
///
/// An edge below 1.64 is no better than the base rate. Source: J. Friedman, Greedy Function Approximation: A Gradient
/// Boosting Machine, Annals of Statistics 29, 2001.
public struct BoostedForecast: Indicator {
  public static let id = "boosted_forecast"
  public static let summary =
    "The chance that x rises, by gradient-boosted stumps on six features, fitted to the past alone."
  public static let inputs = ["x", "f1", "f2", "f3", "f4", "f5", "f6"]
  public static let outputs = ["probability", "base", "edge"]
  public static let parameters: [Parameter<BoostedForecast>] = [
    .integer("horizon", \.horizon, 1...60, "bars on"),
    .integer("window", \.window, 8...5_000, "bars of training"),
    .integer("every", \.every, 5...1_000, "bars from one training to the next"),
    .integer("gap", \.gap, 0...60, "bars between the last outcome of training and the forecast"),
    .integer("rounds", \.rounds, 1...500, "splits"),
    .number("rate", \.rate, 0.001...1, "share of each step"),
    .integer("leaf", \.leaf, 1...2_500, "fewest bars on a side of a split"),
  ]
  private static let flat = Array(repeating: 1.0, count: 10)
  public static let examples = [
    Example(
      ["horizon": 1, "window": 8, "gap": 0, "rounds": 1, "rate": 1, "leaf": 1], [1, 2, 3, 4, 3, 2, 1, 0, 1, 0],
      [1, 1, 1, 1, -1, -1, -1, -1, 1, -1], flat, flat, flat, flat, flat,
      gives: [nil, nil, nil, nil, nil, nil, nil, nil, 0.7310585786300049, 0.2689414213699951],
      [nil, nil, nil, nil, nil, nil, nil, nil, 0.5, 0.5], [nil, nil, nil, nil, nil, nil, nil, nil, 0, 0],
      note: "where the feature was 1, 3 of 4 rose: (3 × 0.5 − 0.5) / (4 × 0.25) = 1, and 1 / (1 + 1 / e) = 0.731")
  ]

  public var horizon = 5
  public var window = 500
  public var every = 63
  public var gap = 5
  public var rounds = 50
  public var rate = 0.1
  public var leaf = 20
  private var walk = ForecastWalk<BoostedStumps>(horizon: 1, window: 1, every: 1, gap: 0)

  public init() {}

  public var warmUp: Int { ForecastWalk<BoostedStumps>.warmUp(horizon, window, gap) }
  public var reach: Int { warmUp }

  public mutating func start() {
    walk = ForecastWalk(horizon: horizon, window: window, every: every, gap: gap)
  }

  public mutating func first(_ x: borrowing View) -> Three { next(x) }

  public mutating func next(_ x: borrowing View) -> Three {
    let (rounds, rate, leaf) = (rounds, rate, leaf)
    return walk.next(x) { rows, labels in
      BoostedStumps(
        rows, width: ForecastWalk<BoostedStumps>.features, labels: labels, rounds: rounds, rate: rate, leaf: leaf)
    }
  }
}
