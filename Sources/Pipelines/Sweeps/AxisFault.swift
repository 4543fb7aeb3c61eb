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

  public var description: String { hint.map { "\(message)\n   = \($0)" } ?? message }
}
