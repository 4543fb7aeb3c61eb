import HTTPTypes
import Pipelines
public import Storage
import Synchronization
public import Trading

/// Time as the server reads it.
public struct APIClock: Sendable {
  public let now: @Sendable () -> Instant
  /// Sleeps for milliseconds.
  public let sleep: @Sendable (Int64) async throws -> Void

  public init(now: @escaping @Sendable () -> Instant, sleep: @escaping @Sendable (Int64) async throws -> Void) {
    self.now = now
    self.sleep = sleep
  }
}

/// The way of a request: name of the host, rate, token, role, route, body, answer. What no rule admits is refused.
public final class Gate: Sendable {
  let settings: GateSettings
  let routes: RouteTable
  private let tokens: TokenCheck
  private let clock: APIClock
  let threads: APIThreads
  /// Told of what was changed, or refused for want of a role.
  private let audit: @Sendable (AuditEntry) async -> Void
  private let observe: @Sendable (APIObservation) -> Void
  private let state: Mutex<State>

  private struct State {
    var addresses, tokens: RateBuckets
    var running = 0
  }

  public init(
    _ settings: GateSettings, routes: RouteTable, tokens: TokenCheck, clock: APIClock,
    threads: APIThreads = APIThreads(),
    audit: @escaping @Sendable (AuditEntry) async -> Void, observe: @escaping @Sendable (APIObservation) -> Void
  ) {
    self.settings = settings
    self.routes = routes
    self.tokens = tokens
    self.clock = clock
    self.threads = threads
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
      answer = problem.answer
    } catch {
      // What went wrong inside is for the log, not for whoever asks.
      visit.fault = "\(error)"
      answer = Problem(500, "the request could not be answered; the log says why").answer
    }
    if answer.status == 200, head.method == .get || head.method == .head { answer = EntityTag.apply(to: answer, head) }
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
    var fault: String?
  }

  private func admit(
    _ head: HTTPRequest, from peer: String, at now: Instant, _ visit: inout Visit,
    _ read: (Int) async throws -> [UInt8]?
  ) async throws -> Answer {
    try checkHost(head)
    let address = origin(of: head, peer)
    try take(address, now) { state, name in state.addresses.take(name, at: now.milliseconds) }
    guard let target = RequestTarget(head.path ?? "") else {
      throw Problem(400, "the target of the request is not well written")
    }
    let finding = routes.find(head.method.rawValue, target.segments)
    if case .found(let endpoint, let values) = finding {
      visit.endpoint = endpoint
      visit.path = values
    }
    let caller = try await caller(head, address, at: now, isOpen: visit.endpoint?.access == .open)
    visit.caller = caller
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
    if endpoint.method != .get { try checkOrigin(head) }
    let query = try endpoint.checked(target.query)
    let body = try await self.body(of: endpoint, head, read)
    let request = APIRequest(
      caller: caller, path: values, query: query, body: body, lastEvent: head.headerFields[.lastEventID])
    return try await inTime(endpoint, request)
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

  /// A page of another site may not change anything, whoever is sitting before it.
  private func checkOrigin(_ head: HTTPRequest) throws(Problem) {
    if let site = head.headerFields[.fetchSite], !["same-origin", "none"].contains(site) {
      throw Problem(403, "a page of another site may not ask for this")
    }
    guard let origin = head.headerFields[.origin] else { return }
    let isOwn =
      origin.split(separator: "/", omittingEmptySubsequences: true).count == 2
      && origin.split(separator: "/").last.flatMap { HostName(String($0))?.name }
        == HostName(head.authority ?? "")?.name
    guard isOwn else { throw Problem(403, "a page of another site may not ask for this") }
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

  private func caller(
    _ head: HTTPRequest, _ address: String, at now: Instant, isOpen: Bool
  ) async throws -> Caller {
    let headers = head.headerFields[values: .authorization]
    guard headers.count <= 1 else { throw Problem(400, "there is more than one Authorization") }
    guard let header = headers.first else {
      if let role = settings.anonymous, !isForwarded(head) { return Caller(token: nil, role: role, address: address) }
      if isOpen { return Caller(token: nil, role: .read, address: address) }
      throw Problem(
        401, "this takes a token: Authorization: Bearer finstage_…", headers: [["WWW-Authenticate", "Bearer"]])
    }
    let token = try await tokens.token(in: header, at: now)
    try take(token.name, now) { state, name in state.tokens.take(name, at: now.milliseconds) }
    return Caller(token: token.name, role: token.role, address: address)
  }

  private func body(
    of endpoint: Endpoint, _ head: HTTPRequest, _ read: (Int) async throws -> [UInt8]?
  ) async throws -> [UInt8] {
    let tooLong = Problem(
      413, "a body has at most \(settings.bodyLimit) bytes", headers: [["Connection", "close"]])
    if let length = head.headerFields[.contentLength].flatMap({ Int($0) }), length > settings.bodyLimit {
      throw tooLong
    }
    guard let form = endpoint.body else { return [] }
    let type = head.headerFields[.contentType]?.split(separator: ";").first
      .map { $0.filter { $0 != " " }.lowercased() }
    let admitted =
      switch form {
      case .json: ["application/json"]
      case .yaml: ["application/yaml", "application/x-yaml", "text/yaml"]
      }
    // A form of a page cannot have these, so that a browser asks before it sends them, and is told no.
    guard let type, admitted.contains(type) else {
      throw Problem(415, "the body is \(admitted[0]), and Content-Type says so")
    }
    guard let bytes = try await read(settings.bodyLimit) else { throw tooLong }
    return bytes
  }

  /// The answer, unless it takes too long. What goes on then is left behind, and counts as running until it ends.
  private func inTime(_ endpoint: Endpoint, _ request: APIRequest) async throws -> Answer {
    let isFull = state.withLock { state in
      if endpoint.access != .open, state.running >= settings.width { return true }
      state.running += 1
      return false
    }
    if isFull { throw Problem(503, "too much is asked at one time", headers: [["Retry-After", "1"]]) }
    let work = Task(executorPreference: endpoint.isQuick ? threads.quick : threads.slow) {
      defer { self.state.withLock { $0.running -= 1 } }
      return try await endpoint.answer(request)
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

/// A continuation that the first of two resumes.
private final class Once: Sendable {
  private let waiting: Mutex<CheckedContinuation<Answer, any Error>?>

  init(_ continuation: CheckedContinuation<Answer, any Error>) { waiting = Mutex(continuation) }

  @discardableResult
  func end(_ result: Result<Answer, any Error>) -> Bool {
    let continuation = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting
    }
    continuation?.resume(with: result)
    return continuation != nil
  }
}

/// A request that was answered.
public struct APIObservation: Sendable {
  /// The operation's id; nil where there is none.
  public let operation: String?
  public let method: String
  public let status: Int
  public let milliseconds: Int64
  public let caller: Caller?
  /// What went wrong inside.
  public let fault: String?
}

/// A host with or without its port: `localhost:8080`, `[::1]:8080`.
struct HostName {
  let name: String

  init?(_ authority: String) {
    let text = authority.lowercased()
    guard text.utf8.count <= 255, !text.contains("@") else { return nil }
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || HostName.isPort(rest) else { return nil }
      name = String(text[text.index(after: text.startIndex)..<end])
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let host = parts.first, !host.isEmpty else { return nil }
    if parts.count == 2, !HostName.isPort(":" + parts[1]) { return nil }
    name = host.hasSuffix(".") ? String(host.dropLast()) : String(host)
  }

  private static func isPort(_ text: some StringProtocol) -> Bool {
    text.hasPrefix(":") && text.count <= 6 && text.count > 1
      && text.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
  }
}

extension HTTPField.Name {
  static let lastEventID = HTTPField.Name("Last-Event-ID") ?? .eTag
  static let fetchSite = HTTPField.Name("Sec-Fetch-Site") ?? .eTag
  static let forwardedFor = HTTPField.Name("X-Forwarded-For") ?? .eTag
  /// What proxies add to what they pass on.
  static let forwardings = [
    "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via",
  ]
  .compactMap { HTTPField.Name($0) }
}
