public import PluginKit
import Trading

/// A short setback inside a long trend, by a very fast RSI.
///
///     buy: RSI < oversold and close > sma(close, trend); sell: RSI > overbought and close < sma(close, trend)
///
/// Source: L. Connors and C. Alvarez, Short Term Trading Strategies That Work, 2008.
public struct ConnorsRSI2: SignalModule {
  public static let id = "connors_rsi2"
  public static let summary = "A short setback inside a long trend, by a very fast RSI."
  public static let parameters: [Parameter<ConnorsRSI2>] = [
    .integer("period", \.period, 2...100_000, "bars of the RSI"),
    .integer("trend", \.trend, 1...100_000, "bars of the average that tells the trend"),
    .number("oversold", \.oversold, 0...100, "level below which a setback is deep enough"),
    .number("overbought", \.overbought, 0...100, "level above which a recovery is high enough"),
  ]
  public static let examples = [
    SignalExample(
      ["trend": .number(12)], closes: "50x8 100x8 96", gives: [(16, .buy)],
      note: "the gain 25 has halved eight times to 0.1, the loss is 2: RSI 4.7; 96 is above the mean 87.2"),
    SignalExample(
      ["trend": .number(12)], closes: "150x8 100x8 104", gives: [(16, .sell)],
      note: "the same upside down: RSI 95.3; 104 is below the mean 112.8"),
  ]

  public var period = 2
  public var trend = 200
  public var oversold = 10.0
  public var overbought = 90.0

  public init() {}

  public var conflict: String? { LevelReversal.conflict(oversold, overbought) }

  public func rule(_ steps: [Step]) -> Rule {
    let rsi = Term.indicator("rsi", .close, with: ["period": Double(period)])
    let average = Term.indicator("sma", .close, with: ["period": Double(trend)])
    return Rule(
      buy: rsi < .number(oversold) && .close > average, sell: rsi > .number(overbought) && .close < average,
      confidence: 70, quotes: [("rsi", rsi), ("close", .close), ("average", average)],
      buyReason: "rsi(\(period)) {rsi} is below \(Figure(oversold)), close {close} above sma(\(trend)) {average}",
      sellReason: "rsi(\(period)) {rsi} is above \(Figure(overbought)), close {close} below sma(\(trend)) {average}")
  }
}
