import PluginKit

/// One node of a rule at one bar.
public struct ExplainedNode: Sendable {
  /// A comparison's two sides. The margin is left − right.
  public struct Comparison: Sendable {
    public let left, threshold: Double
    public var margin: Double { left - threshold }
    /// In shares of the threshold; NaN where that is 0.
    public var marginShare: Double { threshold == 0 ? .nan : margin / abs(threshold) }
  }

  public let text: String
  /// `comparison`, `and`, `step`, `indicator` …
  public let kind: String
  public let valueKind: Graph.ValueKind
  public let value: Double
  public let comparison: Comparison?
  /// Why there is no value; nil where there is one.
  public let missing: String?
  /// The bar since which a condition or a vote has been what it is, and that bar's time.
  public let since: (bar: Int, time: String)?
  /// Whether it is among what kept the condition from being true.
  public let isBlocking: Bool
  public let inputs: [ExplainedNode]

  /// The same as it was written in the file.
  func named(_ text: String) -> ExplainedNode {
    ExplainedNode(
      text: text, kind: kind, valueKind: valueKind, value: value, comparison: comparison, missing: missing,
      since: since, isBlocking: isBlocking, inputs: inputs)
  }

  /// A condition's truth or a vote's direction in a word, a number as a figure.
  public var valueText: String {
    switch valueKind {
    case .condition: Truth(value).rawValue
    case .vote: value == 1 ? "buy" : value == -1 ? "sell" : value.isNaN ? "unknown" : "neither"
    case .number: Figure(value).description
    }
  }
}
