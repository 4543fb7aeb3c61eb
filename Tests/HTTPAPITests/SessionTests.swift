import HTTPTypes
import Storage
import Synchronization
import Testing
import Trading

@testable import HTTPAPI

/// Browsers: a cookie stands for a token, and no page of another site can use it.
@Suite struct SessionTests {
  private let form = ("Content-Type", "application/x-www-form-urlencoded")
  private let own = ("Origin", "http://localhost:8080")

  /// Signs in as one of the fixture's tokens; gives what the browser sends then.
  private func signIn(_ gate: Gate, _ digit: Character = "2", next: String = "") async throws -> (
    cookie: (String, String), answer: Answer
  ) {
    let page = await gate.ask(.get, "/login")
    let ticket = try #require(page.text.split(separator: " ").last)
    let answer = await gate.ask(
      .post, "/login", [form, own], body: "csrf=\(ticket)&token=\(GateFixture.secret(digit))&next=\(next)")
    let set = try #require(answer.header("Set-Cookie"), "\(answer.status)")
    return (("Cookie", String(set.prefix { $0 != ";" })), answer)
  }

  private func ticket(_ gate: Gate, _ cookie: (String, String)) async throws -> String {
    String(try #require(await gate.ask(.get, "/page", [cookie]).text.split(separator: " ").last))
  }

  @Test func `a page leads who is not signed in to where one signs in, and back`() async throws {
    let gate = GateFixture().gate()
    let refused = await gate.ask(.get, "/page?lang=ko")
    #expect(refused.status == 303 && refused.header("Location") == "/login?next=%2Fpage%3Flang%3Dko")
    #expect(await gate.ask(.post, "/page", [form]).header("Location") == "/login")
    let (cookie, answer) = try await signIn(gate, next: "%2Fpage%3Flang%3Dko")
    #expect(answer.status == 303 && answer.header("Location") == "/page?lang=ko")
    let page = await gate.ask(.get, "/page?lang=ko", [cookie])
    #expect(page.status == 200 && page.text.hasPrefix("api:operate ko "), "\(page.text)")
    #expect(page.header("Cache-Control") == "no-store")
    // The same cookie serves the API, whose problems stay what programs read.
    #expect(await gate.ask(.get, "/things", [cookie]).status == 200)
    #expect(await gate.ask(.get, "/things").type == "application/problem+json")
  }

  @Test func `the cookie is out of a script's reach and of other sites', and over TLS nobody else can set it`()
    async throws
  {
    let plain = try await signIn(GateFixture().gate()).answer.header("Set-Cookie") ?? ""
    #expect(plain.hasPrefix("finstage=") && plain.contains("; HttpOnly; SameSite=Strict") && plain.contains("Path=/;"))
    #expect(!plain.contains("Secure") && !plain.contains("Domain"))
    let id = plain.dropFirst("finstage=".count).prefix { $0 != ";" }
    #expect(id.count == 64)
    let gate = GateFixture { $0.proxies = ["10.0.0.1"] }.gate()
    let page = await gate.ask(.get, "/login", from: "10.0.0.1")
    let ticket = page.text.split(separator: " ").last ?? ""
    let body = "csrf=\(ticket)&token=\(GateFixture.secret("1"))"
    // A proxy shows this host at a port of its own.
    let answer = await gate.ask(.post, "/login", [form, ("Origin", "https://localhost")], body: body, from: "10.0.0.1")
    let secure = answer.header("Set-Cookie") ?? ""
    #expect(secure.hasPrefix("__Host-finstage=") && secure.hasSuffix("; Secure"), "\(secure)")
    // The direct name is not taken by way of the proxy.
    let direct = secure.replacing("__Host-finstage", with: "finstage").prefix { $0 != ";" }
    #expect(await gate.ask(.get, "/page", [("Cookie", String(direct))], from: "10.0.0.1").status == 303)
    #expect(
      await gate.ask(.get, "/page", [("Cookie", String(secure.prefix { $0 != ";" }))], from: "10.0.0.1").status == 200)
  }

  @Test func `a wrong token signs nobody in, and each reason gets the same answer`() async throws {
    let fixture = GateFixture()
    let gate = fixture.gate()
    var texts: Set<String> = []
    for token in [GateFixture.secret("9"), GateFixture.secret("4"), GateFixture.secret("5"), "x", ""] {
      let ticket = await gate.ask(.get, "/login").text.split(separator: " ").last ?? ""
      let answer = await gate.ask(.post, "/login", [form, own], body: "csrf=\(ticket)&token=\(token)")
      #expect(answer.status == 403 && answer.header("Set-Cookie") == nil)
      texts.insert(answer.text.split(separator: " ").dropLast().joined(separator: " "))
    }
    #expect(texts == ["refused /"] && fixture.sessions.count == 0)
    _ = try await signIn(gate)
    let told = fixture.audit.withLock { $0.map { "\($0.action) \($0.detail ?? "")" } }
    #expect(told.first == "login 403 refused" && told.last == "login 303 as operate")
  }

  @Test func `what changes something takes the ticket of a page of this site`() async throws {
    let gate = GateFixture().gate()
    let (cookie, _) = try await signIn(gate)
    let good = try await ticket(gate, cookie)
    func post(_ headers: [(String, String)], _ body: String) async -> Int {
      await gate.ask(.post, "/page", [cookie, form] + headers, body: body).status
    }
    #expect(await post([own], "csrf=\(good)&word=x") == 303)
    #expect(await post([own, ("X-CSRF-Token", good)], "word=x") == 303)
    // A ticket is written another way each time, and each holds as long as the session.
    let other = try await ticket(gate, cookie)
    #expect(other != good && other.count == 128)
    #expect(await post([own], "csrf=\(other)") == 303)
    var bent = Array(good)
    bent[70] = bent[70] == "0" ? "1" : "0"
    let strange = try await signIn(gate, "3")
    let others = try await ticket(gate, strange.cookie)
    for wrong in ["", "csrf=", "csrf=\(String(bent))", "csrf=\(others)", "csrf=\(good)&csrf=\(good)", "csrf=\(good)0"] {
      #expect(await post([own], wrong) == 403, "\(wrong)")
    }
    for origin in [
      "http://evil.example", "null", "http://localhost:8081", "http://localhost", "http://127.0.0.1:8080",
      "http://localhost:8080.evil.example",
    ] {
      #expect(await post([("Origin", origin)], "csrf=\(good)") == 403, "\(origin)")
    }
    #expect(await post([], "csrf=\(good)") == 403, "a browser names the origin of what it sends with a cookie")
    #expect(await post([own, ("Sec-Fetch-Site", "cross-site")], "csrf=\(good)") == 403)
    // The API by way of the cookie takes it in a header.
    #expect(await gate.ask(.post, "/things/7/run", [cookie, own]).status == 403)
    #expect(await gate.ask(.post, "/things/7/run", [cookie, own, ("X-CSRF-Token", good)]).status == 200)
    // A token in a header is sent by no browser on another site's behalf.
    #expect(await gate.ask(.post, "/things/7/run", token: "2", [cookie]).status == 200)
  }

  @Test func `on this machine alone pages are as open as the API, and forms still take their ticket`() async throws {
    let gate = GateFixture(anonymous: .operate).gate()
    let page = await gate.ask(.get, "/page")
    #expect(page.status == 200)
    let ticket = page.text.split(separator: " ").last ?? ""
    #expect(await gate.ask(.post, "/page", [form, own], body: "csrf=\(ticket)").status == 303)
    #expect(await gate.ask(.post, "/page", [form, own], body: "").status == 403)
    #expect(
      await gate.ask(.post, "/page", [form, ("Origin", "http://evil.example")], body: "csrf=\(ticket)").status == 403)
    #expect(await gate.ask(.get, "/page", host: "rebound.example").status == 421)
    let reader = GateFixture(anonymous: .read).gate()
    let own = await reader.ask(.get, "/page").text.split(separator: " ").last ?? ""
    let refused = await reader.ask(.post, "/page", [form, self.own], body: "csrf=\(own)")
    #expect(refused.status == 403 && refused.type == "text/html; charset=utf-8")
  }

  @Test func `a session ends by itself, with its token, and when one signs out`() async throws {
    let fixture = GateFixture()
    let gate = fixture.gate()
    func isIn(_ cookie: (String, String)) async -> Bool { await gate.ask(.get, "/page", [cookie]).status == 200 }
    let idle = try await signIn(gate).cookie
    fixture.clock.withLock { $0 = $0.advanced(by: Sessions.idle - 1) }
    #expect(await isIn(idle))
    fixture.clock.withLock { $0 = $0.advanced(by: Sessions.idle) }
    #expect(await !isIn(idle) && fixture.sessions.count == 0)
    let long = try await signIn(gate).cookie
    for _ in 0..<(Sessions.lifetime / (Sessions.idle - 1)) {
      fixture.clock.withLock { $0 = $0.advanced(by: Sessions.idle - 1) }
      #expect(await isIn(long))
    }
    fixture.clock.withLock { $0 = $0.advanced(by: Sessions.idle - 1) }
    #expect(await !isIn(long))
    let out = try await signIn(gate).cookie
    let ticket = try await ticket(gate, out)
    #expect(await gate.ask(.post, "/logout", [out, form, own], body: "").status == 403)
    #expect(await isIn(out))
    let left = await gate.ask(.post, "/logout", [out, form, own], body: "csrf=\(ticket)")
    #expect(left.header("Location") == "/login" && left.header("Set-Cookie")?.contains("Max-Age=0") == true)
    #expect(await !isIn(out))
    let revoked = try await signIn(gate, "3").cookie
    fixture.void.withLock { _ = $0.insert(Array(GateFixture.secret("3").utf8)) }
    #expect(await !isIn(revoked))
  }

  @Test func `signing in again begins anew, and a cookie that stands twice is none`() async throws {
    let gate = GateFixture().gate()
    let first = try await signIn(gate).cookie
    let ticket = try await ticket(gate, first)
    let again = await gate.ask(
      .post, "/login", [first, form, own], body: "csrf=\(ticket)&token=\(GateFixture.secret("1"))")
    let second = ("Cookie", String((again.header("Set-Cookie") ?? "").prefix { $0 != ";" }))
    #expect(await gate.ask(.get, "/page", [first]).status == 303)
    #expect(await gate.ask(.get, "/page", [second]).text.hasPrefix("api:read "))
    #expect(await gate.ask(.get, "/page", [("Cookie", "\(second.1); finstage=x")]).status == 303)
    #expect(await gate.ask(.get, "/page", [("Cookie", "a=b; \(second.1); c=d")]).status == 200)
  }

  @Test func `of many sessions the ones that are not used end first`() async throws {
    let fixture = GateFixture()
    let gate = fixture.gate()
    var cookies: [(String, String)] = []
    for _ in 0...Sessions.mostOfToken {
      fixture.clock.withLock { $0 = $0.advanced(by: 1) }
      cookies.append(try await signIn(gate).cookie)
    }
    #expect(fixture.sessions.count == Sessions.mostOfToken)
    #expect(await gate.ask(.get, "/page", [cookies[0]]).status == 303)
    #expect(await gate.ask(.get, "/page", [cookies[1]]).status == 200)
  }

  @Test(arguments: [
    "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil", "", "/a b",
    "/%0d%0aX: y",
    "/../..", "/a\u{0}", "/é",
  ])
  func `nobody is led to another site behind signing in`(_ next: String) { #expect(SignIn.next(next) == "/") }

  @Test func `who listens is left when the session ends`() async throws {
    let fixture = GateFixture()
    let (stream, _) = AsyncStream.makeStream(of: [UInt8].self)
    let events = Endpoint(.get, "/events", .role(.read), "events", "", content: .events) { _ in
      Answer(type: "text/event-stream", body: .stream(stream))
    }
    let gate = fixture.gate([events])
    let cookie = try await signIn(gate).cookie
    let isIn = try #require(await gate.ask(.get, "/events", [cookie]).isStillAdmitted)
    let byToken = try #require(await gate.ask(.get, "/events", token: "1").isStillAdmitted)
    fixture.clock.withLock { $0 = $0.advanced(by: 20_000) }
    #expect(await isIn())
    #expect(await byToken())
    let ticket = try await ticket(gate, cookie)
    _ = await gate.ask(.post, "/logout", [cookie, form, own], body: "csrf=\(ticket)")
    fixture.void.withLock { _ = $0.insert(Array(GateFixture.secret("1").utf8)) }
    fixture.clock.withLock { $0 = $0.advanced(by: 20_000) }
    #expect(await !isIn())
    #expect(await !byToken())
  }
}
