public import PluginKit

/// The JSON Schema (2020-12) of a strategy file, made from the registry: an editor completes and marks by it.
public struct StrategySchema: Sendable {
  private let registry: Registry

  public init(registry: Registry) { self.registry = registry }

  public var text: String { document.text }

  private var document: JSONValue {
    .object([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", "Finstage strategy"),
      ("type", "object"), ("properties", .object([("kind", kind)])),
      ("if", isOfKind(.rotation)),
      ("then", PortfolioSchema.rotation(head: head, terms: terms, notify: notify)),
      (
        "else",
        .object([
          ("if", isOfKind(.portfolio)), ("then", PortfolioSchema.portfolio(head: head, notify: notify)),
          (
            "else",
            .object([
              ("if", isOfKind(.priceAlert)), ("then", AlertSchema.form(head: head, notify: notify)), ("else", strategy),
            ])
          ),
        ])
      ),
      ("$defs", .object(definitions)),
    ])
  }

  private var kind: JSONValue {
    SchemaForm.described(
      "strategy, unless said; rotation: the best of many symbols; portfolio: several strategies with one purse; "
        + "price_alert: prices that somebody is told of.",
      SchemaForm.words(Declaration.Kind.allCases.map(\.rawValue)))
  }

  private func isOfKind(_ kind: Declaration.Kind) -> JSONValue {
    .object([
      ("properties", .object([("kind", .object([("const", .string(kind.rawValue))]))])), ("required", ["kind"]),
    ])
  }

  /// What every kind of file begins with.
  private var head: [(String, JSONValue)] {
    [
      ("kind", true), ("name", text("The file's name without .yaml.")), ("title", text("A title for people.")),
      ("description", text("What it sees, when it acts, when it is known to fail.")),
    ]
  }

  /// Names for expressions.
  private var terms: [(String, JSONValue)] {
    [
      ("params", SchemaForm.described("Numbers by name, which a sweep can change.", parameters)),
      (
        "let",
        SchemaForm.described(
          "Expressions by name.",
          SchemaForm.named(SchemaForm.reference("expression"), names: SchemaForm.reference("name")))
      ),
    ]
  }

  private var strategy: JSONValue {
    .object([
      ("required", ["name", "timeframe", "pipeline"]),
      ("oneOf", [["required": ["symbols"]], ["required": ["groups"]]]), ("additionalProperties", false),
      ("properties", .object(properties)),
    ])
  }

  private var properties: [(String, JSONValue)] {
    head + [
      ("timeframe", SchemaForm.described("The length of a bar.", SchemaForm.reference("duration"))),
      (
        "symbols",
        SchemaForm.described("Symbols and @watchlists.", SchemaForm.list(of: SchemaForm.text, atLeast: 1))
      ),
      (
        "groups",
        SchemaForm.described(
          "Instead of symbols: symbols by role; the bars of the first role decide.",
          SchemaForm.list(of: SchemaForm.named(SchemaForm.text), atLeast: 1))
      ),
    ] + terms + [
      (
        "pipeline",
        SchemaForm.described("The steps.", SchemaForm.list(of: SchemaForm.reference("step"), atLeast: 1))
      ),
      ("signal", text("The step that makes the signals; the last one, unless said.")),
      (
        "emit",
        SchemaForm.described(
          "edge: the bar on which a condition becomes true; level: every bar on which it is.",
          SchemaForm.words(["edge", "level"]))
      ),
      ("trade", SchemaForm.reference("trade")), ("notify", notify),
      (
        "tests",
        SchemaForm.described(
          "What must fire and what must not: run by `finstage test`.",
          SchemaForm.list(of: SchemaForm.reference("test")))
      ),
    ]
  }

  private var definitions: [(String, JSONValue)] {
    let modules = registry.signals.values.sorted { $0.id < $1.id }
    return [
      (
        "expression",
        .object(
          [("type", ["string", "number"]), ("maxLength", .number(10_000))]
            + SchemaForm.pattern("\\S", "the expression is empty") + [("examples", ["close > sma(close, 20)"])])
      ),
      ("duration", SchemaForm.duration),
      (
        "name",
        .object(
          [("description", "Letters, digits and _; not what means something already."), ("type", "string")]
            + SchemaForm.pattern("^\(SchemaForm.word)$", "a name has letters, digits and _ and begins with a letter")
            + [("not", SchemaForm.words(taken))])
      ),
      ("series", TestSchema.notation), ("step", StepSchema(modules: modules).form), ("trade", TradeSchema.form),
      ("test", TestSchema.form),
    ]
  }

  /// Names that a strategy cannot give.
  private var taken: [String] {
    let names = Array(registry.indicators.keys) + Array(Functions.builtIn.keys) + Array(Binder.series.keys)
    return (names + Binder.tradeNames + Binder.factNames + ["and", "or", "not"]).sorted()
  }

  private var parameters: JSONValue {
    let number = SharePattern.number
    return SchemaForm.named(
      SchemaForm.mapping(
        ["default"],
        [
          (
            "default",
            .object(
              [("type", ["number", "string"])]
                + SchemaForm.pattern("^\(number)([eE][-+]?[0-9]+)?%$", "a number, or a percentage such as 2%"))
          ),
          (
            "range",
            .object(
              [("description", "2..50, or 2..50:2 in steps."), ("type", "string")]
                + SchemaForm.pattern(
                  "^\(number)%?\\.\\.\(number)%?(:\(number)%?)?$", "a range is written A..B or A..B:STEP"))
          ),
        ]), names: SchemaForm.reference("name"))
  }

  private var notify: JSONValue {
    SchemaForm.described(
      "Who hears of a signal.",
      SchemaForm.mapping(
        [],
        [
          ("priority", SchemaForm.words(["high", "medium", "low"])),
          ("channels", SchemaForm.list(of: SchemaForm.text)), ("cooldown", SchemaForm.reference("duration")),
        ]))
  }

  private func text(_ meaning: String) -> JSONValue { SchemaForm.described(meaning, SchemaForm.text) }
}
