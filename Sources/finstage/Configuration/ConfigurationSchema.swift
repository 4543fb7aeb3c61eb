import DataSources
import Pipelines
import PluginKit

/// The JSON Schema (2020-12) of `config.yaml`.
enum ConfigurationSchema {
  static var text: String { document.text }

  private static var document: JSONValue {
    .object([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", "Finstage configuration"),
      ("type", "object"), ("additionalProperties", false),
      (
        "properties",
        .object([
          ("locale", ["enum": ["en", "ko"]]), ("timezone", text("Zone of messages: Asia/Seoul")),
          ("strategies", text("Folder of the strategies, relative to this file.")),
          (
            "watchlists",
            [
              "type": "object",
              "additionalProperties": ["type": "array", "items": ["type": ["string", "number", "boolean"]]],
            ]
          ),
          ("sources", ["type": "object", "additionalProperties": ["anyOf": .array(dataSources.map(source))]]),
          ("collect", ["type": "array", "items": collection]),
          ("storage", ["type": "object"]), ("feeds", ["type": "array"]), ("channels", ["type": "object"]),
          ("routes", ["type": "array"]), ("schedule", ["type": "array"]), ("retention", ["type": "object"]),
          ("api", ["type": "object"]),
        ])
      ),
    ])
  }

  private static func text(_ meaning: JSONValue) -> JSONValue { ["description": meaning, "type": "string"] }

  private static func source(_ type: any DataSource.Type) -> JSONValue {
    let settings = type.settings.map { setting -> (String, JSONValue) in
      let kind: JSONValue = setting.kind == .number ? "number" : "string"
      return (setting.name, ["description": .string(setting.meaning), "type": kind])
    }
    let required = ["type"] + type.settings.filter(\.isRequired).map(\.name)
    return .object([
      ("description", .string(type.summary)), ("type", "object"),
      ("required", .array(required.map { .string($0) })), ("additionalProperties", false),
      ("properties", .object([("type", .object([("const", .string(type.id))]))] + settings)),
    ])
  }

  private static var collection: JSONValue {
    .object([
      ("type", "object"), ("required", ["source", "symbols", "timeframe"]), ("additionalProperties", false),
      (
        "properties",
        .object([
          ("source", text("A name under sources.")),
          ("symbols", ["type": "array", "items": ["type": ["string", "number", "boolean"]]]),
          ("timeframe", ["type": "string", "pattern": "^[1-9][0-9]*(m|h|d|w|mo)$"]),
          ("exchange", text("The exchange's MIC: XNYS")),
        ])
      ),
    ])
  }
}
