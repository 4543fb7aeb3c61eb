import Storage
public import Pipelines

/// The operations as an OpenAPI 3.1 document: made from the same table that requests are matched against.
public struct OpenAPIDocument: Sendable {
  private let endpoints: [Endpoint]
  private let version: String

  public init(_ endpoints: [Endpoint], version: String) {
    self.endpoints = endpoints
    self.version = version
  }

  public var text: String { document.text }

  public var document: JSONValue {
    var paths: [(String, JSONValue)] = []
    for path in Set(endpoints.map(\.path.template)).sorted() {
      let here = endpoints.filter { $0.path.template == path }
      paths.append((path, .object(here.map { ($0.method.rawValue.lowercased(), operation($0)) })))
    }
    return .object([
      ("openapi", "3.1.0"),
      (
        "info",
        .object([
          ("title", "Finstage"), ("version", .string(version)),
          ("description", "The answers of the host's commands over HTTP. Times are UTC; what is missing is null."),
          ("license", .object([("name", "Apache 2.0"), ("identifier", "Apache-2.0")])),
        ])
      ), ("servers", .array([.object([("url", "/")])])), ("security", .array([.object([("token", .array([]))])])),
      ("paths", .object(paths)), ("components", components),
    ])
  }

  private func operation(_ endpoint: Endpoint) -> JSONValue {
    var entries: [(String, JSONValue)] = [
      ("operationId", .string(endpoint.id)), ("summary", .string(endpoint.summary)),
      ("tags", .array([.string(endpoint.group)])),
    ]
    switch endpoint.access {
    case .open, .signed: entries.append(("security", .array([])))
    case .role(let role): entries.append(("x-role", .string(role.rawValue)))
    }
    let parameters = pathParameters(endpoint) + endpoint.query.map(OpenAPIDocument.parameter) + headers(endpoint)
    if !parameters.isEmpty { entries.append(("parameters", .array(parameters))) }
    if let body = endpoint.body { entries.append(("requestBody", OpenAPIDocument.body(body))) }
    entries.append(("responses", responses(endpoint)))
    return .object(entries)
  }

  private func pathParameters(_ endpoint: Endpoint) -> [JSONValue] {
    endpoint.path.parts.compactMap { part in
      guard case .value(let name, let isInteger) = part else { return nil }
      let schema: JSONValue =
        isInteger
        ? .object([("type", "integer"), ("format", "int64")])
        : .object([("type", "string"), ("minLength", .number(1))])
      return .object([("name", .string(name)), ("in", "path"), ("required", true), ("schema", schema)])
    }
  }

  private func headers(_ endpoint: Endpoint) -> [JSONValue] {
    if endpoint.access == .signed {
      return [
        .object([
          ("name", "Finstage-Signature"), ("in", "header"),
          ("description", "t=<seconds>,v1=<the HMAC-SHA256 of <seconds>.<body> in hexadecimal digits>."),
          ("schema", Schema.text),
        ])
      ]
    }
    guard case .events = endpoint.content else { return [] }
    return [
      .object([
        ("name", "Last-Event-ID"), ("in", "header"), ("description", "Where the stream is to go on."),
        ("schema", Schema.text),
      ])
    ]
  }

  private static func parameter(_ parameter: QueryParameter) -> JSONValue {
    var style: [(String, JSONValue)] = []
    let schema: JSONValue
    switch parameter.form {
    case .text: schema = .object([("type", "string"), ("minLength", .number(1)), ("maxLength", .number(1_000))])
    case .integer(let range):
      schema = .object([
        ("type", "integer"), ("minimum", .number(Double(range.lowerBound))),
        ("maximum", .number(Double(range.upperBound))),
      ])
    case .moment:
      schema = .object([
        ("type", "string"),
        (
          "pattern",
          .string("^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z)?$")
        ), ("examples", .array(["2008-01-31", "2008-01-31T15:00Z"])),
      ])
    case .words(let words): schema = Schema.words(words)
    case .list(let words):
      schema = Schema.list(
        words.isEmpty ? .object([("type", "string"), ("minLength", .number(1))]) : Schema.words(words))
      style = [("style", "form"), ("explode", false)]
    case .flag: schema = Schema.flag
    }
    return .object(
      [
        ("name", .string(parameter.name)), ("in", "query"), ("description", .string(parameter.meaning)),
        ("required", .bool(parameter.isRequired)),
      ] + style + [("schema", schema)])
  }

  private static func body(_ body: Endpoint.Body) -> JSONValue {
    let content: [(String, JSONValue)] =
      switch body {
      case .json(let schema): [("application/json", schema)]
      case .yaml: [("application/yaml", Schema.anything)]
      case .form: [("application/x-www-form-urlencoded", Schema.object)]
      case .message:
        [
          ("application/json", Schema.anything), ("text/plain", Schema.text),
          ("application/x-www-form-urlencoded", Schema.object),
        ]
      }
    return .object([
      ("required", true), ("content", .object(content.map { ($0, .object([("schema", $1)])) })),
    ])
  }

  private func responses(_ endpoint: Endpoint) -> JSONValue {
    let content: (String, JSONValue) =
      switch endpoint.content {
      case .json(let schema): ("application/json", .object([("schema", schema)]))
      case .text(let type): (type, .object([("schema", Schema.text)]))
      case .events: ("text/event-stream", .object([("schema", Schema.text)]))
      case .page: ("text/html", .object([("schema", Schema.text)]))
      }
    var entries: [(String, JSONValue)] = [
      ("\(endpoint.status)", .object([("description", "The answer."), ("content", .object([content]))]))
    ]
    if endpoint.method == .get, endpoint.status == 200 {
      entries.append(("304", .object([("description", "What If-None-Match names is still so.")])))
    }
    var problems: Set<Int> = [400, 405, 421, 429, 500, 503]
    if case .role = endpoint.access { problems.formUnion([401, 403]) }
    switch endpoint.body {
    case .json: problems.formUnion([413, 415, 422])
    case .yaml, .form: problems.formUnion([413, 415])
    case .message: problems.formUnion([401, 403, 413, 422])
    case nil: break
    }
    if endpoint.path.template.contains("{") { problems.insert(404) }
    for status in problems.union(endpoint.problems).sorted() {
      entries.append(("\(status)", .object([("$ref", .string("#/components/responses/Problem\(status)"))])))
    }
    return .object(entries.sorted { $0.0 < $1.0 })
  }

  private var components: JSONValue {
    let fault = Schema.fields([("pointer", Schema.text), ("detail", Schema.text)])
    var problem: [(String, JSONValue)] = [
      ("type", Schema.text), ("title", Schema.text), ("status", Schema.integer), ("detail", Schema.text),
    ]
    let required = problem.map { JSONValue.string($0.0) }
    problem.append(("errors", Schema.list(fault)))
    let responses = Problem.titles.sorted { $0.key < $1.key }.map { status, title in
      (
        "Problem\(status)",
        JSONValue.object([
          ("description", .string(title)),
          (
            "content",
            .object([
              (
                "application/problem+json",
                .object([("schema", .object([("$ref", "#/components/schemas/Problem")]))])
              )
            ])
          ),
        ])
      )
    }
    return .object([
      (
        "schemas",
        .object([
          (
            "Problem",
            .object([("type", "object"), ("properties", .object(problem)), ("required", .array(required))])
          )
        ])
      ), ("responses", .object(responses)),
      (
        "securitySchemes",
        .object([
          (
            "token",
            .object([
              ("type", "http"), ("scheme", "bearer"),
              ("description", "A token of `finstage token create`. Each operation names the least role as x-role."),
            ])
          )
        ])
      ),
    ])
  }
}
