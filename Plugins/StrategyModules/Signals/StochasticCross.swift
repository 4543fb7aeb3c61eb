public import PluginKit
import Trading

/// The stochastic's k crosses its average d where it is rarely.
///
///     buy: k crosses above d and k < buy_below; sell: k crosses below d and k > sell_above
///
/// At 100 and at 0 the limits admit every crossing. Source: G. Lane.
public struct StochasticCross: SignalModule {
  public static let id = "stochastic_cross"
  public static let summary = "The stochastic crosses its average, low for a buy and high for a sell."
  public static let parameters: [Parameter<StochasticCross>] = [
    .integer("period", \.period, 1...100_000, "bars of the range"),
    .integer("smooth", \.smooth, 1...10_000, "bars that k is averaged over"),
    .integer("signal", \.signal, 2...10_000, "bars of d, the average of k"),
    .number("buy_below", \.buyBelow, 0...100, "k must be below this for a buy; 100 admits any"),
    .number("sell_above", \.sellAbove, 0...100, "k must be above this for a sell; 0 admits any"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(3), "smooth": .number(1), "signal": .number(2)], closes: "100 90 80 70 71 80 90 89",
      gives: [(4, .buy), (7, .sell)],
      note: "k 0, 5 of the range 70 to 90 above d 2.5; then 100, 100, and 94.7 below d 97.4")
  ]

  public var period = 14
  public var smooth = 3
  public var signal = 3
  public var buyBelow = 20.0
  public var sellAbove = 80.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period), "smooth": Double(smooth), "signal": Double(signal)]
    let k = Term.indicator("stochastic", with: settings, output: 0)
    let d = Term.indicator("stochastic", with: settings, output: 1)
    let (rises, falls) = (k.crossesAbove(d), k.crossesBelow(d))
    return Rule(
      buy: buyBelow < 100 ? rises && k < .number(buyBelow) : rises,
      sell: sellAbove > 0 ? falls && k > .number(sellAbove) : falls,
      confidence: 65, quotes: [("k", k), ("d", d)],
      buyReason: "stochastic k {k} crossed above d {d}", sellReason: "stochastic k {k} crossed below d {d}")
  }
}
