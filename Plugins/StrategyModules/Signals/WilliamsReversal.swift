public import PluginKit
import Trading

/// Williams %R is, or returns from, where it is rarely.
///
///     on enter: buy while %R < oversold, sell while %R > overbought
///     on exit:  buy where %R crosses back above oversold, sell where it crosses back below overbought
public struct WilliamsReversal: SignalModule {
  public static let id = "williams_reversal"
  public static let summary = "Williams %R is beyond its oversold or overbought level, or returns from there."
  public static let parameters: [Parameter<WilliamsReversal>] = [
    .integer("period", \.period, 1...100_000, "bars of the range"),
    .number("oversold", \.oversold, -100...0, "level below which it is oversold"),
    .number("overbought", \.overbought, -100...0, "level above which it is overbought"),
    .choice("on", \.moment, LevelReversal.moments, LevelReversal.moment),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(3)], closes: "100 95 90 95 98", gives: [(2, .buy), (4, .sell)],
      note: "−100, then −50 of the range 90 to 100, then 0 of 90 to 98")
  ]

  public var period = 14
  public var oversold = -80.0
  public var overbought = -20.0
  public var moment = "enter"

  public init() {}

  public var conflict: String? { LevelReversal.conflict(oversold, overbought) }

  public func rule(_ steps: [Step]) -> Rule {
    let value = Term.indicator("williams_r", with: ["period": Double(period)])
    return LevelReversal(
      name: "williams_r(\(period))", value: value, oversold: oversold, overbought: overbought, moment: moment
    ).rule(confidence: 65)
  }
}
