public import PluginKit
import Trading

/// The close is outside the Keltner channel.
///
///     buy: close > upper; sell: close < lower
public struct KeltnerBreakout: SignalModule {
  public static let id = "keltner_breakout"
  public static let summary = "The close is outside the Keltner channel."
  public static let parameters: [Parameter<KeltnerBreakout>] = [
    .integer("period", \.period, 1...100_000, "bars of the average"),
    .number("multiplier", \.multiplier, 0...1_000, "average true ranges from the middle to a band"),
    .integer("range", \.range, 1...100_000, "bars of the average true range"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(3), "multiplier": .number(0.5), "range": .number(2)], closes: "100x4 104 102 96",
      gives: [(4, .buy), (6, .sell)], note: "middles 102, 102, 99 and ranges 2, 2, 4: 104 > 103 and 96 < 97")
  ]

  public var period = 20
  public var multiplier = 2.0
  public var range = 10

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period), "multiplier": multiplier, "range": Double(range)]
    let upper = Term.indicator("keltner", with: settings, output: 0)
    let lower = Term.indicator("keltner", with: settings, output: 2)
    return Rule(
      buy: .close > upper, sell: .close < lower, confidence: 70,
      quotes: [("close", .close), ("upper", upper), ("lower", lower)],
      buyReason: "close {close} is above the upper band {upper}",
      sellReason: "close {close} is below the lower band {lower}")
  }
}
