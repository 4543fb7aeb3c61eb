public import PluginKit
import Trading

/// The stochastic's k is, or returns from, where it is rarely.
///
///     on enter: buy while k < oversold, sell while k > overbought
///     on exit:  buy where k crosses back above oversold, sell where it crosses back below overbought
public struct StochasticReversal: SignalModule {
  public static let id = "stochastic_reversal"
  public static let summary = "The stochastic is beyond its oversold or overbought level, or returns from there."
  public static let parameters: [Parameter<StochasticReversal>] = [
    .integer("period", \.period, 1...100_000, "bars of the range"),
    .integer("smooth", \.smooth, 1...10_000, "bars that k is averaged over"),
    .integer("signal", \.signal, 1...10_000, "bars of d, with which k starts"),
    .number("oversold", \.oversold, 0...100, "level below which it is oversold"),
    .number("overbought", \.overbought, 0...100, "level above which it is overbought"),
    .choice("on", \.moment, LevelReversal.moments, LevelReversal.moment),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(3), "smooth": .number(1), "signal": .number(1)], closes: "100 95 90 95 98",
      gives: [(2, .buy), (4, .sell)], note: "k is 0, then 50 of the range 90 to 100, then 100 of 90 to 98"),
    SignalExample(
      ["period": .number(3), "smooth": .number(1), "signal": .number(1), "on": .choice("exit")],
      closes: "100 95 90 95 98 94", gives: [(3, .buy), (5, .sell)], note: "k is 0, 50, 100, 50"),
  ]

  public var period = 14
  public var smooth = 3
  public var signal = 3
  public var oversold = 20.0
  public var overbought = 80.0
  public var moment = "enter"

  public init() {}

  public var conflict: String? { LevelReversal.conflict(oversold, overbought) }

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period), "smooth": Double(smooth), "signal": Double(signal)]
    let k = Term.indicator("stochastic", with: settings, output: 0)
    return LevelReversal(
      name: "stochastic k", value: k, oversold: oversold, overbought: overbought, moment: moment
    ).rule(confidence: 65)
  }
}
