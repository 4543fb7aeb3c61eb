public import PluginKit
import Trading

/// Every input's latest direction within the last bars agrees. Inputs that were silent agree on nothing.
///
///     buy: the latest direction of each input in the last `within` bars, this one included, is buy; sell: mirror
public struct ConfirmAll: SignalModule {
  public static let id = "confirm_all"
  public static let summary = "Every input's latest direction within the last bars agrees; silence is no direction."
  public static let inputs = StepCount.atLeast(1)
  public static let parameters: [Parameter<ConfirmAll>] = [
    .integer("within", \.within, 1...100_000, "bars in which an input's latest direction counts, this one included"),
    .number("confidence", \.confidence, 0...100, "confidence of the signal"),
  ]
  public static let examples = [
    SignalExample(
      closes: "90 105 115 100 85", inputLevels: [100, 110], gives: [(0, .sell), (2, .buy), (4, .sell)],
      note: "90 is below both, 105 between, 115 above both, 100 on the first, 85 below both")
  ]

  public var within = 1
  public var confidence = 85.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let directions = steps.map { $0.vote.latest(within) }
    let names = steps.map(\.id).joined(separator: ", ")
    let span = within > 1 ? " within \(within) bars" : ""
    return Rule(
      buy: .operation(.and, directions.map { $0.equals(1) }), sell: .operation(.and, directions.map { $0.equals(-1) }),
      confidence: .number(confidence), buyReason: "\(names) agree on buy\(span)",
      sellReason: "\(names) agree on sell\(span)")
  }
}
