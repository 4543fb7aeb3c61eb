import PluginKit

extension ParameterSpec {
  /// The form of its value under `with:`: within its range, or the name of a number under `params:`.
  var schema: JSONValue {
    let about: [(String, JSONValue)] = [("description", .string("\(meaning) (\(admitted))"))]
    let start: JSONValue =
      switch initial {
      case .number(let value): .number(value)
      case .choice(let word): .string(word)
      case .numbers(let values): .array(values.map { .number($0) })
      }
    let word = SchemaForm.word
    let message = "\(name) is \(admitted), or the name of a number under params"
    switch kind {
    case .choice(let words):
      return .object(about + [("default", start), ("enum", .array(words.map { .string($0) }))])
    case .numbers(let range):
      let item = JSONValue.object([
        ("type", "number"), ("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound)),
      ])
      return .object(about + [("default", start), ("type", "array"), ("items", item)])
    case .percent(let range):
      return .object(
        about + [("default", start)] + number(range.lowerBound, range.upperBound)
          + SchemaForm.pattern("^(\(word)|\(SharePattern.text(range)))$", message))
    case .integer(let range):
      return .object(
        about + [("default", start), ("type", ["integer", "string"])]
          + Array(number(Double(range.lowerBound), Double(range.upperBound)).dropFirst())
          + SchemaForm.pattern("^\(word)$", message))
    case .number(let range):
      return .object(
        about + [("default", start)] + number(range.lowerBound, range.upperBound)
          + SchemaForm.pattern("^\(word)$", message))
    }
  }

  private func number(_ low: Double, _ high: Double) -> [(String, JSONValue)] {
    [("type", ["number", "string"]), ("minimum", .number(low)), ("maximum", .number(high))]
  }
}
