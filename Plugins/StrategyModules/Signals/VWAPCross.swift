public import PluginKit
import Trading

/// The close crosses the rolling volume-weighted average price.
///
///     buy: close crosses above vwap(n); sell: close crosses below it
public struct VWAPCross: SignalModule {
  public static let id = "vwap_cross"
  public static let summary = "The close crosses the rolling volume-weighted average price."
  public static let parameters: [Parameter<VWAPCross>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(2)], closes: "10 9 8 12 9", gives: [(3, .buy), (4, .sell)],
      note: "typical prices 10, 9.33, 8.33, 10.67, 10: averages 8.83, 9.5, 10.33 from bar 2 on")
  ]

  public var period = 20

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let line = Term.indicator("vwap", with: ["period": Double(period)])
    return Rule(
      buy: Term.close.crossesAbove(line), sell: Term.close.crossesBelow(line), confidence: 60,
      quotes: [("close", .close), ("line", line)],
      buyReason: "close {close} crossed above vwap(\(period)) {line}",
      sellReason: "close {close} crossed below vwap(\(period)) {line}")
  }
}
