public import PluginKit

/// The JSON Schema (2020-12) of a strategy file, made from the registry: an editor completes and marks by it.
public struct StrategySchema: Sendable {
  private let registry: Registry

  public init(registry: Registry) { self.registry = registry }

  public var text: String { document.text }

  private var document: JSONValue {
    .object([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"),
      ("title", "Finstage strategy"),
      ("type", "object"),
      ("required", ["name", "timeframe", "symbols", "pipeline"]),
      ("additionalProperties", false),
      ("properties", .object(properties)),
      ("$defs", .object(definitions)),
    ])
  }

  private var properties: [(String, JSONValue)] {
    [
      ("name", described("string", "The strategy's name, which is the file's name.")),
      ("title", described("string", "A title for people.")),
      ("description", described("string", "What it sees, when it acts, when it is known to fail.")),
      ("timeframe", ["$ref": "#/$defs/duration"]),
      (
        "symbols",
        [
          "description": "Symbols and @watchlists.", "type": "array", "minItems": .number(1),
          "items": ["type": ["string", "number", "boolean"]],
        ]
      ),
      ("pipeline", ["type": "array", "minItems": .number(1), "items": ["$ref": "#/$defs/step"]]),
      ("signal", described("string", "The step that makes the signals; the last one by default.")),
      ("emit", ["description": "The first bar of a condition, or every bar.", "enum": ["edge", "level"]]),
      (
        "let",
        ["description": "Named expressions.", "type": "object", "additionalProperties": ["$ref": "#/$defs/expression"]]
      ),
      (
        "params",
        [
          "description": "Named numbers, which a sweep can change.", "type": "object",
          "additionalProperties": .object([
            ("type", "object"), ("required", ["default"]), ("additionalProperties", false),
            ("properties", ["default": ["type": ["number", "string"]], "range": ["type": "string"]]),
          ]),
        ]
      ),
      ("trade", ["$ref": "#/$defs/trade"]),
      ("notify", ["$ref": "#/$defs/notify"]),
      ("tests", ["type": "array", "items": ["$ref": "#/$defs/test"]]),
    ]
  }

  private var definitions: [(String, JSONValue)] {
    let modules = registry.signals.values.sorted { $0.id < $1.id }
    return [
      ("expression", ["type": ["string", "number"]]),
      ("duration", ["type": "string", "pattern": "^[1-9][0-9]*(m|h|d|w|mo)$", "examples": ["15m", "4h", "1d", "1w"]]),
      ("share", ["description": "A share: 8% or 0.08.", "type": ["string", "number"]]),
      ("series", ["description": "100x30 103, 101+1x5, _x3", "type": ["string", "number"]]),
      ("step", .object([("anyOf", .array(modules.map(step) + [callStep, positionStep]))])),
      ("position", object(["enter", "exit"], [("enter", expression), ("exit", expression)])),
      ("trade", trade),
      (
        "notify",
        object(
          [],
          [
            ("priority", ["enum": ["high", "medium", "low"]]),
            ("channels", ["type": "array", "items": ["type": "string"]]),
            ("cooldown", ["$ref": "#/$defs/duration"]),
          ])
      ),
      ("test", test),
    ]
  }

  private let expression: JSONValue = ["$ref": "#/$defs/expression"]

  private func step(_ entry: SignalEntry) -> JSONValue {
    var properties: [(String, JSONValue)] = [
      ("id", ["type": "string"]), ("module", .object([("const", .string(entry.id))])),
      ("with", object([], entry.parameters.map { ($0.name, schema(of: $0)) })),
    ]
    var required: [JSONValue] = ["id", "module"]
    if case .atLeast(let count) = entry.inputs {
      properties.append(
        ("inputs", ["type": "array", "minItems": .number(Double(count)), "items": ["type": "string"]]))
      required.append("inputs")
    }
    return .object([
      ("description", .string(entry.summary)), ("type", "object"), ("required", .array(required)),
      ("additionalProperties", false), ("properties", .object(properties)),
    ])
  }

  private var callStep: JSONValue {
    .object([
      ("description", "A bullish and a bearish call."), ("type", "object"), ("required", ["id"]),
      ("anyOf", [["required": ["buy"]], ["required": ["sell"]]]), ("additionalProperties", false),
      (
        "properties",
        .object([("id", ["type": "string"]), ("buy", expression), ("sell", expression)] + voice)
      ),
    ])
  }

  private var positionStep: JSONValue {
    .object([
      ("description", "When a position begins and ends."), ("type", "object"), ("required", ["id"]),
      ("anyOf", [["required": ["long"]], ["required": ["short"]]]), ("additionalProperties", false),
      (
        "properties",
        .object(
          [
            ("id", ["type": "string"]), ("long", ["$ref": "#/$defs/position"]), ("short", ["$ref": "#/$defs/position"]),
          ] + voice)
      ),
    ])
  }

  private var voice: [(String, JSONValue)] {
    [
      ("confidence", ["type": ["number", "string"], "minimum": .number(0), "maximum": .number(100)]),
      ("reason", described("string", "Why, with {expression} for values.")),
    ]
  }

  private var trade: JSONValue {
    let share: JSONValue = ["$ref": "#/$defs/share"]
    let target = object(["at"], [("at", share), ("close", share)])
    return object(
      [],
      [
        ("side", ["enum": ["long", "short", "both"]]), ("size", object(["equity"], [("equity", share)])),
        ("stop", share), ("take_profit", ["anyOf": [share, ["type": "array", "items": target]]]),
        ("max_bars", ["type": "integer", "minimum": .number(1), "maximum": .number(100_000)]),
      ])
  }

  private var test: JSONValue {
    let series: JSONValue = ["$ref": "#/$defs/series"]
    let signal = object(
      ["direction"],
      [
        ("bar", ["type": "integer", "minimum": .number(0)]), ("time", described("string", "2008-01-31")),
        ("direction", ["enum": ["buy", "sell", "exit_long", "exit_short"]]),
        ("confidence", ["description": "75, or 60..90", "type": ["number", "string"]]),
        ("reason", described("string", "A text that the reason contains.")), ("price", ["type": "number"]),
      ])
    let candle = object(
      ["open", "high", "low", "close"],
      ["open", "high", "low", "close", "volume"].map { ($0, ["type": "number"]) } + [("time", ["type": "string"])])
    let list: JSONValue = [
      "type": "array", "items": ["type": "number"], "minItems": .number(4), "maxItems": .number(5),
    ]
    return object(
      ["name"],
      [
        ("name", ["type": "string"]), ("closes", series), ("opens", series), ("highs", series), ("lows", series),
        ("volumes", series),
        ("candles", ["type": "array", "items": ["anyOf": .array([list, candle, .object([("const", "_")])])]]),
        ("data", described("string", "A price file, relative to this one.")), ("from", ["type": "string"]),
        ("to", ["type": "string"]), ("expect", ["type": "array", "items": signal]),
        ("must_not_fire", ["type": "boolean"]), ("at_least", ["type": "boolean"]),
      ])
  }

  private func schema(of parameter: ParameterSpec) -> JSONValue {
    let initial: JSONValue =
      switch parameter.initial {
      case .number(let value): .number(value)
      case .choice(let word): .string(word)
      }
    let about: [(String, JSONValue)] = [("description", .string(parameter.meaning)), ("default", initial)]
    switch parameter.kind {
    case .choice(let words): return .object(about + [("enum", .array(words.map { .string($0) }))])
    case .percent: return .object(about + [("type", ["number", "string"])])
    case .integer(let range):
      return numeric(about, "integer", Double(range.lowerBound), Double(range.upperBound))
    case .number(let range): return numeric(about, "number", range.lowerBound, range.upperBound)
    }
  }

  /// A number within bounds, or the name of one under `params:`.
  private func numeric(_ about: [(String, JSONValue)], _ type: JSONValue, _ low: Double, _ high: Double) -> JSONValue {
    .object(
      about + [
        (
          "anyOf",
          [
            ["type": type, "minimum": .number(low), "maximum": .number(high)],
            ["type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"],
          ]
        )
      ])
  }

  private func object(_ required: [JSONValue], _ properties: [(String, JSONValue)]) -> JSONValue {
    var entries: [(String, JSONValue)] = [("type", "object")]
    if !required.isEmpty { entries.append(("required", .array(required))) }
    return .object(entries + [("additionalProperties", false), ("properties", .object(properties))])
  }

  private func described(_ type: JSONValue, _ description: JSONValue) -> JSONValue {
    ["description": description, "type": type]
  }
}
