/// What one request may cost, and where it may go. Lengths of time are milliseconds.
public struct TransferLimits: Hashable, Sendable {
  /// From the start of a request to the end of its answer, redirects included.
  public var timeout: Int64 = 30_000
  /// For a connection with its encryption.
  public var connectTimeout: Int64 = 10_000
  /// How long nothing may come; whole seconds, rounded up.
  public var idleTimeout: Int64 = 15_000
  /// Bytes of a body, after decompression.
  public var maxBody = 32_000_000
  /// Bytes of all headers of an answer.
  public var maxHeaders = 64_000
  /// With 0, a redirect is an answer like any other.
  public var maxRedirects = 3
  public var addresses = AddressPolicy.publicOnly
  /// A URL such as `http://127.0.0.1:3128` or `socks5h://127.0.0.1:1080`; nil goes without, whatever the environment
  /// says. The proxy resolves names, so only addresses that stand in the URL in numbers can be checked.
  public var proxy: String?
  /// A file of certificates (PEM) that are trusted instead of the system's.
  public var authorities: String?
  public var userAgent = "Mozilla/5.0 (compatible; Finstage)"

  public init() {}
}
