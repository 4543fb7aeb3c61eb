public import PluginKit
import Trading

/// The inputs' directions, weighted, reach a threshold.
///
///     score = sum(weight × latest direction in the last `within` bars) / sum(weight), −100% to 100%
///     buy: score ≥ buy_at; sell: score ≤ −sell_at
///
/// A silent input adds nothing to the score, but its weight counts. The threshold is met to within 1e-9, so that
/// 0.7 + 0.1 of 1 is 80%.
public struct WeightedScore: SignalModule {
  public static let id = "weighted_score"
  public static let summary = "The inputs' directions, weighted, reach a threshold."
  public static let inputs = StepCount.atLeast(1)
  public static let parameters: [Parameter<WeightedScore>] = [
    .numbers("weights", \.weights, 0...1_000, "a weight for each input, in their order; none: all the same"),
    .percent("buy_at", \.buyAt, 0.01...1, "share of all weights that the buys must exceed the sells by"),
    .percent("sell_at", \.sellAt, 0.01...1, "share of all weights that the sells must exceed the buys by"),
    .integer("within", \.within, 1...100_000, "bars in which an input's latest direction counts, this one included"),
    .number("confidence", \.confidence, 0...100, "confidence of the signal"),
  ]
  public static let examples = [
    SignalExample(
      ["weights": .numbers([3, 1, 1])], closes: "95 105 115 125", inputLevels: [100, 110, 120],
      gives: [(0, .sell), (2, .buy)], note: "−5, 3 − 2, 4 − 1 and 5 of 5: −100%, 20%, 60%, 100%"),
    SignalExample(
      closes: "95 105 115 125", inputLevels: [100, 110, 120], gives: [(0, .sell), (3, .buy)],
      note: "all the same: −100%, −33%, 33%, 100%"),
  ]

  public var weights: [Double] = []
  public var buyAt = 0.5
  public var sellAt = 0.5
  public var within = 1
  public var confidence = 75.0

  public init() {}

  public func conflict(with steps: [Step]) -> String? {
    if weights.isEmpty { return nil }
    if weights.count != steps.count { return "weights has \(weights.count) numbers for \(steps.count) inputs" }
    return weights.allSatisfy { $0 == 0 } ? "one of the weights at least must be above 0" : nil
  }

  public func rule(_ steps: [Step]) -> Rule {
    let weights = weights.isEmpty ? steps.map { _ in 1 } : weights
    let all = weights.reduce(0, +)
    let shares = zip(steps, weights).map { ($0.vote.latest(within), $1 / all) }
    let score = BoundedSum(shares, in: -1...1)
    let mirror = BoundedSum(shares.map { ($0, -$1) }, in: -1...1)
    let names = steps.map(\.id).joined(separator: ", ")
    let span = within > 1 ? " within \(within) bars" : ""
    return Rule(
      buy: score.reaches(buyAt - 1e-9), sell: mirror.reaches(sellAt - 1e-9), confidence: .number(confidence),
      quotes: [("low", score.least * 100), ("high", mirror.least * 100)],
      buyReason: "\(names) score {low}% for buy\(span)", sellReason: "\(names) score {high}% for sell\(span)")
  }
}
