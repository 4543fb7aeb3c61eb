public import PluginKit
import Trading

/// The rate of change crosses a level.
///
///     buy: roc crosses above level; sell: roc crosses below −level
public struct ROCCross: SignalModule {
  public static let id = "roc_cross"
  public static let summary = "The rate of change crosses zero, or a level on either side of it."
  public static let parameters: [Parameter<ROCCross>] = [
    .integer("period", \.period, 1...100_000, "bars back"),
    .percent("level", \.level, 0...10, "change that is crossed, upwards and mirrored downwards"),
  ]
  public static let examples = [
    SignalExample(
      ["period": .number(1)], closes: "10 9 10 9", gives: [(2, .buy), (3, .sell)],
      note: "changes −10 %, +11.1 %, −10 %")
  ]

  public var period = 10
  public var level = 0.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let roc = Term.indicator("roc", .close, with: ["period": Double(period)])
    let percent = level * 100
    return Rule(
      buy: roc.crossesAbove(.number(percent)), sell: roc.crossesBelow(.number(0 - percent)), confidence: 60,
      quotes: [("roc", roc)], buyReason: "roc(\(period)) {roc}% crossed above \(Figure(percent))%",
      sellReason: "roc(\(period)) {roc}% crossed below \(Figure(0 - percent))%")
  }
}
