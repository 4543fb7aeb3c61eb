import Trading

/// The forms of `news:` and `filings:` of a test.
enum TestFactSchema {
  static var item: JSONValue {
    placed(
      ["score"],
      [
        ("score", ["type": "number", "minimum": .number(-1), "maximum": .number(1)]),
        (
          "late",
          SchemaForm.described(
            "Known so many bars after its publication.", ["type": "integer", "minimum": .number(0)])
        ),
      ])
  }

  static var figure: JSONValue {
    placed(
      ["field", "end", "value"],
      [
        ("field", SchemaForm.words(StatementField.allCases.map(\.rawValue))),
        ("period", SchemaForm.words(FiledFigure.Period.allCases.map(\.rawValue))),
        ("end", SchemaForm.described("The last day of the period.", SchemaForm.text)), ("value", ["type": "number"]),
      ])
  }

  private static func placed(_ required: [String], _ entries: [(String, JSONValue)]) -> JSONValue {
    let form = SchemaForm.mapping(
      required,
      [
        (
          "bar",
          SchemaForm.described(
            "Published at the close of this bar, from 0.", ["type": "integer", "minimum": .number(0)])
        ), ("time", SchemaForm.described("Published then, instead of bar.", SchemaForm.text)),
      ] + entries)
    guard case .object(let keys) = form else { return form }
    return .object(keys + [("oneOf", [["required": ["bar"]], ["required": ["time"]]])])
  }
}
