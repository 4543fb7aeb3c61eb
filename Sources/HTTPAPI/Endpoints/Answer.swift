public import Pipelines

/// What goes back.
public struct Answer: Sendable {
  public enum Body: Sendable {
    case bytes([UInt8])
    /// What goes on until either side ends it.
    case stream(AsyncStream<[UInt8]>)
  }

  public var status: Int
  public var type: String
  public var headers: [(name: String, value: String)] = []
  public var body: Body
  /// What the audit says of it besides.
  public var note: String?
  /// What it is sent with, of one that is kept.
  var forms: AnswerForms?
  /// Of a stream: whether the caller is still let in. Nil asks nobody.
  var isStillAdmitted: (@Sendable () async -> Bool)?

  public init(status: Int = 200, type: String, body: Body) {
    self.status = status
    self.type = type
    self.body = body
  }

  /// JSON as a command prints it.
  public static func json(_ text: String, status: Int = 200) -> Answer {
    Answer(
      status: status, type: "application/json", body: .bytes(Array((text.hasSuffix("\n") ? text : text + "\n").utf8)))
  }

  public static func json(_ value: JSONValue, status: Int = 200) -> Answer { json(value.text, status: status) }

  public static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Answer {
    Answer(type: type, body: .bytes(Array(text.utf8)))
  }

  /// Leads elsewhere, with GET.
  public static func seeOther(_ path: String) -> Answer {
    Answer(status: 303, type: "text/plain; charset=utf-8", body: .bytes([])).with("Location", path)
      .with("Cache-Control", "no-store")
  }

  public static func page(_ html: String, status: Int = 200) -> Answer {
    Answer(status: status, type: "text/html; charset=utf-8", body: .bytes(Array(html.utf8)))
      .with("Cache-Control", "no-store")
  }

  public func noting(_ note: String) -> Answer {
    var answer = self
    answer.note = note
    return answer
  }

  public func with(_ name: String, _ value: String) -> Answer {
    var answer = self
    answer.headers.append((name, value))
    return answer
  }
}

/// Why a request has no answer (RFC 9457, `application/problem+json`).
public struct Problem: Error, Sendable, Equatable {
  /// One thing that is wrong, and where: `query/limit`, `body/symbol`.
  public struct Fault: Sendable, Equatable {
    public let place, sentence: String

    public init(_ place: String, _ sentence: String) {
      self.place = place
      self.sentence = sentence
    }
  }

  public var status: Int
  /// What is wrong, in a sentence.
  public var detail: String
  public var faults: [Fault]
  /// Headers that belong to it, such as `Retry-After`.
  public var headers: [[String]] = []

  public init(_ status: Int, _ detail: String, faults: [Fault] = [], headers: [[String]] = []) {
    self.status = status
    self.detail = detail
    self.faults = faults
    self.headers = headers
  }

  static let titles = [
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    406: "Not Acceptable", 409: "Conflict", 413: "Content Too Large", 415: "Unsupported Media Type",
    421: "Misdirected Request", 422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error",
    503: "Service Unavailable",
  ]

  /// As programs read it (`application/problem+json`).
  public var answer: Answer {
    var entries: [(String, JSONValue)] = [
      ("type", "about:blank"), ("title", .string(Problem.titles[status] ?? "Problem")),
      ("status", .number(Double(status))), ("detail", .string(detail)),
    ]
    if !faults.isEmpty {
      entries.append(
        (
          "errors",
          .array(faults.map { .object([("pointer", .string($0.place)), ("detail", .string($0.sentence))]) })
        ))
    }
    var answer = Answer(
      status: status, type: "application/problem+json", body: .bytes(Array(JSONValue.object(entries).text.utf8)))
    for header in headers where header.count == 2 { answer.headers.append((header[0], header[1])) }
    return answer
  }
}
