import PluginKit

/// The form of a step: one of the modules with its own settings, two calls, or positions. Which of them is meant shows
/// from the keys, so that a fault is told of that one alone.
struct StepSchema {
  let modules: [SignalEntry]

  var form: JSONValue {
    .object([
      ("description", "A module with its settings, or expressions: buy and sell, or long and short."),
      ("type", "object"), ("required", ["id"]),
      (
        "properties",
        .object([
          ("id", SchemaForm.described("The name by which other steps read it.", SchemaForm.text)),
          (
            "module",
            SchemaForm.described("`finstage modules` explains them.", SchemaForm.words(modules.map(\.id)))
          ),
        ])
      ),
      ("if", SchemaForm.has("module")), ("then", .object([("allOf", .array(modules.map(module)))])),
      ("else", expressions),
    ])
  }

  private func module(_ entry: SignalEntry) -> JSONValue {
    var properties: [(String, JSONValue)] = [
      ("id", true), ("module", true), ("with", SchemaForm.mapping(entry.parameters.map { ($0.name, $0.schema) })),
    ]
    var required: [String] = []
    if let count = entry.inputs.least {
      let inputs = SchemaForm.list(of: SchemaForm.text, atLeast: count, atMost: entry.inputs.most)
      properties.append(("inputs", SchemaForm.described("The ids of the steps that it combines.", inputs)))
      required.append("inputs")
    }
    return SchemaForm.when(
      "module", is: entry.id, SchemaForm.described(entry.summary, SchemaForm.mapping(required, properties)))
  }

  private var expressions: JSONValue {
    .object([
      ("if", SchemaForm.has("buy", "sell")), ("then", calls),
      (
        "else",
        .object([
          ("if", SchemaForm.has("long", "short")), ("then", positions), ("else", ["required": ["module"]]),
        ])
      ),
    ])
  }

  private var calls: JSONValue {
    SchemaForm.mapping(
      [], [("id", true), ("buy", expression("A bullish call.")), ("sell", expression("A bearish call."))] + voice)
  }

  private var positions: JSONValue {
    let position = SchemaForm.mapping(
      ["enter", "exit"],
      [
        ("enter", expression("Becomes true: a call.")),
        ("exit", expression("While it is true, the position ends.")),
      ])
    return SchemaForm.mapping([("id", true), ("long", position), ("short", position)] + voice)
  }

  private func expression(_ meaning: String) -> JSONValue {
    SchemaForm.described(meaning, SchemaForm.reference("expression"))
  }

  private var voice: [(String, JSONValue)] {
    [
      (
        "confidence",
        .object([
          ("description", "0 to 100; 50 unless said."), ("type", ["number", "string"]), ("minimum", .number(0)),
          ("maximum", .number(100)), ("pattern", .string("^\(SchemaForm.word)$")),
          ("patternErrorMessage", "a number from 0 to 100, or the name of one under params"),
        ])
      ),
      ("reason", SchemaForm.described("Why, with {expression} for values.", SchemaForm.text)),
    ]
  }
}
