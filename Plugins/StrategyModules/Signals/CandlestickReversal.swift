public import PluginKit
import Trading

/// A candlestick pattern of reversal stands on this bar.
///
///     buy: the sum of the patterns > 0; sell: the sum < 0
///
/// `common` is the sum of engulfing, hammer, shooting star, morning star and evening star. Source: S. Nison, Japanese
/// Candlestick Charting Techniques, 1991, in TA-Lib's measures.
public struct CandlestickReversal: SignalModule {
  public static let id = "candlestick_reversal"
  public static let summary = "A candlestick pattern of reversal stands on this bar."
  public static let parameters: [Parameter<CandlestickReversal>] = [
    .choice("pattern", \.pattern, ["common"] + all, "which pattern, or the five common ones together")
  ]
  public static let examples = [
    SignalExample(
      closes: "100 101 100 102 99", gives: [(3, .buy), (4, .sell)],
      note: "the bar from 100 to 102 engulfs the one from 101 to 100, and is engulfed from 102 to 99")
  ]

  public var pattern = "common"

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let patterns = pattern == "common" ? Self.common : [pattern]
    let sum = Term.sum(patterns.map { Term.indicator($0) })
    let words = pattern.split(separator: "_").joined(separator: " ")
    let name = pattern == "common" ? "reversal pattern" : "pattern \(words)"
    return Rule(
      buy: sum > 0, sell: sum < 0, confidence: 60, quotes: [("close", .close), ("sum", sum)],
      buyReason: "bullish \(name) ({sum}) at {close}", sellReason: "bearish \(name) ({sum}) at {close}")
  }

  private static let common = ["engulfing", "hammer", "shooting_star", "morning_star", "evening_star"]
  private static let all =
    common + [
      "abandoned_baby", "counterattack", "dark_cloud_cover", "evening_doji_star", "hanging_man", "harami",
      "harami_cross", "inverted_hammer", "kicking", "ladder_bottom", "morning_doji_star", "piercing",
      "three_black_crows", "three_inside", "three_outside", "three_white_soldiers", "tristar",
    ]
}
