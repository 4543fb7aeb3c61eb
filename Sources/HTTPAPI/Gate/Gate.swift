import HTTPTypes
import Pipelines
public import Storage
import Synchronization
import Trading

/// The way of a request: name of the host, rate, token, role, route, body, answer. What no rule admits is refused.
public final class Gate: Sendable {
  let settings: GateSettings
  let routes: RouteTable
  private let tokens: TokenCheck
  private let sessions: Sessions
  /// A problem as a page says it.
  private let problemPage: @Sendable (Problem, PageVisit) -> Answer
  private let clock: APIClock
  let threads: APIThreads
  let kept: AnswerCache
  /// Told of what was changed, or refused for want of a role.
  private let audit: @Sendable (AuditEntry) async -> Void
  private let observe: @Sendable (APIObservation) -> Void
  private let state: Mutex<State>

  private struct State {
    var addresses, tokens: RateBuckets
    var running = 0
    var signed = 0
  }

  public init(
    _ settings: GateSettings, routes: RouteTable, tokens: TokenCheck, clock: APIClock,
    threads: APIThreads = APIThreads(), sessions: Sessions = Sessions { _ in [] },
    problemPage: @escaping @Sendable (Problem, PageVisit) -> Answer = { problem, _ in problem.answer },
    audit: @escaping @Sendable (AuditEntry) async -> Void, observe: @escaping @Sendable (APIObservation) -> Void
  ) {
    self.settings = settings
    self.routes = routes
    self.tokens = tokens
    self.clock = clock
    self.threads = threads
    kept = AnswerCache(on: threads.slow)
    self.sessions = sessions
    self.problemPage = problemPage
    self.audit = audit
    self.observe = observe
    state = Mutex(
      State(
        addresses: RateBuckets(burst: settings.burst, perSecond: settings.perSecond),
        tokens: RateBuckets(burst: settings.burst, perSecond: settings.perSecond)))
  }

  /// Answers a request.
  ///
  /// - Parameters:
  ///   - peer: The address at the other end of the connection.
  ///   - body: Reads the body up to so many bytes; nil where it is longer.
  func answer(
    _ head: HTTPRequest, from peer: String, body: (Int) async throws -> [UInt8]?
  ) async -> Answer {
    let began = clock.now()
    var visit = Visit()
    var answer: Answer
    do {
      answer = try await admit(head, from: peer, at: began, &visit, body)
    } catch let problem as Problem {
      answer = refusal(problem, visit, head)
    } catch {
      // What went wrong inside is for the log, not for whoever asks.
      visit.fault = "\(error)"
      answer = refusal(Problem(500, "the request could not be answered; the log says why"), visit, head)
    }
    answer = await packed(answer, head)
    let length = max(0, clock.now().milliseconds - began.milliseconds)
    observe(
      APIObservation(
        operation: visit.endpoint?.id, method: head.method.rawValue, status: answer.status, milliseconds: length,
        caller: visit.caller, fault: visit.fault))
    if let endpoint = visit.endpoint, let caller = visit.caller, endpoint.isAudited {
      let named = visit.path.sorted { $0.key < $1.key }.map(\.value).joined(separator: " ")
      await audit(
        AuditEntry(
          time: began, actor: caller.actor, action: endpoint.id, subject: named,
          detail: ["\(answer.status)", answer.note].compactMap { $0 }.joined(separator: " ")))
    }
    return answer
  }

  private struct Visit {
    var endpoint: Endpoint?
    var caller: Caller?
    var path: [String: String] = [:]
    var page = PageVisit()
    var fault: String?
  }

  /// Why there is no answer, as whoever asks reads it.
  private func refusal(_ problem: Problem, _ visit: Visit, _ head: HTTPRequest) -> Answer {
    let wantsPage =
      visit.endpoint.map(\.isPage)
      ?? (head.method == .get && head.headerFields[.accept]?.hasPrefix("text/html") == true)
    guard wantsPage else { return problem.answer }
    guard problem.status == 401 else { return problemPage(problem, visit.page) }
    let back = head.method == .get && visit.page.target != "/" ? visit.page.target : nil
    return .seeOther(SignIn.path + (back.map { "?next=" + PercentCoding.encoded($0) } ?? ""))
  }

  /// The answer as it goes out: with its tag, and compressed for who takes that.
  private func packed(_ answer: Answer, _ head: HTTPRequest) async -> Answer {
    let coding = Compression.Coding(answer, head)
    var answer = answer
    if case .bytes(let bytes) = answer.body {
      if answer.status == 200, head.method == .get || head.method == .head {
        answer = EntityTag.apply(to: answer, head, coding)
      }
      if case .gzip = coding, answer.status != 304 {
        if let packed = await gzip(bytes, answer.forms) {
          answer.body = .bytes(packed)
          answer.headers.append(("Content-Encoding", "gzip"))
        } else {
          // The tag is that of the other form.
          answer.headers.removeAll { $0.name == "ETag" }
        }
      }
    }
    if case .plain = coding { return answer }
    return answer.with("Vary", "Accept-Encoding")
  }

  private func gzip(_ bytes: [UInt8], _ forms: AnswerForms?) async -> [UInt8]? {
    if let known = forms?.gzip { return known }
    let packed =
      bytes.count <= Compression.quick
      ? Compression.gzip(bytes)
      : await Task(executorPreference: threads.slow) { Compression.gzip(bytes) }.value
    if let packed { forms?.keep(gzip: packed) }
    return packed
  }

  private func admit(
    _ head: HTTPRequest, from peer: String, at now: Instant, _ visit: inout Visit,
    _ read: (Int) async throws -> [UInt8]?
  ) async throws -> Answer {
    try checkHost(head)
    let address = origin(of: head, peer)
    let target = RequestTarget(head.path ?? "")
    let finding = target.map { routes.find(head.method.rawValue, $0.segments) } ?? .none
    if !finding.isSigned { try take(address, now) { state, name in state.addresses.take(name, at: now.milliseconds) } }
    guard let target else {
      throw Problem(400, "the target of the request is not well written")
    }
    if case .found(let endpoint, let values) = finding {
      visit.endpoint = endpoint
      visit.path = values
    }
    visit.page.target = head.path ?? "/"
    visit.page.isOverTLS = settings.proxies.contains(peer)
    visit.page.language = language(head, target)
    let (caller, secret) =
      finding.isSigned
      ? (Caller(token: nil, role: .read, address: address), sessions.visitors)
      : try await caller(head, address, at: now, visit.page.isOverTLS, isOpen: visit.endpoint?.access == .open)
    visit.caller = caller
    // Nothing else than a page shows it.
    if visit.endpoint?.isPage ?? true { visit.page.ticket = sessions.ticket(secret) }
    guard case .found(let endpoint, let values) = finding else {
      if case .otherMethod(let methods) = finding {
        throw Problem(
          405, "admitted here: \(methods.joined(separator: ", "))",
          headers: [["Allow", methods.joined(separator: ", ")]])
      }
      throw Problem(404, "there is nothing at \(target.segments.isEmpty ? "/" : "this path")")
    }
    if case .role(let role) = endpoint.access, caller.role < role {
      throw Problem(403, "this takes the role \(role.rawValue); the caller has \(caller.role.rawValue)")
    }
    if endpoint.method != .get { try checkOrigin(head, of: caller, peer) }
    let query = try endpoint.checked(target.query)
    let body = try await self.body(of: endpoint, head, read)
    let form = try endpoint.takesForm ? FormFields(body) : FormFields()
    try checkTicket(head, form, secret, of: caller, endpoint)
    var request = APIRequest(
      caller: caller, path: values, query: query, body: body, lastEvent: head.headerFields[.lastEventID],
      visit: visit.page, form: form)
    if finding.isSigned {
      request.headers = Dictionary(
        head.headerFields.map { ($0.name.canonicalName, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    var answer = try await self.answer(of: endpoint, request)
    if case .stream = answer.body { answer.isStillAdmitted = watch(caller, head) }
    return answer
  }

  /// What was answered before, where that still holds.
  private func answer(of endpoint: Endpoint, _ request: APIRequest) async throws -> Answer {
    guard endpoint.method == .get, let mark = endpoint.mark?() else {
      return try await inTime(endpoint) { try await endpoint.answer(request) }
    }
    let question = AnswerCache.Question(
      operation: endpoint.id, path: request.path, query: request.query, role: request.caller.role)
    if let answer = kept.answer(to: question, mark) { return answer }
    let kept = kept
    return try await inTime(endpoint) {
      try await kept.answer(to: question, mark) { try await endpoint.answer(request) }
    }
  }

  /// As the address says, else as the reader chose before.
  private func language(_ head: HTTPRequest, _ target: RequestTarget) -> String? {
    let named = target.query.first { $0.name == QueryParameter.language.name }?.value ?? Cookies(head)[Cookies.language]
    return named.flatMap { ["en", "ko"].contains($0) ? $0 : nil }
  }

  /// Names other than those of this server come from pages that mean to reach it through a browser here.
  private func checkHost(_ head: HTTPRequest) throws(Problem) {
    guard let authority = head.authority, !authority.isEmpty else {
      throw Problem(400, "the request names no host")
    }
    guard let host = HostName(authority)?.name, settings.hosts.contains(host) else {
      throw Problem(421, "this server is not asked by that name: api: hosts: in the configuration admits names")
    }
  }

  /// A page of another site may not change anything, whoever is sitting before it. Pages at another port of this host are
  /// another site too, though cookies do not tell them apart; of a proxy nobody knows which ports it shows.
  private func checkOrigin(_ head: HTTPRequest, of caller: Caller, _ peer: String) throws(Problem) {
    let refusal = Problem(403, "a page of another site may not ask for this")
    if let site = head.headerFields[.fetchSite], !["same-origin", "none"].contains(site) { throw refusal }
    guard let origin = head.headerFields[.origin] else {
      // A browser names it whenever it could send a cookie along.
      if caller.isSignedIn { throw refusal }
      return
    }
    let parts = origin.split(separator: "/", omittingEmptySubsequences: true)
    let (own, named) = (HostName(head.authority ?? ""), parts.last.flatMap { HostName(String($0)) })
    guard parts.count == 2, let own, let named, own.name == named.name else { throw refusal }
    guard settings.proxies.contains(peer) || own.port == named.port else { throw refusal }
  }

  /// Who comes with a cookie, or sends a form, brings back what the page was given: a page of another site cannot read it.
  private func checkTicket(
    _ head: HTTPRequest, _ form: FormFields, _ secret: [UInt8], of caller: Caller, _ endpoint: Endpoint
  ) throws(Problem) {
    guard endpoint.method != .get, caller.isSignedIn || endpoint.takesForm else { return }
    let brought = head.headerFields[.ticket] ?? form.text(FormFields.ticket) ?? ""
    guard Sessions.isTicket(brought, of: secret) else {
      throw Problem(403, "the page that this comes from is too old: load it anew, and do it again")
    }
  }

  /// Where the request comes from: of a proxy that is believed, whom it names last.
  private func origin(of head: HTTPRequest, _ peer: String) -> String {
    guard settings.proxies.contains(peer), let names = head.headerFields[.forwardedFor] else { return peer }
    let hops = names.split(separator: ",").map { $0.filter { $0 != " " } }
    return hops.last { !settings.proxies.contains($0) && !$0.isEmpty && $0.utf8.count <= 64 } ?? peer
  }

  /// Whether a proxy brings it that says so: then somebody else asks than this machine, whatever the address.
  private func isForwarded(_ head: HTTPRequest) -> Bool {
    HTTPField.Name.forwardings.contains { head.headerFields[$0] != nil }
  }

  private func take(
    _ name: String, _ now: Instant, _ body: (inout State, String) -> Int?
  ) throws(Problem) {
    guard let wait = state.withLock({ body(&$0, name) }) else { return }
    throw Problem(429, "too many requests; ask again after \(wait) s", headers: [["Retry-After", "\(wait)"]])
  }

  /// Who asks, and the secret that forms of the page bring back.
  private func caller(
    _ head: HTTPRequest, _ address: String, at now: Instant, _ isOverTLS: Bool, isOpen: Bool
  ) async throws -> (Caller, secret: [UInt8]) {
    let headers = head.headerFields[values: .authorization]
    guard headers.count <= 1 else { throw Problem(400, "there is more than one Authorization") }
    guard let header = headers.first else {
      if let found = try await signedIn(head, address, at: now, isOverTLS) { return found }
      if let role = settings.anonymous, !isForwarded(head) {
        return (Caller(token: nil, role: role, address: address), sessions.visitors)
      }
      if isOpen { return (Caller(token: nil, role: .read, address: address), sessions.visitors) }
      throw Problem(
        401, "this takes a token: Authorization: Bearer finstage_…", headers: [["WWW-Authenticate", "Bearer"]])
    }
    let token = try await tokens.token(in: header, at: now)
    try take(token.name, now) { state, name in state.tokens.take(name, at: now.milliseconds) }
    return (Caller(token: token.name, role: token.role, address: address), sessions.visitors)
  }

  /// By the session of a cookie; nil where there is none that holds.
  private func signedIn(
    _ head: HTTPRequest, _ address: String, at now: Instant, _ isOverTLS: Bool
  ) async throws -> (Caller, secret: [UInt8])? {
    guard let id = Cookies(head)[isOverTLS ? Cookies.overTLS : Cookies.direct],
      let (key, session) = sessions.use(id, at: now)
    else { return nil }
    guard let token = try await tokens.token(digest: session.digest, at: now) else {
      sessions.end(key)
      return nil
    }
    try take(token.name, now) { state, name in state.tokens.take(name, at: now.milliseconds) }
    return (Caller(token: token.name, role: token.role, address: address, session: key), session.secret)
  }

  /// Milliseconds between two looks whether a listener is still let in.
  private static let lookEvery: Int64 = 10_000

  /// Whether who listens is still let in: a session ends, a token is revoked while a stream goes on.
  private func watch(_ caller: Caller, _ head: HTTPRequest) -> (@Sendable () async -> Bool)? {
    guard caller.token != nil else { return nil }
    let (clock, tokens, sessions) = (clock, tokens, sessions)
    let header = head.headerFields[.authorization]
    let state = LastLook(clock.now())
    return {
      let now = clock.now()
      guard state.isDue(at: now, after: Gate.lookEvery) else { return true }
      if let key = caller.session {
        guard let session = sessions.session(key, at: now) else { return false }
        return (try? await tokens.token(digest: session.digest, at: now)) != nil
      }
      return (try? await tokens.token(in: header ?? "", at: now)) != nil
    }
  }

  private func body(
    of endpoint: Endpoint, _ head: HTTPRequest, _ read: (Int) async throws -> [UInt8]?
  ) async throws -> [UInt8] {
    let limit = min(settings.bodyLimit, endpoint.bodyLimit ?? .max)
    let tooLong = Problem(413, "a body has at most \(limit) bytes", headers: [["Connection", "close"]])
    if let length = head.headerFields[.contentLength].flatMap({ Int($0) }), length > limit {
      throw tooLong
    }
    guard let form = endpoint.body else { return [] }
    let type = head.headerFields[.contentType]?.split(separator: ";").first
      .map { $0.filter { $0 != " " }.lowercased() }
    let admitted: [String]? =
      switch form {
      case .json: ["application/json"]
      case .yaml: ["application/yaml", "application/x-yaml", "text/yaml"]
      case .form: ["application/x-www-form-urlencoded"]
      case .message: nil
      }
    // Of another site's page only a form can be sent without the browser's asking, and that one lacks the ticket.
    if let admitted, !admitted.contains(type ?? "") {
      throw Problem(415, "the body is \(admitted[0]), and Content-Type says so")
    }
    guard let bytes = try await read(limit) else { throw tooLong }
    return bytes
  }

  /// The answer, unless it takes too long. What goes on then is left behind, and counts as running until it ends.
  private func inTime(
    _ endpoint: Endpoint, _ body: @escaping @Sendable () async throws -> Answer
  ) async throws -> Answer {
    let isSigned = endpoint.access == .signed
    let isFull = state.withLock { state in
      if isSigned {
        guard state.signed < settings.signedWidth else { return true }
        state.signed += 1
        return false
      }
      if endpoint.access != .open, state.running >= settings.width { return true }
      state.running += 1
      return false
    }
    if isFull { throw Problem(503, "too much is asked at one time", headers: [["Retry-After", "1"]]) }
    let thread = isSigned ? threads.signed : endpoint.isQuick ? threads.quick : threads.slow
    let work = Task(executorPreference: thread) {
      defer { self.state.withLock { if isSigned { $0.signed -= 1 } else { $0.running -= 1 } } }
      return try await body()
    }
    guard let patience = endpoint.patience else { return try await work.value }
    let clock = clock
    return try await withCheckedThrowingContinuation { continuation in
      let once = Once(continuation)
      let watch = Task(executorPreference: threads.quick) {
        do { try await clock.sleep(patience) } catch { return }
        if once.end(.failure(Problem(503, "the answer takes longer than \(patience / 1_000) s"))) { work.cancel() }
      }
      Task(executorPreference: threads.quick) {
        once.end(await work.result)
        watch.cancel()
      }
    }
  }
}
