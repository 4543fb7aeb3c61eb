import HTTPTypes
import Pipelines
import Storage
import Synchronization
import TestSupport
import Trading

@testable import HTTPAPI

/// A gate before a few routes, at a time that the test sets.
final class GateFixture: Sendable {
  static let start = Instant(milliseconds: 1_700_000_000_000)

  let clock = Mutex(GateFixture.start)
  let audit = Mutex<[AuditEntry]>([])
  let seen = Mutex<[APIObservation]>([])
  let settings: GateSettings
  /// Digests of tokens that were revoked in the meantime.
  let void = Mutex<Set<[UInt8]>>([])
  /// Random enough for a test: no two are the same.
  let sessions: Sessions = {
    let random = Mutex(SplitMix(seed: 7))
    return Sessions { count in
      random.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
    }
  }()
  private let tokens: [[UInt8]: AccessToken]

  /// Secrets by their first sign; what is kept of them is the text itself, so that the test needs no digest.
  static func secret(_ digit: Character) -> String { "finstage_" + String(repeating: digit, count: 64) }

  init(anonymous: AccessRole? = nil, _ change: (inout GateSettings) -> Void = { _ in }) {
    var settings = GateSettings(anonymous: anonymous, hosts: ["localhost", "127.0.0.1", "::1"])
    settings.burst = 10_000
    settings.perSecond = 10_000
    change(&settings)
    self.settings = settings
    let start = GateFixture.start
    var tokens: [[UInt8]: AccessToken] = [:]
    for (digit, role) in [(Character("1"), AccessRole.read), ("2", .operate), ("3", .admin)] {
      let digest = Array(GateFixture.secret(digit).utf8)
      tokens[digest] = AccessToken(name: role.rawValue, digest: digest, role: role, createdAt: start)
    }
    let old = Array(GateFixture.secret("4").utf8)
    tokens[old] = AccessToken(name: "old", digest: old, role: .admin, createdAt: start, expiresAt: start)
    let void = Array(GateFixture.secret("5").utf8)
    tokens[void] = AccessToken(name: "void", digest: void, role: .admin, createdAt: start, revokedAt: start)
    self.tokens = tokens
  }

  static let answer: @Sendable (APIRequest) async throws -> Answer = { request in
    .json(.object([("who", .string(request.caller.actor)), ("bytes", .number(Double(request.body.count)))]))
  }

  static let endpoints = [
    Endpoint(.get, "/open", .open, "open", "", content: .json(Schema.object), answer: answer),
    Endpoint(.get, "/things", .role(.read), "listThings", "", content: .json(Schema.object), answer: answer).with {
      $0.query = [
        QueryParameter("limit", .integer(1...10), ""), QueryParameter("kinds", .list(["a", "b"]), ""),
        QueryParameter("at", .moment, ""),
      ]
    },
    Endpoint(
      .post, "/things/{id:integer}/run", .role(.operate), "runThing", "", content: .json(Schema.object), answer: answer),
    Endpoint(.post, "/things", .role(.admin), "addThing", "", content: .json(Schema.object), answer: answer).with {
      $0.body = .json(Schema.object)
    },
    Endpoint(.get, "/slow", .role(.read), "slow", "", content: .json(Schema.object)) { _ in
      try await Task.sleep(for: .seconds(60))
      return .json("{}")
    }.with { $0.patience = 50 },
    Endpoint(.get, "/broken", .role(.read), "broken", "", content: .json(Schema.object)) { _ in throw Broken() },
  ]

  static let pages = [
    Endpoint(.get, "/page", .role(.read), "page", "", content: .page) { request in
      .page("\(request.caller.actor) \(request.visit.language ?? "none") \(request.visit.ticket)")
    },
    Endpoint(.post, "/page", .role(.operate), "changePage", "", content: .page) { request in
      .seeOther("/page?\(request.form.text("word") ?? "none")")
    }.with { $0.body = .form },
    Endpoint(.get, "/long", .role(.read), "long", "", content: .json(Schema.object)) { _ in
      .json("[" + String(repeating: "\"the same\", ", count: 500) + "1]")
    },
  ]

  struct Broken: Error, CustomStringConvertible { let description = "the inner reason" }

  var check: TokenCheck {
    TokenCheck(
      digest: { $0 }, find: { digest in self.void.withLock { $0.contains(digest) } ? nil : self.tokens[digest] })
  }

  /// Those of pages besides, with the routes that sign in and out.
  func gate(_ endpoints: [Endpoint] = GateFixture.endpoints) -> Gate {
    let entrance = SignIn(sessions, check, now: { self.clock.withLock { $0 } }) { request, next, isRefused in
      .page("\(isRefused ? "refused" : "welcome") \(next) \(request.visit.ticket)")
    }
    return Gate(
      settings, routes: RouteTable(endpoints + GateFixture.pages + entrance.endpoints), tokens: check,
      clock: APIClock(
        now: { self.clock.withLock { $0 } }, sleep: { try await Task.sleep(for: .milliseconds($0)) }),
      sessions: sessions, problemPage: { problem, _ in .page("problem \(problem.status)", status: problem.status) },
      audit: { entry in self.audit.withLock { $0.append(entry) } },
      observe: { one in self.seen.withLock { $0.append(one) } })
  }

  static func head(
    _ method: HTTPRequest.Method, _ path: String, token: Character? = nil, host: String? = "localhost:8080",
    _ headers: [(String, String)] = []
  ) -> HTTPRequest {
    var head = HTTPRequest(method: method, scheme: "http", authority: host, path: path)
    if let token { head.headerFields[.authorization] = "Bearer \(secret(token))" }
    for (name, value) in headers {
      if let name = HTTPField.Name(name) { head.headerFields.append(HTTPField(name: name, value: value)) }
    }
    return head
  }
}

extension Gate {
  func ask(
    _ method: HTTPRequest.Method, _ path: String, token: Character? = nil, host: String? = "localhost:8080",
    _ headers: [(String, String)] = [], body: String = "", from peer: String = "127.0.0.1"
  ) async -> Answer {
    await answer(GateFixture.head(method, path, token: token, host: host, headers), from: peer) { limit in
      body.utf8.count <= limit ? Array(body.utf8) : nil
    }
  }
}

extension Answer {
  var text: String { if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" } }
  func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
