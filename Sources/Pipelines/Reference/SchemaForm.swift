/// Pieces of JSON Schema. Each keyword speaks of one kind of value, so that an editor's message names one thing.
public enum SchemaForm {
  /// What the host reads as text: an editor's YAML takes `000660` for a number and `true` for a truth value.
  public static let text: JSONValue = ["type": ["string", "number", "boolean"]]
  public static let duration: JSONValue = .object(
    [("type", "string")]
      + pattern("^0*([1-9][0-9]{0,3}|10000)(m|h|d|w|mo)$", "a duration is written 1m 5m 15m 1h 4h 1d 1w 1mo")
      + [("examples", ["1m", "5m", "15m", "1h", "4h", "1d", "1w", "1mo"])])
  static let word = "[A-Za-z_][A-Za-z0-9_]*"

  public static func reference(_ name: String) -> JSONValue { .object([("$ref", .string("#/$defs/\(name)"))]) }

  /// A form with what it means.
  public static func described(_ meaning: String, _ form: JSONValue) -> JSONValue {
    guard case .object(let entries) = form else { return form }
    return .object([("description", .string(meaning))] + entries)
  }

  public static func words(_ words: [String]) -> JSONValue { .object([("enum", .array(words.map { .string($0) }))]) }

  public static func list(of item: JSONValue, atLeast least: Int = 0, atMost most: Int? = nil) -> JSONValue {
    let upper: [(String, JSONValue)] = most.map { [("maxItems", .number(Double($0)))] } ?? []
    return .object(
      [("type", "array")] + (least > 0 ? [("minItems", .number(Double(least)))] : []) + upper + [("items", item)])
  }

  public static func whole(_ range: ClosedRange<Int>) -> JSONValue {
    .object([
      ("type", "integer"), ("minimum", .number(Double(range.lowerBound))),
      ("maximum", .number(Double(range.upperBound))),
    ])
  }

  /// A mapping of these keys and no others.
  public static func mapping(
    _ required: [String], _ properties: [(String, JSONValue)]
  ) -> JSONValue {
    let names: [(String, JSONValue)] =
      required.isEmpty ? [] : [("required", .array(required.map { .string($0) }))]
    return .object(
      [("type", "object")] + names + [("additionalProperties", false), ("properties", .object(properties))])
  }

  public static func mapping(_ properties: [(String, JSONValue)]) -> JSONValue { mapping([], properties) }

  /// A mapping with one of several keys, each with the keys that it admits; `needing` are those that it wants besides.
  static func oneOf(
    _ choices: [(key: String, properties: [(String, JSONValue)])], needing: [String: [String]] = [:]
  ) -> JSONValue {
    .object([
      ("type", "object"),
      ("oneOf", .array(choices.map { .object([("required", [.string($0.key)])]) })),
      (
        "allOf",
        .array(
          choices.map { choice in
            .object([
              ("if", .object([("required", [.string(choice.key)])])),
              ("then", mapping(needing[choice.key] ?? [], choice.properties)),
            ])
          })
      ),
    ])
  }

  /// A mapping of names that the user chooses.
  public static func named(_ form: JSONValue, names: JSONValue? = nil) -> JSONValue {
    .object(
      [("type", "object")] + (names.map { [("propertyNames", $0)] } ?? []) + [("additionalProperties", form)])
  }

  /// Whether it is a mapping with one of these keys.
  static func has(_ keys: String...) -> JSONValue {
    .object([
      ("type", "object"), ("anyOf", .array(keys.map { .object([("required", [.string($0)])]) })),
    ])
  }

  /// A text of a form; the message is what an editor shows, where it knows how.
  static func pattern(_ pattern: String, _ message: String) -> [(String, JSONValue)] {
    [("pattern", .string(pattern)), ("patternErrorMessage", .string(message))]
  }

  /// What holds where a mapping has this value under a key.
  public static func when(_ key: String, is value: String, _ form: JSONValue) -> JSONValue {
    let condition: JSONValue = .object([
      ("properties", .object([(key, .object([("const", .string(value))]))])), ("required", [.string(key)]),
    ])
    return .object([("if", condition), ("then", form)])
  }
}
