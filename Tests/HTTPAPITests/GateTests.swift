import HTTPTypes
import Storage
import Synchronization
import Testing
import Trading

@testable import HTTPAPI

/// Who is let in, and what is refused.
@Suite struct GateTests {
  @Test func `nobody is let in without a token that is good, and each role does its own and what is below it`() async {
    let gate = GateFixture().gate()
    // A row a route; a column each: no token, one that is not kept, expired, revoked, read, operate, admin.
    let tokens: [Character?] = [nil, "9", "4", "5", "1", "2", "3"]
    let table: [(HTTPRequest.Method, String, [Int])] = [
      (.get, "/open", [200, 401, 401, 401, 200, 200, 200]),
      (.get, "/things", [401, 401, 401, 401, 200, 200, 200]),
      (.post, "/things/7/run", [401, 401, 401, 401, 403, 200, 200]),
      (.post, "/things", [401, 401, 401, 401, 403, 403, 200]),
      (.delete, "/things", [401, 401, 401, 401, 405, 405, 405]),
      (.get, "/nowhere", [401, 401, 401, 401, 404, 404, 404]),
      (.get, "/things/seven/run", [401, 401, 401, 401, 404, 404, 404]),
    ]
    for (method, path, wanted) in table {
      var found: [Int] = []
      for token in tokens {
        let json = [("Content-Type", "application/json")]
        found.append(await gate.ask(method, path, token: token, json, body: "{}").status)
      }
      #expect(found == wanted, "\(method) \(path)")
    }
  }

  @Test func `each reason for which a token is refused gets the same answer`() async {
    let gate = GateFixture(anonymous: .admin).gate()
    var texts: Set<String> = []
    for header in [
      "Bearer x", "Bearer " + GateFixture.secret("9"), "Bearer " + GateFixture.secret("4"), "Basic eA==", "Bearer",
    ] {
      let answer = await gate.ask(.get, "/things", [("Authorization", header)])
      #expect(answer.status == 401 && answer.header("WWW-Authenticate") == "Bearer error=\"invalid_token\"")
      texts.insert(answer.text)
    }
    #expect(texts.count == 1)
    let twice = [("Authorization", "Bearer " + GateFixture.secret("1")), ("Authorization", "Bearer x")]
    #expect(await gate.ask(.get, "/things", twice).status == 400)
  }

  @Test func `a name that is not this server's is refused, whatever it resolves to`() async {
    let gate = GateFixture(anonymous: .read).gate()
    for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "localhost."] {
      #expect(await gate.ask(.get, "/things", host: host).status == 200, "\(host)")
    }
    for host in ["evil.example", "localhost.evil.example", "user@localhost", "127.0.0.1:x", "[::1", "localhost:8080:1"]
    {
      #expect(await gate.ask(.get, "/open", host: host).status == 421, "\(host)")
    }
    #expect(await gate.ask(.get, "/open", host: nil).status == 400)
  }

  @Test func `a page of another site changes nothing, and one of this site does`() async {
    let gate = GateFixture(anonymous: .admin).gate()
    let json = ("Content-Type", "application/json")
    func status(_ headers: [(String, String)]) async -> Int {
      await gate.ask(.post, "/things", headers, body: "{}").status
    }
    #expect(await status([json]) == 200)
    #expect(await status([json, ("Origin", "http://localhost:8080"), ("Sec-Fetch-Site", "same-origin")]) == 200)
    for origin in ["http://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1:8080"] {
      #expect(await status([json, ("Origin", origin)]) == 403, "\(origin)")
    }
    for site in ["cross-site", "same-site"] { #expect(await status([json, ("Sec-Fetch-Site", site)]) == 403) }
    // What a form can send without being asked.
    for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
      #expect(await status([("Content-Type", type)]) == 415, "\(type)")
    }
  }

  @Test func `a path that climbs, hides or breaks off is refused before any route sees it`() async {
    let gate = GateFixture(anonymous: .read).gate()
    for path in [
      "/../things", "/things/%2e%2e/x", "/./things", "/things//x", "/things/%00", "/things/%zz", "/things/%f", "/%ff",
      "things", "http://evil.example/things", "/things/%0d%0aSet-Cookie", "/" + String(repeating: "a", count: 9_000),
    ] {
      let answer = await gate.ask(.get, path)
      #expect([400, 404].contains(answer.status), "\(path.prefix(40)): \(answer.status)")
    }
    // An encoded slash is part of a value, not a step.
    #expect(await gate.ask(.get, "/things%2f7").status == 404)
  }

  @Test func `the query is checked as a whole, and every fault is told`() async {
    let gate = GateFixture(anonymous: .read).gate()
    #expect(await gate.ask(.get, "/things?limit=10&kinds=a,b&at=2008-01-31").status == 200)
    let answer = await gate.ask(.get, "/things?limit=11&kinds=a,c&at=yesterday&limit=1&more=1")
    #expect(answer.status == 400 && answer.type == "application/problem+json")
    for word in ["query/limit", "it stands twice", "query/kinds", "query/at", "query/more"] {
      #expect(answer.text.contains(word), "\(word)")
    }
    for query in ["limit=+1", "limit=0x1", "limit=1e0", "limit=", "at=", "kinds=a,,b"] {
      #expect(await gate.ask(.get, "/things?\(query)").status == 400, "\(query)")
    }
  }

  @Test func `a body beyond the limit is not read, and one at the limit is`() async {
    let gate = GateFixture(anonymous: .admin) { $0.bodyLimit = 10 }.gate()
    let json = ("Content-Type", "application/json")
    #expect(await gate.ask(.post, "/things", [json], body: "0123456789").text.contains("\"bytes\": 10"))
    #expect(await gate.ask(.post, "/things", [json], body: "01234567890").status == 413)
    let told = await gate.ask(.post, "/things", [json, ("Content-Length", "11")])
    #expect(told.status == 413 && told.header("Connection") == "close")
  }

  @Test func `who asks too often waits as long as it is told, and nobody else does`() async {
    let fixture = GateFixture(anonymous: .read) {
      $0.burst = 3
      $0.perSecond = 0.5
    }
    let gate = fixture.gate()
    for _ in 0..<3 { #expect(await gate.ask(.get, "/things", from: "10.0.0.1").status == 200) }
    let refused = await gate.ask(.get, "/things", from: "10.0.0.1")
    #expect(refused.status == 429 && refused.header("Retry-After") == "2")
    #expect(await gate.ask(.get, "/things", from: "10.0.0.2").status == 200)
    fixture.clock.withLock { $0 = $0.advanced(by: 2_000) }
    #expect(await gate.ask(.get, "/things", from: "10.0.0.1").status == 200)
    // A token has its own bucket, from wherever it is used.
    for place in 3...5 { #expect(await gate.ask(.get, "/things", token: "1", from: "10.0.1.\(place)").status == 200) }
    #expect(await gate.ask(.get, "/things", token: "1", from: "10.0.1.9").status == 429)
  }

  @Test func `only a proxy that is named is believed where a request comes from`() async {
    let gate = GateFixture(anonymous: .read) { $0.proxies = ["10.0.0.1"] }.gate()
    let forwarded = [("X-Forwarded-For", "1.1.1.1, 2.2.2.2")]
    #expect(await gate.ask(.get, "/open", forwarded, from: "10.0.0.1").text.contains("api:2.2.2.2"))
    #expect(await gate.ask(.get, "/open", forwarded, from: "10.0.0.9").text.contains("api:10.0.0.9"))
  }

  @Test func `what a proxy has passed on is asked by nobody, though this machine may all`() async {
    let gate = GateFixture(anonymous: .admin).gate()
    #expect(await gate.ask(.get, "/things").status == 200)
    for name in ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "x-forwarded-proto", "X-Forwarded-Host"] {
      #expect(await gate.ask(.get, "/things", [(name, "127.0.0.1")]).status == 401, "\(name)")
      #expect(await gate.ask(.get, "/things", token: "1", [(name, "127.0.0.1")]).status == 200, "\(name)")
      #expect(await gate.ask(.get, "/open", [(name, "127.0.0.1")]).status == 200, "\(name)")
    }
  }

  @Test func `an answer that takes too long is given up, and what went wrong inside is not told outside`() async {
    let fixture = GateFixture(anonymous: .read)
    let gate = fixture.gate()
    #expect(await gate.ask(.get, "/slow").status == 503)
    let broken = await gate.ask(.get, "/broken")
    #expect(broken.status == 500 && !broken.text.contains("inner"))
    #expect(fixture.seen.withLock { $0.last?.fault } == "the inner reason")
  }

  @Test func `who has the bytes already is told so`() async {
    let gate = GateFixture(anonymous: .read).gate()
    let first = await gate.ask(.get, "/things")
    let tag = first.header("ETag") ?? ""
    #expect(tag.count == 34)
    for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
      let again = await gate.ask(.get, "/things", [("If-None-Match", known)])
      #expect(again.status == 304 && again.text.isEmpty && again.header("ETag") == tag, "\(known)")
    }
    #expect(await gate.ask(.get, "/things", [("If-None-Match", "\"other\"")]).status == 200)
  }

  @Test func `what operators and admins do is written down, done or refused, and looking is not`() async {
    let fixture = GateFixture()
    let gate = fixture.gate()
    _ = await gate.ask(.get, "/things", token: "1")
    _ = await gate.ask(.post, "/things/7/run", token: "1")
    _ = await gate.ask(.post, "/things/7/run", token: "2")
    let entries = fixture.audit.withLock { $0 }
    #expect(entries.map(\.actor) == ["api:read", "api:operate"])
    #expect(entries.map(\.action) == ["runThing", "runThing"] && entries.map(\.subject) == ["7", "7"])
    #expect(entries.map(\.detail) == ["403", "200"])
  }
}
