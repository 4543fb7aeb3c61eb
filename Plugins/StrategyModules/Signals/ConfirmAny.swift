public import PluginKit
import Trading

/// One input's latest direction within the last bars is enough, where no other contradicts.
///
///     buy: the latest direction of one input in the last `within` bars is buy, and of none sell; sell: mirror
public struct ConfirmAny: SignalModule {
  public static let id = "confirm_any"
  public static let summary = "One input's latest direction within the last bars is enough, where none contradicts."
  public static let inputs = StepCount.atLeast(1)
  public static let parameters: [Parameter<ConfirmAny>] = [
    .integer("within", \.within, 1...100_000, "bars in which an input's latest direction counts, this one included"),
    .number("confidence", \.confidence, 0...100, "confidence of the signal"),
  ]
  public static let examples = [
    SignalExample(
      closes: "100 105 110 115 90", inputLevels: [100, 110], gives: [(0, .sell), (2, .buy), (4, .sell)],
      note: "100 is silent and a sell, 105 a buy and a sell, 110 a buy and silent, 115 two buys, 90 two sells")
  ]

  public var within = 1
  public var confidence = 60.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let directions = steps.map { $0.vote.latest(within) }
    let names = steps.map(\.id).joined(separator: ", ")
    let span = within > 1 ? " within \(within) bars" : ""
    let buys = Term.operation(.or, directions.map { $0.equals(1) })
    let sells = Term.operation(.or, directions.map { $0.equals(-1) })
    return Rule(
      buy: buys && sells.coalesce(0).equals(0), sell: sells && buys.coalesce(0).equals(0),
      confidence: .number(confidence), buyReason: "one of \(names) says buy\(span)",
      sellReason: "one of \(names) says sell\(span)")
  }
}
