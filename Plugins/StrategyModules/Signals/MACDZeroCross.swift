public import PluginKit
import Trading

/// The MACD line crosses zero: the fast average crosses the slow one.
///
///     buy: line crosses above 0; sell: line crosses below 0
public struct MACDZeroCross: SignalModule {
  public static let id = "macd_zero_cross"
  public static let summary = "The MACD line crosses zero."
  public static let parameters: [Parameter<MACDZeroCross>] = [
    .integer("fast", \.fast, 2...100_000, "bars of the fast average"),
    .integer("slow", \.slow, 2...100_000, "bars of the slow average"),
    .integer("signal", \.signal, 1...100_000, "bars of the line's own average, with which the line starts"),
  ]
  public static let examples = [
    SignalExample(
      ["fast": .number(2), "slow": .number(3), "signal": .number(2)], closes: "10 10 10 10 9 12",
      gives: [(4, .sell), (5, .buy)], note: "the line is 0, then −1/6; after the jump the fast average leads")
  ]

  public var fast = 12
  public var slow = 26
  public var signal = 9

  public init() {}

  public var conflict: String? { fast < slow ? nil : "fast \(fast) must be below slow \(slow)" }

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["fast": Double(fast), "slow": Double(slow), "signal": Double(signal)]
    let line = Term.indicator("macd", .close, with: settings, output: 0)
    return Rule(
      buy: line.crossesAbove(0), sell: line.crossesBelow(0), confidence: 65, quotes: [("line", line)],
      buyReason: "MACD line {line} crossed above 0", sellReason: "MACD line {line} crossed below 0")
  }
}
