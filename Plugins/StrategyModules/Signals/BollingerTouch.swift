public import PluginKit
import Trading

/// The close comes within a distance of a Bollinger band, from inside or outside: an event, not a state.
///
///     buy: |close / lower − 1| ≤ distance, below the middle, and not so a bar ago; sell: the same of the upper band
public struct BollingerTouch: SignalModule {
  public static let id = "bollinger_touch"
  public static let summary = "The close comes within a distance of a Bollinger band."
  public static let parameters: [Parameter<BollingerTouch>] = [
    .integer("period", \.period, 2...100_000, "bars in the window"),
    .number("width", \.width, 0...100, "standard deviations from the middle to a band"),
    .percent("distance", \.distance, 0...1, "how near the band the close must come"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(4), "width": .number(1)], closes: "100x4 97 100 99", gives: [(4, .buy), (5, .sell)],
      note: "97 is 0.97 % below 97.95, 100 is 0.55 % below 100.55, and 99 is the middle itself")
  ]

  public var period = 20
  public var width = 2.0
  public var distance = 0.01

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let settings = ["period": Double(period), "width": width]
    let bands = (0..<3).map { Term.indicator("bollinger", .close, with: settings, output: $0) }
    let near = [bands[0], bands[2]].map { (Term.close / $0 - 1).magnitude <= .number(distance) }
    return Rule(
      buy: (near[1] && .close < bands[1]).starts, sell: (near[0] && .close > bands[1]).starts, confidence: 60,
      quotes: [("close", .close), ("upper", bands[0]), ("lower", bands[2])],
      buyReason: "close {close} came within \(Figure(distance * 100))% of the lower band {lower}",
      sellReason: "close {close} came within \(Figure(distance * 100))% of the upper band {upper}")
  }
}
