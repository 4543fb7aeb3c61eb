public import PluginKit
import Trading

/// The close leaves Bollinger bands that had drawn together.
///
///     narrow: w ≤ lowest(w, lookback) × (1 + tolerance) a bar ago, w = (upper − lower) / middle
///     buy: narrow and close > upper; sell: narrow and close < lower
///
/// Source: J. Bollinger, Bollinger on Bollinger Bands, 2001, method I.
public struct BollingerSqueeze: SignalModule {
  public static let id = "bollinger_squeeze"
  public static let summary = "The close leaves Bollinger bands that had drawn together."
  public static let parameters: [Parameter<BollingerSqueeze>] = [
    .integer("period", \.period, 2...100_000, "bars in the window"),
    .number("width", \.width, 0...100, "standard deviations from the middle to a band"),
    .integer("lookback", \.lookback, 1...100_000, "bars among which the narrowest is sought"),
    .percent("tolerance", \.tolerance, 0...10, "how far above the narrowest counts as narrow"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(2), "width": .number(0.5), "lookback": .number(2)], closes: "100 104 96 97 106 105 95",
      gives: [(4, .buy), (6, .sell)],
      note: "narrow after 96 97: 106 > 101.5 + 2.25; narrow after 106 105: 95 < 100 − 2.5")
  ]

  public var period = 20
  public var width = 2.0
  public var lookback = 120
  public var tolerance = 0.1

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period), "width": width]
    let bands = (0..<3).map { Term.indicator("bollinger", .close, with: settings, output: $0) }
    let spread = (bands[0] - bands[2]) / bands[1]
    let least = Term.indicator("lowest", spread, with: ["period": Double(lookback)]).ago(1)
    let narrow = spread.ago(1) <= least * .number(1 + tolerance)
    return Rule(
      buy: narrow && .close > bands[0], sell: narrow && .close < bands[2], confidence: 70,
      quotes: [("close", .close), ("upper", bands[0]), ("lower", bands[2]), ("spread", spread.ago(1) * 100)],
      buyReason: "close {close} left the upper band {upper} after the bands were {spread}% apart",
      sellReason: "close {close} left the lower band {lower} after the bands were {spread}% apart")
  }
}
