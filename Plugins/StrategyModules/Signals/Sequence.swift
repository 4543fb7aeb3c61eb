public import PluginKit
import Trading

/// The inputs speak one after another, in their order and in one direction.
///
///     buy: the last input turns to buy at most `within` bars after the one before it did, and so on to the first
///
/// What counts is the bar on which an input turns, not how long it stays so; two on one bar are no sequence.
public struct Sequence: SignalModule {
  public static let id = "sequence"
  public static let summary = "The inputs speak one after another, in their order and in one direction."
  public static let inputs = StepCount.atLeast(2)
  public static let parameters: [Parameter<Sequence>] = [
    .integer("within", \.within, 1...100_000, "most bars from one input to the next"),
    .number("confidence", \.confidence, 0...100, "confidence of the signal"),
  ]
  public static let examples = [
    SignalExample(
      ["within": .number(2)], closes: "90 105 115 105 95", inputLevels: [100, 110], gives: [(2, .buy)],
      note: "up through 100, then 110; on the way down 110 comes first, which is the wrong order"),
    SignalExample(
      closes: "120 105 95", inputLevels: [110, 100], gives: [(2, .sell)], note: "down through 110, then 100"),
    SignalExample(
      ["within": .number(3)], closes: "90 105x3 _ 105x3 115", inputLevels: [100, 110], gives: [],
      note: "seven bars later is too late, and a missing bar does not make the first turn anew"),
  ]

  public var within = 5
  public var confidence = 75.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let names = steps.map(\.id).joined(separator: ", then ")
    return Rule(
      buy: chain(steps, 1), sell: chain(steps, -1), confidence: .number(confidence),
      quotes: [("close", .close)], buyReason: "\(names) turned to buy, each within \(within) bars, at {close}",
      sellReason: "\(names) turned to sell, each within \(within) bars, at {close}")
  }

  private func chain(_ steps: [Step], _ direction: Term) -> Term {
    let turns = steps.map { $0.vote.equals(direction).starts }
    return turns.dropFirst().reduce(turns.first ?? 0) { before, turn in turn && before.ago(1).within(within) }
  }
}
