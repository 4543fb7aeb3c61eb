public import PluginKit
import Trading

/// A market sentiment score from five readings, −9 to 9.
///
///     RSI(14)         ≤ 30: +2, ≤ 40: +1, ≥ 60: −1, ≥ 70: −2
///     MACD(12, 26, 9) line above its signal: +2, below: −2
///     stochastic(14, 3, 3) k and d ≤ 20: +2, one of them ≤ 30: +1, one ≥ 70: −1, both ≥ 80: −2
///     close > sma(20) > sma(50): +2, close > sma(20): +1, mirrored below
///     volume          ≥ 1.5 × sma(20): +1, ≤ 0.7 ×: −1
///     buy: score ≥ threshold; sell: score ≤ −threshold; confidence 50 + 5 × |score|
///
/// From 4 on the original system called the market very bullish (bearish).
public struct MarketScore: SignalModule {
  public static let id = "market_score"
  public static let summary = "A market sentiment score of RSI, MACD, stochastic, averages and volume, −9 to 9."
  public static let parameters: [Parameter<MarketScore>] = [
    .integer("threshold", \.threshold, 1...9, "score from which it is a buy, and mirrored a sell")
  ]
  public static let examples = [
    SignalExample(
      closes: String(repeating: "101 99 ", count: 30) + "103", gives: [(60, .buy)],
      note: "MACD +2 and 103 > 100.1 > 100.04 +2; at 101 before the averages were equal: 3"),
    SignalExample(
      closes: String(repeating: "99 101 ", count: 30) + "97", gives: [(60, .sell)], note: "the same upside down"),
  ]

  public var threshold = 4

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let parts = [momentum, convergence, stochastic, trend, activity]
    let score = Term.sum(parts)
    let names = ["RSI", "MACD", "stochastic", "averages", "volume"]
    let told = names.map { "\($0) {\($0)}" }.joined(separator: ", ")
    return Rule(
      buy: score >= .number(Double(threshold)), sell: score <= .number(-Double(threshold)),
      confidence: 50 + 5 * score.magnitude, quotes: [("score", score)] + zip(names, parts).map { ($0, $1) },
      buyReason: "market score {score}: \(told)", sellReason: "market score {score}: \(told)")
  }

  private var momentum: Term {
    let rsi = Term.indicator("rsi", .close, with: ["period": 14])
    return (rsi <= 30).choose(2, else: (rsi <= 40).choose(1, else: 0))
      - (rsi >= 70).choose(2, else: (rsi >= 60).choose(1, else: 0))
  }

  private var convergence: Term {
    let line = Term.indicator("macd", .close, output: 0)
    let signal = Term.indicator("macd", .close, output: 1)
    return (line > signal).choose(2, else: 0) - (line < signal).choose(2, else: 0)
  }

  private var stochastic: Term {
    let k = Term.indicator("stochastic", output: 0)
    let d = Term.indicator("stochastic", output: 1)
    return (k <= 20 && d <= 20).choose(2, else: (k <= 30 || d <= 30).choose(1, else: 0))
      - (k >= 80 && d >= 80).choose(2, else: (k >= 70 || d >= 70).choose(1, else: 0))
  }

  private var trend: Term {
    let fast = Term.indicator("sma", .close, with: ["period": 20])
    let slow = Term.indicator("sma", .close, with: ["period": 50])
    return (.close > fast).choose((fast > slow).choose(2, else: 1), else: 0)
      - (.close < fast).choose((fast < slow).choose(2, else: 1), else: 0)
  }

  private var activity: Term {
    let average = Term.indicator("sma", .volume, with: ["period": 20])
    return (.volume >= 1.5 * average).choose(1, else: (.volume <= 0.7 * average).choose(-1, else: 0))
  }
}
