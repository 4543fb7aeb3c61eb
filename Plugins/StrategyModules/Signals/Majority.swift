public import PluginKit
import Trading

/// More than half of the inputs agree; those that are silent count as inputs.
///
///     buy: count(latest direction in the last `within` bars is buy) > inputs / 2; sell: mirror
///
/// What is unknown of some inputs leaves a majority of the others standing.
public struct Majority: SignalModule {
  public static let id = "majority"
  public static let summary = "More than half of the inputs agree; those that are silent count as inputs."
  public static let inputs = StepCount.atLeast(1)
  public static let parameters: [Parameter<Majority>] = [
    .integer("within", \.within, 1...100_000, "bars in which an input's latest direction counts, this one included"),
    .number("confidence", \.confidence, 0...100, "confidence of the signal"),
  ]
  public static let examples = [
    SignalExample(
      closes: "105 115 125 95", inputLevels: [100, 110, 120], gives: [(0, .sell), (1, .buy), (3, .sell)],
      note: "one, two, three and none of three levels are passed")
  ]

  public var within = 1
  public var confidence = 75.0

  public init() {}

  public func rule(_ steps: [Step]) -> Rule {
    let directions = steps.map { $0.vote.latest(within) }
    let buys = BoundedSum(directions.map { ($0.equals(1), 1) }, in: 0...1)
    let sells = BoundedSum(directions.map { ($0.equals(-1), 1) }, in: 0...1)
    let half = Double(steps.count / 2 + 1)
    let names = steps.map(\.id).joined(separator: ", ")
    let span = within > 1 ? " within \(within) bars" : ""
    return Rule(
      buy: buys.reaches(half), sell: sells.reaches(half), confidence: .number(confidence),
      quotes: [("buys", buys.least), ("sells", sells.least)],
      buyReason: "{buys} of \(names) say buy\(span)", sellReason: "{sells} of \(names) say sell\(span)")
  }
}
