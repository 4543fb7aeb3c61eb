public import PluginKit
import Trading

/// Lets the input speak in one direction at most once in a number of bars.
///
///     buy: the input turns to buy, and no buy was let through in the `bars` − 1 bars before; sell: mirror
///
/// A turn that falls into the pause is lost, however long the input stays so.
public struct Cooldown: SignalModule {
  public static let id = "cooldown"
  public static let summary = "Lets the input speak in one direction at most once in a number of bars."
  public static let inputs = StepCount.exactly(1)
  public static let parameters: [Parameter<Cooldown>] = [
    .integer("bars", \.bars, 1...100_000, "bars from a signal to the next of its direction at least"),
    .number("confidence", \.confidence, 0...100, "confidence of the signal"),
  ]
  public static let examples = [
    SignalExample(
      ["bars": .number(3)], closes: "90 110 90 110 90 110", inputLevels: [100],
      gives: [(0, .sell), (1, .buy), (4, .sell), (5, .buy)],
      note: "the sell of bar 2 and the buy of bar 3 come two bars after those before them")
  ]

  public var bars = 5
  public var confidence = 60.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let vote = Term.sum(steps.map(\.vote))
    let names = steps.map(\.id).joined()
    return Rule(
      buy: vote.equals(1).starts.spaced(bars), sell: vote.equals(-1).starts.spaced(bars),
      confidence: .number(confidence), quotes: [("close", .close)],
      buyReason: "\(names) turned to buy at {close}, the first time in \(bars) bars",
      sellReason: "\(names) turned to sell at {close}, the first time in \(bars) bars")
  }
}
