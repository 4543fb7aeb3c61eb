public import PluginKit
import Trading

/// The close is outside the Bollinger bands, from where it is expected to come back.
///
///     buy: close < lower band; sell: close > upper band
public struct BollingerReversion: SignalModule {
  public static let id = "bollinger_reversion"
  public static let summary = "The close is outside the Bollinger bands, from where it is expected to come back."
  public static let parameters: [Parameter<BollingerReversion>] = [
    .integer("period", \.period, 2...100_000, "bars in the window"),
    .number("width", \.width, 0...100, "standard deviations from the middle to a band"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(4), "width": .number(1)], closes: "100x4 96 100 104", gives: [(4, .buy), (6, .sell)],
      note: "of 100 100 100 96 the mean is 99 and the deviation √3; of 100 96 100 104 they are 100 and √8")
  ]

  public var period = 20
  public var width = 2.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period), "width": width]
    let upper = Term.indicator("bollinger", .close, with: settings, output: 0)
    let lower = Term.indicator("bollinger", .close, with: settings, output: 2)
    return Rule(
      buy: .close < lower, sell: .close > upper, confidence: 65,
      quotes: [("close", .close), ("upper", upper), ("lower", lower)],
      buyReason: "close {close} is below the lower band {lower}",
      sellReason: "close {close} is above the upper band {upper}")
  }
}
