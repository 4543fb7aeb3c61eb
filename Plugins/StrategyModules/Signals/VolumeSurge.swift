public import PluginKit
import Trading

/// The price moves on a volume well above its average.
///
///     volume ≥ factor × sma(volume, n) and close / close[1] − 1 ≥ move: buy; ≤ −move: sell
public struct VolumeSurge: SignalModule {
  public static let id = "volume_surge"
  public static let summary = "The price moves on a volume well above its average."
  public static let parameters: [Parameter<VolumeSurge>] = [
    .integer("period", \.period, 1...100_000, "bars of the average volume"),
    .number("factor", \.factor, 0...1_000, "how many times the average volume"),
    .percent("move", \.move, 0...1, "least change against the close before"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(4)], closes: "100x4 102 102 100", volumes: "100x4 400 100 900",
      gives: [(4, .buy), (6, .sell)], note: "400 ≥ 2 × 175 with +2 %; 900 ≥ 2 × 375 with −1.96 %")
  ]

  public var period = 20
  public var factor = 2.0
  public var move = 0.01

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let average = Term.indicator("sma", .volume, with: ["period": Double(period)])
    let surge = Term.volume >= .number(factor) * average
    let change = Term.close.change()
    return Rule(
      buy: surge && change >= .number(move), sell: surge && change <= .number(-move), confidence: 60,
      quotes: [("volume", .volume), ("average", average), ("change", change * 100)],
      buyReason: "volume {volume} is at least \(Figure(factor)) × its average {average}, price {change}%",
      sellReason: "volume {volume} is at least \(Figure(factor)) × its average {average}, price {change}%")
  }
}
