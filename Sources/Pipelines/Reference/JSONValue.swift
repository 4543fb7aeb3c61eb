/// JSON with its keys in the order in which they were put, for documents that people read.
public indirect enum JSONValue: Sendable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral, ExpressibleByBooleanLiteral
{
  case string(String)
  case number(Double)
  case bool(Bool)
  case null
  case array([JSONValue])
  case object([(String, JSONValue)])

  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }

  /// The text, indented by two spaces a level. A number that is not finite is null.
  public var text: String { written(indent: "") + "\n" }

  /// The text of this value on one line.
  public var line: String {
    switch self {
    case .string(let text): JSONValue.quoted(text)
    case .number(let value): JSONValue.written(value)
    case .bool(let value): value ? "true" : "false"
    case .null: "null"
    case .array(let items): "[" + items.map(\.line).joined(separator: ", ") + "]"
    case .object(let entries):
      "{" + entries.map { "\(JSONValue.quoted($0.0)): \($0.1.line)" }.joined(separator: ", ") + "}"
    }
  }

  private func written(indent: String) -> String {
    let deeper = indent + "  "
    switch self {
    case .array(let items) where items.contains(where: \.isObject):
      return "[\n" + items.map { deeper + $0.written(indent: deeper) }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let entries) where !entries.isEmpty:
      let lines = entries.map { "\(deeper)\(JSONValue.quoted($0.0)): \($0.1.written(indent: deeper))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    default: return line
    }
  }

  private var isObject: Bool { if case .object = self { true } else { false } }

  private static func written(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return "\(whole)" }
    return "\(value)"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
