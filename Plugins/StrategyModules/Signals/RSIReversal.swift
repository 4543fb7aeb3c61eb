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
    .choice("on", \.moment, ["enter", "exit"], "whether it acts beyond the level or on the way back"),
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

  public var conflict: String? {
    oversold < overbought
      ? nil : "oversold \(Figure(oversold)) must be below overbought \(Figure(overbought))"
  }

  public func rule(_ steps: [Step]) -> Rule {
    let rsi = Term.indicator("rsi", .close, with: ["period": Double(period)])
    let (low, high) = (Term.number(oversold), Term.number(overbought))
    let entering = moment == "enter"
    return Rule(
      buy: entering ? rsi < low : rsi.crossesAbove(low),
      sell: entering ? rsi > high : rsi.crossesBelow(high),
      confidence: 70, quotes: [("rsi", rsi)],
      buyReason: "rsi(\(period)) {rsi} \(entering ? "is below" : "came back above") \(Figure(oversold))",
      sellReason: "rsi(\(period)) {rsi} \(entering ? "is above" : "came back below") \(Figure(overbought))")
  }
}
