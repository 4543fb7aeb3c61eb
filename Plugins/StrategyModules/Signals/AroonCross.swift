public import PluginKit
import Trading

/// The last high becomes more recent than the last low, or the other way round.
///
///     buy: aroon up crosses above aroon down; sell: crosses below it
///
/// Source: T. Chande, Stocks & Commodities 13:9, 1995.
public struct AroonCross: SignalModule {
  public static let id = "aroon_cross"
  public static let summary = "Aroon up crosses aroon down: the last high becomes more recent than the last low."
  public static let parameters: [Parameter<AroonCross>] = [
    .integer("period", \.period, 2...100_000, "bars back to the high and the low")
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(2)], closes: "10 9 8 9 11 10 7", gives: [(4, .buy), (6, .sell)],
      note: "up 0, 100, 100, 50 and down 100, 50, 0, 100 from bar 3 on")
  ]

  public var period = 25

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period)]
    let down = Term.indicator("aroon", with: settings, output: 0)
    let up = Term.indicator("aroon", with: settings, output: 1)
    return Rule(
      buy: up.crossesAbove(down), sell: up.crossesBelow(down), confidence: 65, quotes: [("up", up), ("down", down)],
      buyReason: "aroon up {up} crossed above aroon down {down}",
      sellReason: "aroon up {up} crossed below aroon down {down}")
  }
}
