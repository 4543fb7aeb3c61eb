/// What a channel asks of the host in order to send mail: one message handed to one server.
public protocol MailClient: Sendable {
  /// Hands the message over; throws where the server has not said that it takes it. Hands it over once.
  func send(_ mail: Mail) async throws(MailError)
  /// Connects, encrypts and logs in as `send` would, and goes.
  func greet(_ server: MailServer) async throws(MailError)
}

public struct MailServer: Hashable, Sendable {
  public enum Security: String, Sendable, Hashable, CaseIterable {
    /// A plain connection that is encrypted before anything is said; without encryption nothing is sent.
    case starttls
    /// Encrypted from the first byte.
    case tls
    /// Never encrypted.
    case none
  }

  public var host: String
  public var port: Int
  public var security: Security
  public var user: String?
  public var password: String?

  public init(host: String, port: Int, security: Security, user: String? = nil, password: String? = nil) {
    self.host = host
    self.port = port
    self.security = security
    self.user = user
    self.password = password
  }
}

public struct Mail: Hashable, Sendable {
  public var server: MailServer
  /// The addresses of the envelope, without names or angle brackets.
  public var from: String
  public var to: [String]
  /// Headers and body by RFC 5322, lines ended by CR LF.
  public var message: [UInt8]

  public init(server: MailServer, from: String, to: [String], message: [UInt8]) {
    self.server = server
    self.from = from
    self.to = to
    self.message = message
  }
}

/// Why the server has not said that it takes a mail. No message holds the password.
public struct MailError: Error, Hashable, Sendable {
  public enum Cause: String, Sendable, Hashable, CaseIterable {
    /// What is asked for cannot be: an address with a line end in it.
    case badMail
    /// The address is private and the configuration does not allow it.
    case forbiddenAddress
    case timeout
    /// No connection, or one that broke.
    case connection
    /// The certificate proves nothing, or the server does not encrypt.
    case untrusted
    /// The server does not know user or password.
    case login
    /// The server does not take it for now (a reply of 4xx).
    case later
    /// The server does not take it (a reply of 5xx).
    case never
    case cancelled
  }

  public let cause: Cause
  /// What happened, in a sentence that names the server.
  public let message: String
  /// Whether the server had the whole mail, so that it may have gone on although no answer says so.
  public let mayHaveArrived: Bool

  public init(_ cause: Cause, _ message: String, mayHaveArrived: Bool) {
    self.cause = cause
    self.message = message
    self.mayHaveArrived = mayHaveArrived
  }
}

extension MailError: CustomStringConvertible {
  public var description: String { message }
}
