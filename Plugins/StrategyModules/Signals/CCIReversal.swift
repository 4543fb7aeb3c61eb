public import PluginKit
import Trading

/// The commodity channel index is, or returns from, where it is rarely.
///
///     on enter: buy while CCI < oversold, sell while CCI > overbought
///     on exit:  buy where CCI crosses back above oversold, sell where it crosses back below overbought
public struct CCIReversal: SignalModule {
  public static let id = "cci_reversal"
  public static let summary = "CCI is beyond its oversold or overbought level, or returns from there."
  public static let parameters: [Parameter<CCIReversal>] = [
    .integer("period", \.period, 2...10_000, "bars of the CCI"),
    .number("oversold", \.oversold, -10_000...10_000, "level below which it is oversold"),
    .number("overbought", \.overbought, -10_000...10_000, "level above which it is overbought"),
    .choice("on", \.moment, LevelReversal.moments, LevelReversal.moment),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(4)], closes: "10x4 13 10 7", gives: [(4, .sell), (6, .buy)],
      note: "typical prices 12, 11, 8: CCI 1.5 / (0.015 × 0.75) = 133, then 22, then −2.25 / (0.015 × 1.25) = −120")
  ]

  public var period = 20
  public var oversold = -100.0
  public var overbought = 100.0
  public var moment = "enter"

  public init() {}

  public var conflict: String? { LevelReversal.conflict(oversold, overbought) }

  public func rule(_ steps: [Step]) -> Rule {
    let cci = Term.indicator("cci", with: ["period": Double(period)])
    return LevelReversal(
      name: "cci(\(period))", value: cci, oversold: oversold, overbought: overbought, moment: moment
    ).rule(confidence: 65)
  }
}
