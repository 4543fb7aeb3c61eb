import Foundation
import HTTPTypes
import Storage
import Synchronization
import Testing
import Trading

@testable import HTTPAPI
@testable import finstage

/// Every operation there is, asked by everybody there is.
@Suite struct APIAccessTests {
  private static let secrets: [(name: String, role: AccessRole?, secret: String?)] = [
    ("none", nil, nil), ("bad", nil, "finstage_" + String(repeating: "f", count: 64)),
    ("expired", nil, "finstage_" + String(repeating: "e", count: 64)),
    ("read", .read, "finstage_" + String(repeating: "1", count: 64)),
    ("operate", .operate, "finstage_" + String(repeating: "2", count: 64)),
    ("admin", .admin, "finstage_" + String(repeating: "3", count: 64)),
  ]

  private func gate() -> Gate {
    let now = Instant(milliseconds: 1_700_000_000_000)
    var tokens: [[UInt8]: AccessToken] = [:]
    for (name, role, secret) in Self.secrets {
      guard let secret, name != "bad" else { continue }
      tokens[Array(secret.utf8)] = AccessToken(
        name: name, digest: [], role: role ?? .admin, createdAt: now, expiresAt: name == "expired" ? now : nil)
    }
    let known = tokens
    var settings = GateSettings(anonymous: nil, hosts: ["localhost"])
    settings.burst = 1_000_000
    // No host runs: whoever is let in is told so by 503, or meets a fault of the request, which comes after the role.
    return Gate(
      settings, routes: RouteTable(APIRoutes(APIPlace()).all), tokens: TokenCheck(digest: { $0 }, find: { known[$0] }),
      clock: APIClock(now: { now }, sleep: { try await Task.sleep(for: .milliseconds($0)) }), audit: { _ in },
      observe: { _ in })
  }

  private func status(_ gate: Gate, _ endpoint: Endpoint, _ secret: String?) async -> Int {
    let path =
      "/"
      + endpoint.path.parts.map { part in
        switch part {
        case .word(let word): word
        case .value: "1"
        }
      }.joined(separator: "/")
    var head = HTTPRequest(
      method: HTTPRequest.Method(rawValue: endpoint.method.rawValue) ?? .get, scheme: "http", authority: "localhost",
      path: path)
    if let secret { head.headerFields[.authorization] = "Bearer \(secret)" }
    return await gate.answer(head, from: "127.0.0.1") { _ in [] }.status
  }

  @Test func `every operation is refused without a good token and with a role below its own, and only then`() async {
    let gate = gate()
    var refused = 0
    for endpoint in APIRoutes(APIPlace()).all {
      for (name, role, secret) in Self.secrets {
        let status = await status(gate, endpoint, secret)
        let wanted: Int? =
          switch (endpoint.access, role) {
          case (.open, nil): secret == nil ? nil : 401
          case (.open, _), (.signed, _): nil
          case (.role, nil): 401
          case (.role(let least), .some(let role)): role < least ? 403 : nil
          }
        if let wanted {
          #expect(status == wanted, "\(endpoint.id) for \(name): \(status)")
          refused += 1
        } else {
          #expect(status != 401 && status != 403, "\(endpoint.id) for \(name): \(status)")
        }
      }
    }
    #expect(refused > 90)
  }

  @Test func `what only probes ask is open, what looks takes read, and what changes something takes more`() {
    for endpoint in APIRoutes(APIPlace()).all {
      switch endpoint.access {
      case .open: #expect(["getLive", "getReady"].contains(endpoint.id))
      case .signed: #expect(endpoint.id.hasPrefix("receiveSignal"))
      case .role(let role):
        let isHarmless = endpoint.method == .get || ["validate", "evaluate"].contains(endpoint.id)
        #expect((role == .read) == isHarmless, "\(endpoint.id)")
      }
    }
  }

  @Test func `each operation stands once, and each route is found by its own path alone`() {
    let all = APIRoutes(APIPlace()).all
    #expect(Set(all.map(\.id)).count == all.count)
    #expect(Set(all.map { "\($0.method.rawValue) \($0.path.template)" }).count == all.count)
  }

  @Test func `the committed document is that of the routes, each of them and no other`() throws {
    let text = try String(contentsOf: CommandTests.root.appending(path: "docs/openapi.json"), encoding: .utf8)
    #expect(text == APIRoutes.documentText)
    let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
    let told = paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } }
    #expect(Set(told) == Set(APIRoutes(APIPlace()).all.map { "\($0.method.rawValue) \($0.path.template)" }))
    for (path, methods) in paths {
      for (method, operation) in methods {
        #expect(operation["operationId"] is String && operation["responses"] is [String: Any], "\(method) \(path)")
      }
    }
  }

  @Test func `a name that could stand for a file is none of a strategy`() {
    for name in ["../config", "strategies/a", "a.yaml", "a.yml", "/etc/passwd", ".hidden", "", "a\u{0}", "a b"] {
      #expect(!APIRoutes.isName(name), "\(name)")
    }
    for name in ["ma20-breakout", "all-time-highs.high", "triple_confirmation", "돌파"] {
      #expect(APIRoutes.isName(name), "\(name)")
    }
  }
}
