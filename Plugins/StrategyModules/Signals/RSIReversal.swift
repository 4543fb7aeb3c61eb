public import PluginKit
import Trading

/// The relative strength index is, or returns from, where it is rarely.
///
///     on enter: buy while RSI < oversold, sell while RSI > overbought
///     on exit:  buy where RSI crosses back above oversold, sell where it crosses back below overbought
public struct RSIReversal: SignalModule {
  public static let id = "rsi_reversal"
  public static let summary = "RSI is beyond its oversold or overbought level, or returns from there."
  public static let parameters: [Parameter<RSIReversal>] = [
    .integer("period", \.period, 2...100_000, "bars of the RSI"),
    .number("oversold", \.oversold, 0...100, "level below which it is oversold"),
    .number("overbought", \.overbought, 0...100, "level above which it is overbought"),
    .choice("on", \.moment, LevelReversal.moments, LevelReversal.moment),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(2)], closes: "100 101 100 99 98 99", gives: [(3, .buy)],
      note: "RSI 50, 25, 12.5, 56.25: below 30 from bar 3 on"),
    SignalExample(
      ["period": .number(2), "on": .choice("exit")], closes: "100 101 100 99 98 99", gives: [(5, .buy)],
      note: "back above 30 on bar 5"),
  ]

  public var period = 14
  public var oversold = 30.0
  public var overbought = 70.0
  public var moment = "enter"

  public init() {}

  public var conflict: String? { LevelReversal.conflict(oversold, overbought) }

  public func rule(_ steps: [Step]) -> Rule {
    let rsi = Term.indicator("rsi", .close, with: ["period": Double(period)])
    return LevelReversal(
      name: "rsi(\(period))", value: rsi, oversold: oversold, overbought: overbought, moment: moment
    ).rule(confidence: 70)
  }
}
