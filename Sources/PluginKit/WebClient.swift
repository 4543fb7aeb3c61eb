/// What a source or a channel asks of the host: a document from a server, within bounds of time and size.
///
/// The client keeps to the rate, retries what may pass and refuses addresses that the configuration does not allow.
public protocol WebClient: Sendable {
  /// The answer of the server, whatever its status; throws where there is none that can be used.
  func send(_ request: WebRequest) async throws(WebError) -> WebResponse
}

public struct WebRequest: Sendable {
  public var method: String
  /// Absolute, `http` or `https`, percent-encoded.
  public var url: String
  /// Names as written and values without line ends.
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]
  /// Parts of the URL, the headers or the body that no message may show: keys and tokens.
  public var secrets: [String]

  /// Whether asking twice does no more than asking once (RFC 9110, 9.2.2).
  public var isIdempotent: Bool { ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"].contains(method) }

  public init(
    _ url: String, method: String = "GET", headers: [(name: String, value: String)] = [], body: [UInt8] = [],
    secrets: [String] = []
  ) {
    self.url = url
    self.method = method
    self.headers = headers
    self.body = body
    self.secrets = secrets
  }
}

public struct WebResponse: Sendable {
  public var status: Int
  /// By name in lower case; of several with one name, the last.
  public var headers: [String: String]
  /// Decompressed, no longer than the client's limit.
  public var body: [UInt8]

  public init(status: Int, headers: [String: String], body: [UInt8]) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// Why there is no answer. No message holds a secret of its request.
public struct WebError: Error, Hashable, Sendable {
  public enum Cause: String, Sendable, Hashable, CaseIterable {
    /// The URL cannot be asked for: no `http` or `https`, not to be parsed.
    case badAddress
    /// The address is private and the configuration does not allow it.
    case forbiddenAddress
    case timeout, tooLarge, tooManyRedirects
    /// No connection, or one that broke.
    case connection
    /// The server's certificate proves nothing.
    case untrusted
    /// What came is no HTTP, or compressed wrongly.
    case malformed
    /// The server has failed too often lately: it is left alone for a while.
    case open
    /// The server said to wait longer than the client waits, or the day's allowance is used up.
    case refused
    case cancelled
  }

  public let cause: Cause
  /// What happened, in a sentence that names the server.
  public let message: String
  /// Seconds after which a try may work, where the server or the allowance says so.
  public let retryAfter: Double?
  /// Whether the server may have had the request and acted on it. False only where that is certain: nothing went out,
  /// or the server said that it does not act.
  public let mayHaveArrived: Bool

  public init(_ cause: Cause, _ message: String, retryAfter: Double? = nil, mayHaveArrived: Bool = true) {
    self.cause = cause
    self.message = message
    self.retryAfter = retryAfter
    self.mayHaveArrived = mayHaveArrived
  }

  /// Whether a later try may work.
  public var isTransient: Bool {
    switch cause {
    case .timeout, .connection, .open, .refused, .malformed: true
    case .badAddress, .forbiddenAddress, .untrusted, .tooLarge, .tooManyRedirects, .cancelled: false
    }
  }
}

extension WebError: CustomStringConvertible {
  public var description: String { message }
}
