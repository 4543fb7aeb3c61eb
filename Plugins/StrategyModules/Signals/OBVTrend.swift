public import PluginKit
import Trading

/// On-balance volume crosses its average.
///
///     buy: obv crosses above sma(obv, n); sell: obv crosses below it
public struct OBVTrend: SignalModule {
  public static let id = "obv_trend"
  public static let summary = "On-balance volume crosses its average."
  public static let parameters: [Parameter<OBVTrend>] = [
    .integer("period", \.period, 2...100_000, "bars of the average")
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(2)], closes: "10 11 10 12", gives: [(2, .sell), (3, .buy)],
      note: "OBV 1000, 2000, 1000, 2000 about its mean 1500")
  ]

  public var period = 20

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let obv = Term.indicator("obv")
    let average = Term.indicator("sma", obv, with: ["period": Double(period)])
    return Rule(
      buy: obv.crossesAbove(average), sell: obv.crossesBelow(average), confidence: 60,
      quotes: [("obv", obv), ("average", average)],
      buyReason: "OBV {obv} crossed above its average {average}",
      sellReason: "OBV {obv} crossed below its average {average}")
  }
}
