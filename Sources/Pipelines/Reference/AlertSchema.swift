/// The form of `kind: price_alert`.
enum AlertSchema {
  static func form(head: [(String, JSONValue)], notify: JSONValue) -> JSONValue {
    SchemaForm.mapping(
      ["name", "timeframe", "symbols", "rules"],
      head + [
        (
          "timeframe",
          SchemaForm.described(
            "The length of a bar, whose close is an observation; 1d or less.", SchemaForm.reference("duration"))
        ),
        (
          "symbols",
          SchemaForm.described("Symbols and @watchlists.", SchemaForm.list(of: SchemaForm.text, atLeast: 1))
        ),
        ("rules", SchemaForm.described("What is watched, each once.", SchemaForm.list(of: rule, atLeast: 1))),
        ("notify", notify),
        (
          "tests",
          SchemaForm.described(
            "What must fire and what must not: run by `finstage test`.",
            SchemaForm.list(of: TestSchema.form([("symbol", symbol)], expected: [("rule", named)])))
        ),
      ])
  }

  private static let named = SchemaForm.words(AlertRule.allCases.map(\.rawValue))
  private static let symbol = SchemaForm.described("Whose thresholds hold in the test.", SchemaForm.text)

  /// Those with a threshold of their own may stand by their names.
  private static var rule: JSONValue {
    let names = AlertRule.allCases.filter { $0.initialThreshold != nil }.map(\.rawValue)
    return ["anyOf": [SchemaForm.words(names), settings]]
  }

  private static var settings: JSONValue {
    let form = SchemaForm.mapping(
      ["rule"],
      [
        ("rule", named),
        (
          "threshold",
          SchemaForm.described("How far the price must be from its base.", ["anyOf": [share, thresholds]])
        ),
        ("high", SchemaForm.described("From which change on the priority is high.", share)),
        (
          "timeframe",
          SchemaForm.described("Of this rule's bars; that of the file, unless said.", SchemaForm.reference("duration"))
        ),
        ("priority", SchemaForm.words(["high", "medium", "low"])),
        (
          "cooldown",
          SchemaForm.described(
            "How long it is not told again: 60m, of all-time highs 6h, unless said.", SchemaForm.reference("duration"))
        ),
      ])
    guard case .object(let entries) = form else { return form }
    let wants = AlertRule.allCases.filter { $0.initialThreshold == nil }.map(\.rawValue)
    return .object(
      entries + [
        ("if", ["properties": ["rule": SchemaForm.words(wants)], "required": ["rule"]]),
        ("then", ["required": ["threshold"]]),
      ])
  }

  private static var thresholds: JSONValue {
    SchemaForm.mapping(
      [],
      [
        ("default", SchemaForm.described("Of symbols that are not named otherwise.", share)),
        ("categories", SchemaForm.described("By the category of the instrument.", SchemaForm.named(share))),
        ("symbols", SchemaForm.described("By symbol, which goes before its category.", SchemaForm.named(share))),
      ])
  }

  /// 3%, or 0.03.
  private static var share: JSONValue {
    .object(
      [("type", ["number", "string"]), ("minimum", .number(0)), ("exclusiveMaximum", .number(1))]
        + SchemaForm.pattern(
          "^([0-9]{1,2}(\\.[0-9]*)?|\\.[0-9]+)%$", "a percentage such as 3%, below 100%"))
  }
}
