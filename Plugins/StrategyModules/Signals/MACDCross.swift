public import PluginKit
import Trading

/// The MACD line crosses its own average.
///
///     buy: line crosses above signal; sell: line crosses below signal
public struct MACDCross: SignalModule {
  public static let id = "macd_cross"
  public static let summary = "The MACD line crosses its own average."
  public static let parameters: [Parameter<MACDCross>] = [
    .integer("fast", \.fast, 2...100_000, "bars of the fast average"),
    .integer("slow", \.slow, 2...100_000, "bars of the slow average"),
    .integer("signal", \.signal, 1...100_000, "bars of the line's own average"),
  ]
  public static let examples = [
    SignalExample(
      ["fast": .number(2), "slow": .number(3), "signal": .number(2)], closes: "10 10 10 10 9 12",
      gives: [(4, .sell), (5, .buy)], note: "the line is 0, 0, −1/6, then above its average after the jump")
  ]

  public var fast = 12
  public var slow = 26
  public var signal = 9

  public init() {}

  public var conflict: String? { fast < slow ? nil : "fast \(fast) must be below slow \(slow)" }

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["fast": Double(fast), "slow": Double(slow), "signal": Double(signal)]
    let line = Term.indicator("macd", .close, with: settings, output: 0)
    let average = Term.indicator("macd", .close, with: settings, output: 1)
    return Rule(
      buy: line.crossesAbove(average), sell: line.crossesBelow(average), confidence: 70,
      quotes: [("line", line), ("signal", average)],
      buyReason: "MACD line {line} crossed above its signal {signal}",
      sellReason: "MACD line {line} crossed below its signal {signal}")
  }
}
