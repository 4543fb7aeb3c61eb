/// What is wrong with an axis or a condition over axes.
public struct AxisFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was found.
  public var message: String
  /// What is admitted.
  public var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }

  /// More combinations than are run.
  public init(tooMany count: Int, limit: Int) {
    self.init(
      "the sweep has \(count) combinations, more than \(limit)",
      hint: "take wider steps, --search random --samples N, or --max-combinations \(count)")
  }

  public var description: String { hint.map { "\(message)\n   = \($0)" } ?? message }
}
