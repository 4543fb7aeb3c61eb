public import PluginKit

/// Sends requests through libcurl: within a deadline, a number of bytes and of redirects, to admitted addresses alone,
/// with TLS verified, without cookies and without anything from the environment.
public struct CurlClient: WebClient {
  private let loop: TransferLoop
  private let limits: TransferLimits

  /// Clients may share a loop: what one may reach, another may not by its connections.
  public init(_ limits: TransferLimits = TransferLimits(), on loop: TransferLoop) {
    self.limits = limits
    self.loop = loop
  }

  public func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    var hop = request
    if let proxy = limits.proxy { hop.secrets += CurlClient.credentials(in: proxy) }
    var rest = limits.timeout * 1_000
    for redirects in 0... {
      let transfer = Transfer(hop, limits, deadline: rest)
      let answer = try await answer(of: transfer, isFirst: redirects == 0)
      let isRedirect = limits.maxRedirects > 0 && [301, 302, 303, 307, 308].contains(answer.response.status)
      guard isRedirect, let target = answer.redirect else {
        return answer.response
      }
      guard redirects < limits.maxRedirects else {
        let sentence = "it redirects more than \(limits.maxRedirects) times"
        throw transfer.error(.tooManyRedirects, sentence, mayHaveArrived: true)
      }
      rest -= answer.took
      guard rest > 0 else {
        let sentence = "no whole answer within \(TransferFault.seconds(limits.timeout))"
        throw transfer.error(.timeout, sentence, mayHaveArrived: true)
      }
      hop = try redirected(hop, by: answer, of: transfer, to: target)
    }
    throw WebError(.tooManyRedirects, "the server redirects without end")
  }

  /// A server that redirects has had the request, and may have acted on it (303), whatever becomes of the next hop.
  private func answer(of transfer: Transfer, isFirst: Bool) async throws(WebError) -> Transfer.Answer {
    do throws(WebError) {
      return try await loop.run(transfer).get()
    } catch {
      guard !isFirst, !error.mayHaveArrived else { throw error }
      throw WebError(error.cause, error.message, retryAfter: error.retryAfter)
    }
  }

  /// RFC 9110, 15.4: 303 asks with GET, 301 and 302 too where it was POST, as every client does.
  private func redirected(
    _ request: WebRequest, by answer: Transfer.Answer, of transfer: Transfer, to target: String
  ) throws(WebError) -> WebRequest {
    var next = request
    next.url = target
    let status = answer.response.status
    if (status == 303 && request.method != "HEAD") || ((status == 301 || status == 302) && request.method == "POST") {
      next.method = "GET"
      next.body = []
      next.headers.removeAll { $0.name.lowercased().hasPrefix("content-") }
    }
    guard let origin = answer.redirectOrigin, answer.origin != origin else { return next }
    if answer.origin.hasPrefix("https:"), origin.hasPrefix("http:") {
      let sentence = "it redirects from https to http, where anybody may listen and write"
      throw transfer.error(.forbiddenAddress, sentence, mayHaveArrived: true)
    }
    // What proves who asks is for the server that the configuration names.
    next.headers.removeAll { header in
      ["authorization", "cookie", "proxy-authorization"].contains(header.name.lowercased())
        || request.showsSecret(header.value)
    }
    if request.showsSecret(String(decoding: next.body, as: UTF8.self)) {
      let sentence = "it redirects a message with a secret in it to another server"
      throw transfer.error(.forbiddenAddress, sentence, mayHaveArrived: true)
    }
    return next
  }

  /// User and password as they stand in a URL.
  private static func credentials(in url: String) -> [String] {
    let authority = url.split(separator: "://").last?.split(separator: "/").first ?? ""
    guard let at = authority.lastIndex(of: "@") else { return [] }
    let pair = authority[..<at]
    return [String(pair)] + pair.split(separator: ":", maxSplits: 1).dropFirst().map { String($0) }
  }
}
