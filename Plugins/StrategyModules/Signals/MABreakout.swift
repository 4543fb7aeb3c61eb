public import PluginKit
import Trading

/// The close stands beyond a moving average by a margin.
///
///     buy: close > average × (1 + margin); sell: close < average × (1 − margin)
///
/// With margin 2% it is the rule of the original system.
public struct MABreakout: SignalModule {
  public static let id = "ma_breakout"
  public static let summary = "The close stands beyond a moving average by a margin."
  public static let parameters: [Parameter<MABreakout>] = [
    .integer("period", \.period, 1...100_000, "bars of the average"),
    .choice("average", \.average, MovingAverage.ids, "which average"),
    .percent("margin", \.margin, 0...1, "how far beyond the average the close must be"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(3), "margin": .number(0.02)], closes: "100x4 104 100 96", gives: [(4, .buy), (6, .sell)],
      note: "104 > 101.33 × 1.02 = 103.36; 100 lies between; 96 < 100 × 0.98")
  ]

  public var period = 20
  public var average = "sma"
  public var margin = 0.0

  public init() {}

  public var conflict: String? { MovingAverage.fault(average, period) }

  public func rule(_ steps: [Step]) -> Rule {
    let line = MovingAverage.term(average, period)
    let name = "\(average)(\(period))"
    let beyond = margin > 0 ? " by more than \(Figure(margin * 100))%" : ""
    return Rule(
      buy: .close > line * .number(1 + margin), sell: .close < line * .number(1 - margin), confidence: 75,
      quotes: [("close", .close), ("line", line)],
      buyReason: "close {close} is above \(name) {line}\(beyond)",
      sellReason: "close {close} is below \(name) {line}\(beyond)")
  }
}
