public import PluginKit
import Trading

/// The relative strength index crosses its middle: rises begin, or cease, to outweigh falls.
///
///     buy: RSI crosses above middle; sell: RSI crosses below middle
public struct RSIMidline: SignalModule {
  public static let id = "rsi_midline"
  public static let summary = "RSI crosses its middle: rises begin, or cease, to outweigh falls."
  public static let parameters: [Parameter<RSIMidline>] = [
    .integer("period", \.period, 2...100_000, "bars of the RSI"),
    .number("middle", \.middle, 0...100, "level that is crossed"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(2)], closes: "100 101 100 99 100", gives: [(3, .sell), (4, .buy)],
      note: "RSI 50, 25, 62.5")
  ]

  public var period = 14
  public var middle = 50.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let rsi = Term.indicator("rsi", .close, with: ["period": Double(period)])
    return Rule(
      buy: rsi.crossesAbove(.number(middle)), sell: rsi.crossesBelow(.number(middle)), confidence: 60,
      quotes: [("rsi", rsi)], buyReason: "rsi(\(period)) {rsi} crossed above \(Figure(middle))",
      sellReason: "rsi(\(period)) {rsi} crossed below \(Figure(middle))")
  }
}
