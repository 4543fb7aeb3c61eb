import Foundation
import HTTPTypes
import Storage
import Testing
import Trading

@testable import HTTPAPI
@testable import finstage

/// Every page and form there is, asked by everybody there is.
@Suite struct DashboardAccessTests {
  private static let now = Instant(milliseconds: 1_700_000_000_000)
  private static let secrets: [(name: String, role: AccessRole?, secret: String?)] = [
    ("none", nil, nil), ("bad", nil, "finstage_" + String(repeating: "f", count: 64)),
    ("expired", nil, "finstage_" + String(repeating: "e", count: 64)),
    ("read", .read, "finstage_" + String(repeating: "1", count: 64)),
    ("operate", .operate, "finstage_" + String(repeating: "2", count: 64)),
    ("admin", .admin, "finstage_" + String(repeating: "3", count: 64)),
  ]

  private static let tokens: TokenCheck = {
    var tokens: [[UInt8]: AccessToken] = [:]
    for (name, role, secret) in secrets {
      guard let secret, name != "bad" else { continue }
      tokens[Array(secret.utf8)] = AccessToken(
        name: name, digest: Array(secret.utf8), role: role ?? .admin, createdAt: now,
        expiresAt: name == "expired" ? now : nil)
    }
    let known = tokens
    return TokenCheck(digest: { $0 }, find: { known[$0] })
  }()

  private let sessions = Sessions { count in (0..<count).map { _ in UInt8.random(in: 0...255) } }

  private var routes: DashboardRoutes {
    DashboardRoutes(
      APIPlace(), signIn: .init(sessions: sessions, tokens: Self.tokens, now: { Self.now }))
  }

  private func gate(_ routes: DashboardRoutes) -> Gate {
    var settings = GateSettings(anonymous: nil, hosts: ["localhost"])
    settings.burst = 1_000_000
    return Gate(
      settings, routes: RouteTable(APIRoutes(APIPlace()).all + routes.all), tokens: Self.tokens,
      clock: APIClock(now: { Self.now }, sleep: { try await Task.sleep(for: .milliseconds($0)) }), sessions: sessions,
      problemPage: { routes.problem($0, $1) }, audit: { _ in }, observe: { _ in })
  }

  private func path(_ endpoint: Endpoint) -> String {
    "/"
      + endpoint.path.parts.map { part in
        switch part {
        case .word(let word): word
        case .value: "1"
        }
      }.joined(separator: "/")
  }

  private func ask(
    _ gate: Gate, _ method: Endpoint.Method, _ path: String, _ headers: [(HTTPField.Name, String)] = [],
    body: String = ""
  ) async -> Answer {
    var head = HTTPRequest(
      method: HTTPRequest.Method(rawValue: method.rawValue) ?? .get, scheme: "http", authority: "localhost", path: path)
    for (name, value) in headers { head.headerFields[name] = value }
    return await gate.answer(head, from: "127.0.0.1") { _ in Array(body.utf8) }
  }

  private func header(_ answer: Answer, _ name: String) -> String? { answer.headers.first { $0.name == name }?.value }

  /// The cookie of who signs in, and the ticket of a page.
  private func signIn(_ gate: Gate, _ secret: String) async throws -> String {
    let page = await ask(gate, .get, "/login")
    guard case .bytes(let bytes) = page.body else { throw CancellationError() }
    let text = String(decoding: bytes, as: UTF8.self)
    let ticket = try #require(text.firstMatch(of: /name="csrf" value="([0-9a-f]+)"/)?.1)
    let answer = await ask(
      gate, .post, "/login", [(.contentType, "application/x-www-form-urlencoded"), (.origin, "http://localhost")],
      body: "csrf=\(ticket)&token=\(secret)")
    return String(try #require(header(answer, "Set-Cookie")).prefix { $0 != ";" })
  }

  @Test func `every page leads who brings nothing good to where one signs in, and refuses a role below its own`()
    async throws
  {
    let routes = routes
    let gate = gate(routes)
    var cookies: [AccessRole: String] = [:]
    for (_, role, secret) in Self.secrets {
      if let role, let secret { cookies[role] = try await signIn(gate, secret) }
    }
    var checked = 0
    for endpoint in routes.all {
      guard case .role(let least) = endpoint.access else { continue }
      for (name, role, secret) in Self.secrets {
        var headers: [(HTTPField.Name, String)] = [(.contentType, "application/x-www-form-urlencoded")]
        headers.append((.origin, "http://localhost"))
        if let role, let cookie = cookies[role] {
          headers.append((.cookie, cookie))
        } else if let secret {
          headers.append((.authorization, "Bearer \(secret)"))
        }
        let answer = await ask(gate, endpoint.method, path(endpoint), headers)
        checked += 1
        guard let role else {
          let location = header(answer, "Location") ?? ""
          #expect(
            endpoint.isPage ? answer.status == 303 && location.hasPrefix("/login") : answer.status == 401,
            "\(endpoint.id) for \(name): \(answer.status)")
          continue
        }
        if role < least {
          #expect(answer.status == 403, "\(endpoint.id) for \(name): \(answer.status)")
        } else if endpoint.method == .get {
          #expect(![303, 401, 403].contains(answer.status), "\(endpoint.id) for \(name): \(answer.status)")
        } else {
          // The role would do; the ticket is missing.
          #expect(answer.status == 403, "\(endpoint.id) for \(name): \(answer.status)")
        }
      }
    }
    #expect(checked > 100)
  }

  @Test func `what looks takes read, what changes something takes operate and a ticket, and little is open`() {
    for endpoint in routes.all {
      switch endpoint.access {
      case .open: #expect(["getLogin", "login", "getAsset"].contains(endpoint.id), "\(endpoint.id)")
      case .signed: Issue.record("\(endpoint.id) is a page")
      case .role(let role):
        #expect(role == (endpoint.method == .get || endpoint.id == "logout" ? .read : .operate), "\(endpoint.id)")
      }
      #expect(endpoint.method == .get || endpoint.takesForm, "\(endpoint.id)")
      #expect(endpoint.method == .get || endpoint.isAudited, "\(endpoint.id)")
    }
  }

  @Test func `no page stands where an operation of the API does`() {
    let all = routes.all + APIRoutes(APIPlace()).all
    #expect(Set(all.map(\.id)).count == all.count)
    #expect(Set(all.map { "\($0.method.rawValue) \($0.path.template)" }).count == all.count)
    #expect(routes.all.allSatisfy { !$0.path.template.hasPrefix("/api/") })
  }

  @Test(arguments: [
    "/assets/..%2f..%2fconfig.yaml", "/assets/%2e%2e/config.yaml", "/assets/../config.yaml", "/assets/config.yaml",
    "/assets/finstage.css%00", "/assets/", "/assets/finstage.js/x", "/assets/%2fetc%2fpasswd", "/assets//etc/passwd",
  ])
  func `of assets there are those three, whatever is asked for`(_ path: String) async {
    let answer = await ask(gate(routes), .get, path)
    #expect([400, 401, 404].contains(answer.status), "\(answer.status)")
  }

  @Test func `assets are kept for good under their mark, and asked for anew under another`() async {
    let gate = gate(routes)
    for name in ["finstage.css", "finstage.js", "finstage.svg"] {
      let plain = await ask(gate, .get, "/assets/\(name)")
      #expect(plain.status == 200 && header(plain, "ETag") != nil, "\(name)")
      let other = await ask(gate, .get, "/assets/\(name)?v=0123456789ab")
      #expect(other.status == 200 && header(other, "Cache-Control") == "private, no-cache")
    }
  }
}
