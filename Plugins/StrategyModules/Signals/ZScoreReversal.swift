public import PluginKit
import Trading

/// The close is far from its mean, on a volume above its average.
///
///     buy: zscore(close, n) < −limit and volume > factor × sma(volume, n); sell: zscore > limit, same volume
///
/// A factor of 0 leaves the volume out.
public struct ZScoreReversal: SignalModule {
  public static let id = "zscore_reversal"
  public static let summary = "The close is far from its mean, on a volume above its average."
  public static let parameters: [Parameter<ZScoreReversal>] = [
    .integer("period", \.period, 2...100_000, "bars of the mean, the deviation and the average volume"),
    .number("limit", \.limit, 0...100, "standard deviations from the mean"),
    .number("factor", \.factor, 0...1_000, "how many times the average volume; 0: any volume"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(4), "limit": .number(1.5)], closes: "100x4 96 100x3 104", volumes: "100x4 400 100x4",
      gives: [(4, .buy)],
      note: "scores −√3 and √3, but only the first on a volume: 400 > 1.5 × 175, not 100 > 1.5 × 100"),
    SignalExample(
      ["period": .number(4), "limit": .number(1.5), "factor": .number(0)], closes: "100x4 96 100x3 104",
      gives: [(4, .buy), (8, .sell)], note: "any volume will do"),
  ]

  public var period = 20
  public var limit = 2.0
  public var factor = 1.5

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period)]
    let score = Term.indicator("zscore", .close, with: settings)
    let average = Term.indicator("sma", .volume, with: settings)
    let (low, high) = (score < .number(0 - limit), score > .number(limit))
    let surge = Term.volume > .number(factor) * average
    let volume = factor > 0 ? ", volume {volume} above \(Figure(factor)) × {average}" : ""
    return Rule(
      buy: factor > 0 ? low && surge : low, sell: factor > 0 ? high && surge : high, confidence: 65,
      quotes: [("score", score)] + (factor > 0 ? [("volume", .volume), ("average", average)] : []),
      buyReason: "the close is {score} deviations from its mean\(volume)",
      sellReason: "the close is {score} deviations from its mean\(volume)")
  }
}
