public import PluginKit
import Trading

/// A model that is fitted to the past alone forecasts the direction, and its forecasts have been better than the base
/// rate.
///
///     features: change(close, 1), change(close, 5), change(close, 20), rsi(close, 14), close / sma(close, 50) − 1, natr(14)
///     buy:  probability ≥ base + margin and edge ≥ limit; sell: probability ≤ base − margin, same edge
///     confidence: 100 × the chance of the direction
///
/// The edge is how surely all its forecasts so far were better than the base rate, in standard errors: below 1.64 they
/// were not, and the module is silent. See `logistic_forecast` and `boosted_forecast`.
public struct DirectionForecast: SignalModule {
  public static let id = "direction_forecast"
  public static let summary = "A forecast of the direction, acted on where such forecasts have beaten the base rate."
  public static let parameters: [Parameter<DirectionForecast>] = [
    .choice("model", \.model, ["logistic", "boosted"], "logistic regression or gradient-boosted stumps"),
    .integer("horizon", \.horizon, 1...60, "bars on"),
    .integer("window", \.window, 8...5_000, "bars of training"),
    .integer("every", \.every, 5...1_000, "bars from one training to the next"),
    .integer("gap", \.gap, 0...60, "bars between the last outcome of training and the forecast"),
    .percent("margin", \.margin, 0...1, "how far the chance is from the base rate"),
    .number("edge", \.edge, -10...10, "standard errors by which past forecasts beat the base rate"),
  ]
  public static let examples = [
    SignalExample(
      ["horizon": .number(1), "window": .number(20), "gap": .number(0), "edge": .number(-10)],
      closes: String(repeating: "99 101 ", count: 35) + "99 101", gives: [(69, .sell), (70, .buy), (71, .sell)],
      note: "features from bar 49 on, training of bars 49 to 68: after 101 always 99, after 99 always 101"),
    SignalExample(
      ["horizon": .number(1), "window": .number(20), "gap": .number(0)],
      closes: String(repeating: "99 101 ", count: 35) + "99 101", gives: [],
      note: "the same before 30 forecasts are settled: nothing is known of how good they are"),
  ]

  public var model = "logistic"
  public var horizon = 5
  public var window = 500
  public var every = 63
  public var gap = 5
  public var margin = 0.05
  public var edge = 1.64

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let (probability, base, record) = (forecast(0), forecast(1), forecast(2))
    let isBetter = record >= .number(edge)
    let up = probability >= base + .number(margin)
    let down = probability <= base - .number(margin)
    let told = "chance of a rise in \(horizon) bars {chance} against {base}, edge {edge}"
    return Rule(
      buy: up && isBetter, sell: down && isBetter,
      confidence: 100 * (probability >= base).choose(probability, else: 1 - probability),
      quotes: [("chance", probability), ("base", base), ("edge", record)], buyReason: told, sellReason: told)
  }

  private func forecast(_ output: Int) -> Term {
    let settings = [
      "horizon": Double(horizon), "window": Double(window), "every": Double(every), "gap": Double(gap),
    ]
    let average = Term.indicator("sma", .close, with: ["period": 50])
    return .indicator(
      model == "boosted" ? BoostedForecast.id : LogisticForecast.id, .close, Term.close.change(),
      Term.close.change(5), Term.close.change(20), .indicator("rsi", .close, with: ["period": 14]),
      .close / average - 1, .indicator("natr", with: ["period": 14]), with: settings, output: output)
  }
}
