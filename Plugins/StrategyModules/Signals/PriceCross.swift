public import PluginKit
import Trading

/// The close crosses a moving average.
///
///     buy: close crosses above average; sell: close crosses below average
public struct PriceCross: SignalModule {
  public static let id = "price_cross"
  public static let summary = "The close crosses a moving average."
  public static let parameters: [Parameter<PriceCross>] = [
    .integer("period", \.period, 1...100_000, "bars of the average"),
    .choice("average", \.average, MovingAverage.ids, "which average"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(2)], closes: "10 9 8 10 11 9", gives: [(3, .buy), (5, .sell)],
      note: "a value crosses its mean with the one before exactly where the direction turns")
  ]

  public var period = 200
  public var average = "sma"

  public init() {}

  public var conflict: String? { MovingAverage.fault(average, period) }

  public func rule(_ steps: [Step]) -> Rule {
    let line = MovingAverage.term(average, period)
    let name = "\(average)(\(period))"
    return Rule(
      buy: Term.close.crossesAbove(line), sell: Term.close.crossesBelow(line), confidence: 70,
      quotes: [("close", .close), ("line", line)],
      buyReason: "close {close} crossed above \(name) {line}",
      sellReason: "close {close} crossed below \(name) {line}")
  }
}
