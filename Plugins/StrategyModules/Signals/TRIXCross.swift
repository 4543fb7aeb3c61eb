public import PluginKit
import Trading

/// TRIX crosses its own average.
///
///     buy: trix(n) crosses above ema(trix(n), signal); sell: crosses below it
///
/// Source: J. Hutson, Stocks & Commodities 1:5, 1983.
public struct TRIXCross: SignalModule {
  public static let id = "trix_cross"
  public static let summary = "TRIX crosses its own average."
  public static let parameters: [Parameter<TRIXCross>] = [
    .integer("period", \.period, 1...100_000, "bars of each average"),
    .integer("signal", \.signal, 2...100_000, "bars of the average of TRIX"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(1), "signal": .number(2)], closes: "100 100 100 110 110", gives: [(3, .buy), (4, .sell)],
      note: "changes 0, 0, 10, 0 % and averages 0, 6.67, 2.22")
  ]

  public var period = 15
  public var signal = 9

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let line = Term.indicator("trix", .close, with: ["period": Double(period)])
    let average = Term.indicator("ema", line, with: ["period": Double(signal)])
    return Rule(
      buy: line.crossesAbove(average), sell: line.crossesBelow(average), confidence: 60,
      quotes: [("line", line), ("signal", average)],
      buyReason: "trix(\(period)) {line} crossed above its average {signal}",
      sellReason: "trix(\(period)) {line} crossed below its average {signal}")
  }
}
