public import PluginKit
import Trading

/// A fast moving average crosses a slow one: the golden cross and the death cross with the defaults.
///
///     buy: fast crosses above slow; sell: fast crosses below slow
public struct MACross: SignalModule {
  public static let id = "ma_cross"
  public static let summary = "A fast moving average crosses a slow one (golden and death cross)."
  public static let parameters: [Parameter<MACross>] = [
    .integer("fast", \.fast, 1...100_000, "bars of the fast average"),
    .integer("slow", \.slow, 2...100_000, "bars of the slow average"),
    .choice("average", \.average, MovingAverage.ids, "which average"),
  ]
  public static let examples = [
    SignalExample(
      ["fast": .number(1), "slow": .number(2)], closes: "10 9 8 10 11 9", gives: [(3, .buy), (5, .sell)],
      note: "a value crosses its mean with the one before exactly where the direction turns")
  ]

  public var fast = 50
  public var slow = 200
  public var average = "sma"

  public init() {}

  public var conflict: String? {
    fast < slow ? MovingAverage.fault(average, fast, slow) : "fast \(fast) must be below slow \(slow)"
  }

  public func rule(_ steps: [Step]) -> Rule {
    let quick = MovingAverage.term(average, fast)
    let steady = MovingAverage.term(average, slow)
    let names = ("\(average)(\(fast))", "\(average)(\(slow))")
    return Rule(
      buy: quick.crossesAbove(steady), sell: quick.crossesBelow(steady), confidence: 80,
      quotes: [("fast", quick), ("slow", steady)],
      buyReason: "\(names.0) {fast} crossed above \(names.1) {slow}",
      sellReason: "\(names.0) {fast} crossed below \(names.1) {slow}")
  }
}
