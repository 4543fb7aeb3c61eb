import Storage
public import Trading

/// Signing in and out with a browser: a token is shown once, a cookie stands for it until the session ends.
public struct SignIn: Sendable {
  public static let path = "/login"

  private let sessions: Sessions
  private let tokens: TokenCheck
  private let now: @Sendable () -> Instant
  private let page: @Sendable (APIRequest, _ next: String, _ isRefused: Bool) throws -> Answer

  /// - Parameter page: The page on which one signs in, which leads to `next` then.
  public init(
    _ sessions: Sessions, _ tokens: TokenCheck, now: @escaping @Sendable () -> Instant,
    page: @escaping @Sendable (APIRequest, _ next: String, _ isRefused: Bool) throws -> Answer
  ) {
    self.sessions = sessions
    self.tokens = tokens
    self.now = now
    self.page = page
  }

  public var endpoints: [Endpoint] {
    let (signIn, page) = (self, page)
    return [
      Endpoint(.get, SignIn.path, .open, "getLogin", "Where one signs in.", content: .page) { request in
        try page(request, SignIn.next(request.text("next")), false)
      }.with {
        $0.isQuick = true
        $0.query = [QueryParameter("next", .text, "Where it leads then.")]
      },
      Endpoint(.post, SignIn.path, .open, "login", "Signs in with a token.", content: .page) { request in
        try await signIn.begin(request)
      }.with {
        $0.body = .form
        $0.isQuick = true
        $0.alwaysAudited = true
      },
      Endpoint(.post, "/logout", .role(.read), "logout", "Ends the session.", content: .page) { request in
        signIn.end(request)
      }.with {
        $0.body = .form
        $0.isQuick = true
        $0.alwaysAudited = true
      },
    ]
  }

  private func begin(_ request: APIRequest) async throws -> Answer {
    let next = SignIn.next(request.form.text("next"))
    guard let token = try await tokens.token(of: request.form.text("token") ?? "", at: now()) else {
      var refused = try page(request, next, true)
      refused.status = 403
      return refused.noting("refused")
    }
    // An id that somebody else could have set is not gone on with.
    if let old = request.caller.session { sessions.end(old) }
    let id = sessions.begin(token, at: now())
    let isOverTLS = request.visit.isOverTLS
    return Answer.seeOther(next).with(
      "Set-Cookie",
      Cookies.set(
        isOverTLS ? Cookies.overTLS : Cookies.direct, id, age: Sessions.lifetime / 1_000, isOverTLS: isOverTLS)
    ).noting("as \(token.name)")
  }

  private func end(_ request: APIRequest) -> Answer {
    if let key = request.caller.session { sessions.end(key) }
    let isOverTLS = request.visit.isOverTLS
    return Answer.seeOther(SignIn.path).with(
      "Set-Cookie",
      Cookies.set(isOverTLS ? Cookies.overTLS : Cookies.direct, "", age: 0, isOverTLS: isOverTLS))
  }

  /// A place of this site: what could be read as another one is `/`.
  static func next(_ text: String?) -> String {
    guard let text, text.utf8.count <= 500, text.hasPrefix("/"), !text.hasPrefix("//"),
      text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }), RequestTarget(text) != nil
    else { return "/" }
    return text
  }

  /// Sets what the reader has chosen, for a year.
  public static func remembering(_ language: String, _ answer: Answer, isOverTLS: Bool) -> Answer {
    answer.with("Set-Cookie", Cookies.set(Cookies.language, language, age: 31_536_000, isOverTLS: isOverTLS))
  }
}
