public import PluginKit
import Trading

/// The supertrend changes sides.
///
///     buy: direction crosses above 0; sell: direction crosses below 0
public struct SupertrendFlip: SignalModule {
  public static let id = "supertrend_flip"
  public static let summary = "The supertrend changes sides."
  public static let parameters: [Parameter<SupertrendFlip>] = [
    .integer("period", \.period, 1...100_000, "bars of the average true range"),
    .number("multiplier", \.multiplier, 0...1_000, "average true ranges from the middle to a band"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(1), "multiplier": .number(1)], closes: "10 10 12 13 7", gives: [(2, .buy), (4, .sell)],
      note: "12 closes above the upper band 10; the lower band has risen to 12.5 − 1, which 7 closes below")
  ]

  public var period = 10
  public var multiplier = 3.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period), "multiplier": multiplier]
    let line = Term.indicator("supertrend", with: settings, output: 0)
    let direction = Term.indicator("supertrend", with: settings, output: 1)
    return Rule(
      buy: direction.crossesAbove(0), sell: direction.crossesBelow(0), confidence: 70,
      quotes: [("close", .close), ("line", line)],
      buyReason: "supertrend turned up at close {close}, its stop is {line}",
      sellReason: "supertrend turned down at close {close}, its stop is {line}")
  }
}
