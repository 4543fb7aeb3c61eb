public import PluginKit
import Trading

/// The opposite of the input: its sells are buys, its buys are sells.
///
///     buy: the input says sell; sell: the input says buy
public struct Not: SignalModule {
  public static let id = "not"
  public static let summary = "The opposite of the input: its sells are buys, its buys are sells."
  public static let inputs = StepCount.exactly(1)
  public static let parameters: [Parameter<Not>] = [
    .number("confidence", \.confidence, 0...100, "confidence of the signal")
  ]
  public static let examples = [
    SignalExample(
      closes: "90 110 100 90", inputLevels: [100], gives: [(0, .buy), (1, .sell), (3, .buy)],
      note: "below 100 the input sells, above it buys, at 100 it is silent, and so is this")
  ]

  public var confidence = 60.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let vote = Term.sum(steps.map(\.vote))
    let names = steps.map(\.id).joined()
    return Rule(
      buy: vote.equals(-1), sell: vote.equals(1), confidence: .number(confidence),
      buyReason: "\(names) says sell, which is taken as buy", sellReason: "\(names) says buy, which is taken as sell")
  }
}
