public import PluginKit
import Trading

/// The directional indicators cross while the movement is one-sided.
///
///     buy: plus_di crosses above minus_di and adx > level; sell: plus_di crosses below minus_di and adx > level
///
/// Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
public struct ADXTrend: SignalModule {
  public static let id = "adx_trend"
  public static let summary = "The directional indicators cross while the movement is one-sided."
  public static let parameters: [Parameter<ADXTrend>] = [
    .integer("period", \.period, 2...50_000, "bars of the indicators and of ADX"),
    .number("level", \.level, 0...100, "ADX must be above this"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(2)], closes: "20 19 18 17 16 20 16 10", gives: [(5, .buy), (7, .sell)],
      note: "movement down 1.875 halves to 0.94 while 3 goes up; up 3 halves twice to 0.75 while 6 goes down")
  ]

  public var period = 14
  public var level = 25.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period)]
    let plus = Term.indicator("plus_di", with: settings)
    let minus = Term.indicator("minus_di", with: settings)
    let adx = Term.indicator("adx", with: settings)
    let trending = adx > .number(level)
    return Rule(
      buy: trending && plus.crossesAbove(minus), sell: trending && plus.crossesBelow(minus), confidence: 70,
      quotes: [("plus", plus), ("minus", minus), ("adx", adx)],
      buyReason: "+DI {plus} crossed above −DI {minus} with ADX {adx} above \(Figure(level))",
      sellReason: "+DI {plus} crossed below −DI {minus} with ADX {adx} above \(Figure(level))")
  }
}
