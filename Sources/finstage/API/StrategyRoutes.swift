import HTTPAPI
import Pipelines
import PluginKit
import Storage
import StrategyModules
import Trading

/// What is run, and what it is made of.
extension APIRoutes {
  var strategies: [Endpoint] {
    let strategy = Schema.fields([
      ("name", Schema.text), ("kind", Schema.optional("string")), ("title", Schema.optional("string")),
      ("faults", Schema.list(Schema.text)),
    ])
    let diagnostic = Schema.fields([
      ("file", Schema.text), ("line", Schema.integer), ("column", Schema.integer), ("end_column", Schema.integer),
      ("severity", Schema.words(["error", "warning"])), ("code", Schema.text), ("message", Schema.text),
      ("hint", Schema.optional("string")),
    ])
    return [
      Endpoint(
        .get, "/api/v1/strategies", .role(.read), "listStrategies", "The strategies' files as they are now.",
        content: .json(Schema.fields([("strategies", Schema.list(strategy))])),
        answer: place.at { context, _ in try StrategyAnswers.list(context.workspace) }
      ).with { $0.group = "strategies" },
      Endpoint(
        .get, "/api/v1/strategies/{name}", .role(.read), "getStrategy", "One of them, with its rule in words.",
        content: .json(strategy),
        answer: place.at { context, request in
          let name = try APIRoutes.name(request.path["name"] ?? "", in: context)
          return try StrategyAnswers.one(name, context.workspace, request.text("locale") ?? "en")
        }
      ).with {
        $0.group = "strategies"
        $0.query = [QueryParameter("locale", .words(["en", "ko"]), "The language of the words. Default: en")]
      },
      Endpoint(
        .get, "/api/v1/modules", .role(.read), "listModules", "What strategies are made of.",
        content: .json(
          Schema.fields([
            (
              "modules",
              Schema.list(
                Schema.fields([
                  ("id", Schema.text), ("kind", Schema.words(["signal", "indicator"])), ("summary", Schema.text),
                  ("parameters", Schema.list(Schema.object)),
                ]))
            )
          ])), answer: place.at { _, _ in .json(StrategyAnswers.modules) }
      ).with { $0.group = "strategies" },
      Endpoint(
        .get, "/api/v1/modules/{id}", .role(.read), "getModule",
        "One module with its parameters and worked examples, as a text.",
        content: .json(Schema.fields([("id", Schema.text), ("text", Schema.text)])),
        answer: place.at { _, request in
          let id = request.path["id"] ?? ""
          guard let text = ModuleReference.page(of: id, in: bundled) else {
            throw Problem(404, "there is no module of this id")
          }
          return .json(.object([("id", .string(id)), ("text", .string(text))]))
        }
      ).with { $0.group = "strategies" },
      Endpoint(
        .post, "/api/v1/validate", .role(.read), "validate",
        "Checks a strategy that is sent; tells every fault at once. Nothing is kept, and references are not followed.",
        content: .json(
          Schema.fields([
            ("files", Schema.integer), ("errors", Schema.integer), ("warnings", Schema.integer),
            ("diagnostics", Schema.list(diagnostic)),
          ])),
        answer: place.at { context, request in
          // What a caller sends must not be able to name files or variables of this machine.
          var reader = context.workspace.reader
          reader.references = .none
          let file = request.text("file") ?? "strategy.yaml"
          let (_, faults) = reader.declaration(file: file, bytes: request.body)
          return .json(ValidationReport(files: 1, diagnostics: faults).json)
        }
      ).with {
        $0.group = "strategies"
        $0.body = .yaml
        $0.query = [
          QueryParameter("file", .text, "The name of its file, which is to be the strategy's. Default: strategy.yaml")
        ]
      },
    ]
  }
}

enum StrategyAnswers {
  static func list(_ workspace: Workspace) throws(Failure) -> Answer {
    let reader = workspace.reader
    let all = try workspace.files([]).map { item($0, reader, workspace) }
    return .json(.object([("strategies", .array(all.map { .object($0) }))]))
  }

  static func one(_ name: String, _ workspace: Workspace, _ locale: String) throws -> Answer {
    let files = try workspace.files([name])
    guard let path = files.first else { throw Problem(404, "there is no strategy of this name") }
    let reader = workspace.reader
    var entries = item(path, reader, workspace)
    let words = reader.declaration(path: path).declaration.map {
      StrategyDescription(of: $0, locale: locale == "ko" ? .ko : .en, registry: bundled).text
    }
    entries.append(("rule", words.map { .string($0) } ?? .null))
    return .json(.object(entries))
  }

  private static func item(
    _ path: String, _ reader: StrategyReader, _ workspace: Workspace
  ) -> [(String, JSONValue)] {
    let (declared, diagnostics) = reader.declaration(path: path)
    let strategy = declared?.strategy ?? declared?.strategies.first
    let symbols = strategy.map { workspace.configuration?.expand($0.symbols) ?? $0.symbols }
    let faults = diagnostics.filter { $0.severity == .error }.map { "\($0.line):\($0.column): \($0.message)" }
    return [
      ("name", .string(declared?.name ?? Workspace.stem(path))), ("kind", text(declared?.kind.rawValue)),
      ("title", text(declared?.title)), ("description", text(declared?.description)),
      ("timeframe", text(strategy.map { "\($0.timeframe)" })),
      ("symbols", symbols.map { .array($0.map { .string($0) }) } ?? .null),
      ("priority", text(strategy?.notify.priority.rawValue)), ("faults", .array(faults.map { .string($0) })),
    ]
  }

  static var modules: JSONValue {
    let signals = bundled.signals.values.sorted { $0.id < $1.id }
      .map { module($0.id, "signal", $0.summary, $0.parameters) }
    let indicators = bundled.indicators.values.sorted { $0.id < $1.id }
      .map { module($0.id, "indicator", $0.summary, $0.parameters) }
    return .object([("modules", .array(signals + indicators))])
  }

  private static func module(
    _ id: String, _ kind: String, _ summary: String, _ parameters: [ParameterSpec]
  ) -> JSONValue {
    .object([
      ("id", .string(id)), ("kind", .string(kind)), ("summary", .string(summary)),
      (
        "parameters",
        .array(parameters.map { .object([("name", .string($0.name)), ("meaning", .string($0.meaning))]) })
      ),
    ])
  }

  private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
