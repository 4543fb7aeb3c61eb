public import PluginKit
import Trading

/// Lets the input's direction through only in one kind of market.
///
///     by adx:        a trend where adx(period) > adx
///     by average:    a trend where |close / sma(close, period) − 1| > distance
///     by volatility: a trend where percent_rank(natr(period), lookback) > rank: the market moves more than it mostly does
///     a range is where it is no trend; each reads its own limit only
public struct RegimeGate: SignalModule {
  public static let id = "regime_gate"
  public static let summary = "Lets the input's direction through only in a trend, or only in a range."
  public static let inputs = StepCount.exactly(1)
  public static let parameters: [Parameter<RegimeGate>] = [
    .choice("regime", \.regime, ["trend", "range"], "in which market the input is let through"),
    .choice("by", \.measure, ["adx", "average", "volatility"], "what tells a trend from a range"),
    .integer("period", \.period, 2...50_000, "bars of the measure"),
    .number("adx", \.adx, 0...100, "by adx: ADX above which it is a trend"),
    .percent("distance", \.distance, 0...10, "by average: distance from it above which it is a trend"),
    .number("rank", \.rank, 0...100, "by volatility: percent rank above which it is a trend"),
    .integer("lookback", \.lookback, 1...10_000, "by volatility: bars that it is compared with"),
    .number("confidence", \.confidence, 0...100, "confidence of the signal"),
  ]
  public static let examples = [
    SignalExample(
      ["by": .choice("average"), "period": .number(2)], closes: "100 100 105 105 90", inputLevels: [100],
      gives: [(2, .buy), (4, .sell)], note: "105 is 2.4 % from 102.5, then 0 % from 105; 90 is 7.7 % from 97.5"),
    SignalExample(
      ["by": .choice("average"), "period": .number(2), "regime": .choice("range")], closes: "100 100 105 105 90",
      inputLevels: [100], gives: [(3, .buy)], note: "the input says buy on bars 2 and 3; only the second is calm"),
    SignalExample(
      ["period": .number(2)], closes: "100 99 98 97 96 97 96", inputLevels: [98], gives: [(3, .sell)],
      note: "ADX is 100, 100, then 66.7 and 50: movement 1.875 down and 1 against 0.94, then 1.47 against 0.5"),
    SignalExample(
      ["by": .choice("volatility"), "period": .number(2), "lookback": .number(2)], closes: "100 101 102 103 110 120",
      inputLevels: [105], gives: [(4, .buy)],
      note: "the bar to 110 moves 4 % on average, more than any before; the range of 7 is above those of 1"),
  ]

  public var regime = "trend"
  public var measure = "adx"
  public var period = 14
  public var adx = 25.0
  public var distance = 0.02
  public var rank = 50.0
  public var lookback = 100
  public var confidence = 70.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let vote = Term.sum(steps.map(\.vote))
    let names = steps.map(\.id).joined()
    let (value, limit, what) = reading
    let passes = regime == "trend" ? value > .number(limit) : value <= .number(limit)
    let why = "in a \(regime): \(what) {value} is \(regime == "trend" ? "above" : "not above") \(Figure(limit))"
    return Rule(
      buy: vote.equals(1) && passes, sell: vote.equals(-1) && passes, confidence: .number(confidence),
      quotes: [("value", value)], buyReason: "\(names) says buy \(why)", sellReason: "\(names) says sell \(why)")
  }

  /// The measure, its limit and its name.
  private var reading: (Term, Double, String) {
    let settings = ["period": Double(period)]
    switch measure {
    case "average":
      let away = (Term.close / .indicator("sma", .close, with: settings) - 1).magnitude
      return (away * 100, distance * 100, "distance % from sma(\(period))")
    case "volatility":
      let range = Term.indicator("natr", with: settings)
      let value = Term.indicator("percent_rank", range, with: ["period": Double(lookback)])
      return (value, rank, "percent rank of natr(\(period))")
    default: return (.indicator("adx", with: settings), adx, "adx(\(period))")
    }
  }
}
