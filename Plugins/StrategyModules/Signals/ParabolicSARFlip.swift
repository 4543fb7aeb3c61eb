public import PluginKit
import Trading

/// The close crosses the parabolic stop.
///
///     buy: close crosses above parabolic_sar; sell: close crosses below it
///
/// Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
public struct ParabolicSARFlip: SignalModule {
  public static let id = "parabolic_sar_flip"
  public static let summary = "The close crosses the parabolic stop and reverse."
  public static let parameters: [Parameter<ParabolicSARFlip>] = [
    .number("acceleration", \.acceleration, 0...10, "what the factor starts from and grows by"),
    .number("maximum", \.maximum, 0...10, "the greatest factor"),
  ]
  public static let examples = [
    SignalExample(
      ["acceleration": .number(0.5), "maximum": .number(0.5)], closes: "10 9 8 7 10 11 6",
      gives: [(2, .sell), (4, .buy), (6, .sell)],
      note: "8 is below the stop 9; 10 goes through the stop of the fall, which moves to its low 7; 6 is below that")
  ]

  public var acceleration = 0.02
  public var maximum = 0.2

  public init() {}

  public var conflict: String? {
    acceleration <= maximum
      ? nil : "acceleration \(Figure(acceleration)) must not be above maximum \(Figure(maximum))"
  }

  public func rule(_ steps: [Step]) -> Rule {
    let stop = Term.indicator("parabolic_sar", with: ["acceleration": acceleration, "maximum": maximum])
    return Rule(
      buy: Term.close.crossesAbove(stop), sell: Term.close.crossesBelow(stop), confidence: 65,
      quotes: [("close", .close), ("stop", stop)],
      buyReason: "close {close} crossed above the parabolic stop {stop}",
      sellReason: "close {close} crossed below the parabolic stop {stop}")
  }
}
