public import PluginKit
import Trading

/// The close crosses a Bollinger band outwards.
///
///     upper bullish: buy where the close crosses above the upper band, sell where it crosses below the lower
///     upper bearish: sell and buy
///
/// Whether a break goes on or comes back is a matter of opinion, so the strategy states it.
public struct BollingerBreakout: SignalModule {
  public static let id = "bollinger_breakout"
  public static let summary = "The close crosses a Bollinger band outwards; `upper` says what that means."
  public static let parameters: [Parameter<BollingerBreakout>] = [
    .integer("period", \.period, 2...100_000, "bars in the window"),
    .number("width", \.width, 0...100, "standard deviations from the middle to a band"),
    .choice("upper", \.upper, ["bullish", "bearish"], "what a break of the upper band is; of the lower, the opposite"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(4), "width": .number(1)], closes: "100x4 104 100 96", gives: [(4, .buy), (6, .sell)],
      note: "of 100 100 100 104 the mean is 101 and the deviation √3; of 100 104 100 96 they are 100 and √8"),
    SignalExample(
      ["period": .number(4), "width": .number(1), "upper": .choice("bearish")], closes: "100x4 104 100 96",
      gives: [(4, .sell), (6, .buy)], note: "the same breaks, expected to come back"),
  ]

  public var period = 20
  public var width = 2.0
  public var upper = "bullish"

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period), "width": width]
    let top = Term.indicator("bollinger", .close, with: settings, output: 0)
    let bottom = Term.indicator("bollinger", .close, with: settings, output: 2)
    let (rises, falls) = (Term.close.crossesAbove(top), Term.close.crossesBelow(bottom))
    let (above, below) = (
      "close {close} broke the upper band {upper}", "close {close} broke the lower band {lower}"
    )
    let bullish = upper == "bullish"
    return Rule(
      buy: bullish ? rises : falls, sell: bullish ? falls : rises, confidence: 65,
      quotes: [("close", .close), ("upper", top), ("lower", bottom)],
      buyReason: bullish ? above : below, sellReason: bullish ? below : above)
  }
}
