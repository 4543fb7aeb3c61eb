/// A YAML value with its place. Scalars are the text of the source: what `ON`, `000660` or `15:55` mean is decided by
/// the key that they stand under, never by YAML's own guesses.
public struct YAMLValue: Sendable {
  public struct Scalar: Sendable, Hashable {
    public var text: String
    public var isQuoted: Bool
    /// A literal (`|`) or folded (`>`) block.
    public var isBlock: Bool
  }

  public struct Entry: Sendable {
    public var key: YAMLValue
    public var value: YAMLValue
    public var name: String { key.text ?? "" }
  }

  public enum Content: Sendable {
    case scalar(Scalar)
    case sequence([YAMLValue])
    case mapping([Entry])
  }

  public var content: Content
  /// From 1; of a block value, those of its first child.
  public var line, column: Int

  /// The text of a scalar.
  public var text: String? { if case .scalar(let scalar) = content { scalar.text } else { nil } }
  public var isQuoted: Bool { if case .scalar(let scalar) = content { scalar.isQuoted } else { false } }
  public var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }
  public var items: [YAMLValue]? { if case .sequence(let items) = content { items } else { nil } }

  /// Nothing, `~` or `null`.
  public var isNull: Bool {
    guard case .scalar(let scalar) = content, !scalar.isQuoted, !scalar.isBlock else { return false }
    return scalar.text.isEmpty || scalar.text == "~" || scalar.text == "null"
  }

  /// What it is, for a message.
  public var found: String {
    switch content {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .scalar(let scalar):
      isNull ? "nothing" : "\"\(scalar.text.count > 60 ? scalar.text.prefix(57) + "…" : scalar.text)\""
    }
  }
}
