public import PluginKit
import Trading

/// The close leaves the range of the bars before it.
///
///     buy: close > highest(high, n)[1]; sell: close < lowest(low, n)[1]
///
/// Source: R. Donchian; the entry of the Turtle traders with n = 20.
public struct DonchianBreakout: SignalModule {
  public static let id = "donchian_breakout"
  public static let summary = "The close leaves the range of the bars before it."
  public static let parameters: [Parameter<DonchianBreakout>] = [
    .integer("period", \.period, 1...100_000, "bars of the range")
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(3)], closes: "100 102 101 103 99 98", gives: [(3, .buy), (4, .sell)],
      note: "103 > 102, the highest of three bars; 99 < 100, the lowest open or close of three")
  ]

  public var period = 20

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period)]
    let top = Term.indicator("highest", .high, with: settings).ago(1)
    let bottom = Term.indicator("lowest", .low, with: settings).ago(1)
    return Rule(
      buy: .close > top, sell: .close < bottom, confidence: 70,
      quotes: [("close", .close), ("top", top), ("bottom", bottom)],
      buyReason: "close {close} is above {top}, the highest of \(period) bars",
      sellReason: "close {close} is below {bottom}, the lowest of \(period) bars")
  }
}
