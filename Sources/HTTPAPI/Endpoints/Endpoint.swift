public import Pipelines
public import Storage

/// One operation of the API: where it is, who may ask, what is admitted, and what answers.
public struct Endpoint: Sendable {
  public enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case delete = "DELETE"
  }

  public enum Access: Sendable, Equatable {
    /// Anybody who reaches the server: probes, the page that signs in, and what pages look like.
    case open
    case role(AccessRole)
    /// Whoever proves by the message itself that they may send it. The operation checks that, and how much they send.
    case signed
  }

  /// What a request may carry besides its path and query.
  public enum Body: Sendable {
    /// A JSON object of this schema.
    case json(JSONValue)
    /// The text of a YAML file.
    case yaml
    /// A form of one of our pages, which brings back the ticket that it was given.
    case form
    /// JSON or a form, whatever it calls itself, that is checked byte by byte before it is believed.
    case message
  }

  /// What stands in an answer of status 200 or 202.
  public enum Content: Sendable {
    case json(JSONValue)
    case text(String)
    case events
    /// A page for people: what is wrong is told as one too, and who is not let in is led to where one signs in.
    case page
  }

  public let method: Method
  public let path: PathPattern
  public let access: Access
  /// Its name in the document and in the audit: `listSignals`.
  public let id: String
  public let summary: String
  public var group = "host"
  public var query: [QueryParameter] = []
  public var body: Body?
  /// Bytes of a body, where fewer are admitted than elsewhere.
  public var bodyLimit: Int?
  public var status = 200
  public var content: Content
  /// Problems besides those that any request may end in.
  public var problems: [Int] = []
  /// Whether the answer is there at once, and is not to wait behind work.
  public var isQuick = false
  /// Also where it changes nothing for others: signing in and out.
  public var alwaysAudited = false
  /// Milliseconds that the answer may take; nil is no limit, for what goes on.
  public var patience: Int64? = 20_000
  /// What answers are made of besides the path, the query and the caller's role. While it gives the same mark, an answer
  /// that was given holds, and is given again; where it is nil, or gives nil, each request is worked out for itself.
  public var mark: (@Sendable () -> AnswerMark?)?
  public let answer: @Sendable (APIRequest) async throws -> Answer

  /// - Parameter path: `/api/v1/signals/{id}`; `{id:integer}` admits whole numbers alone.
  public init(
    _ method: Method, _ path: String, _ access: Access, _ id: String, _ summary: String, content: Content,
    answer: @escaping @Sendable (APIRequest) async throws -> Answer
  ) {
    self.method = method
    self.path = PathPattern(path)
    self.access = access
    self.id = id
    self.summary = summary
    self.content = content
    self.answer = answer
  }

  /// The same with changes.
  public func with(_ change: (inout Endpoint) -> Void) -> Endpoint {
    var endpoint = self
    change(&endpoint)
    return endpoint
  }

  /// Whether it changes something, so that it is written into the audit.
  public var isAudited: Bool {
    switch access {
    case .open, .signed: alwaysAudited
    case .role(let role): role > .read || alwaysAudited
    }
  }

  var takesForm: Bool { if case .form? = body { true } else { false } }
  public var isPage: Bool { if case .page = content { true } else { false } }
}

/// A parameter behind the question mark.
public struct QueryParameter: Sendable {
  public enum Form: Sendable {
    case text
    case integer(ClosedRange<Int>)
    /// `2008-01-31` or `2008-01-31T15:00Z`.
    case moment
    case words([String])
    /// Several, divided by commas.
    case list([String])
    case flag
  }

  public let name: String
  public let form: Form
  public let meaning: String
  public var isRequired = false

  /// What every page takes.
  public static let language = QueryParameter("lang", .words(["en", "ko"]), "The language of the page.")

  public init(_ name: String, _ form: Form, _ meaning: String, isRequired: Bool = false) {
    self.name = name
    self.form = form
    self.meaning = meaning
    self.isRequired = isRequired
  }
}
