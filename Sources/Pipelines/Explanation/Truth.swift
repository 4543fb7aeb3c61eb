/// Kleene's three values.
public enum Truth: String, Sendable {
  case yes = "true"
  case no = "false"
  case unknown

  /// Of a condition's column: 1, 0, and NaN where it is unknown.
  public init(_ value: Double) { self = value == 1 ? .yes : value.isNaN ? .unknown : .no }

  /// For a table.
  public var word: String { self == .unknown ? "?" : self == .yes ? "yes" : "no" }

  /// true, false or null.
  public var json: JSONValue { self == .unknown ? .null : .bool(self == .yes) }
}
