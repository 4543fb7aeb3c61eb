public import Pipelines

/// Short forms of JSON Schema, for what answers carry.
public enum Schema {
  public static let text: JSONValue = ["type": "string"]
  public static let number: JSONValue = ["type": "number"]
  public static let integer: JSONValue = ["type": "integer"]
  public static let flag: JSONValue = ["type": "boolean"]
  public static let moment: JSONValue = ["type": "string", "format": "date-time"]
  public static let anything: JSONValue = .object([])
  public static let object: JSONValue = ["type": "object"]

  /// Also null.
  public static func optional(_ type: String) -> JSONValue {
    .object([("type", .array([.string(type), "null"]))])
  }

  public static func words(_ words: [String]) -> JSONValue {
    .object([("type", "string"), ("enum", .array(words.map { .string($0) }))])
  }

  public static func list(_ items: JSONValue) -> JSONValue { .object([("type", "array"), ("items", items)]) }

  /// An object in which these are always there; others may be.
  public static func fields(_ fields: [(String, JSONValue)]) -> JSONValue {
    .object([
      ("type", "object"), ("properties", .object(fields)), ("required", .array(fields.map { .string($0.0) })),
    ])
  }

  /// An object of a request: these and no others, of which some must be there.
  public static func closed(_ fields: [(String, JSONValue)], required: [String]) -> JSONValue {
    var entries: [(String, JSONValue)] = [
      ("type", "object"), ("properties", .object(fields)), ("additionalProperties", false),
    ]
    if !required.isEmpty { entries.append(("required", .array(required.map { .string($0) }))) }
    return .object(entries)
  }
}
