import HTTPTypes
import Storage
import Synchronization
import Testing
import Trading

@testable import HTTPAPI

/// Answers that are given again while they hold.
@Suite struct AnswerCacheTests {
  /// Routes that count how often they are worked out, by a mark that the test sets.
  private final class Counted: Sendable {
    let count = Mutex(0)
    let mark = Mutex<AnswerMark?>(AnswerMark(configuration: 1, store: 1))

    func endpoint(_ path: String = "/kept/{id}", answer: @escaping @Sendable (Int) async throws -> Answer) -> Endpoint {
      Endpoint(.get, path, .role(.read), "kept", "", content: .json(Schema.object)) { _ in
        try await answer(
          self.count.withLock { count in
            count += 1
            return count
          })
      }.with {
        $0.query = [QueryParameter("limit", .integer(1...10), ""), QueryParameter("kinds", .list(["a", "b"]), "")]
        $0.mark = { self.mark.withLock { $0 } }
      }
    }

    func turn() { mark.withLock { $0 = $0.map { AnswerMark(configuration: $0.configuration, store: $0.store + 1) } } }
  }

  private static let long: @Sendable (Int) -> Answer = { number in
    .json("[" + String(repeating: "\(number), ", count: 1_000) + "0]")
  }

  @Test func `an answer is worked out once while nothing has changed, and anew when something has`() async {
    let counted = Counted()
    let gate = GateFixture(anonymous: .read).gate([counted.endpoint { .json("[\($0)]") }])
    for _ in 0..<3 { #expect(await gate.ask(.get, "/kept/a").text == "[1]\n") }
    #expect(await gate.ask(.head, "/kept/a").text == "[1]\n")
    counted.turn()
    for _ in 0..<3 { #expect(await gate.ask(.get, "/kept/a").text == "[2]\n") }
    // Where nobody can say whether something has changed, each is worked out.
    counted.mark.withLock { $0 = nil }
    #expect(await gate.ask(.get, "/kept/a").text == "[3]\n")
    #expect(await gate.ask(.get, "/kept/a").text == "[4]\n")
  }

  @Test func `each question has an answer of its own, in whatever order it is asked, and each role`() async {
    let counted = Counted()
    let gate = GateFixture().gate([counted.endpoint { .json("[\($0)]") }])
    var texts: [String] = []
    for (path, token) in [
      ("/kept/a", "1"), ("/kept/b", "1"), ("/kept/a?limit=2", "1"), ("/kept/a?limit=2&kinds=a", "1"),
      ("/kept/a?limit=2&kinds=b", "1"), ("/kept/a", "2"), ("/kept/a", "3"),
    ] as [(String, Character)] {
      texts.append(await gate.ask(.get, path, token: token).text)
    }
    #expect(texts == (1...7).map { "[\($0)]\n" })
    #expect(await gate.ask(.get, "/kept/%61?kinds=b&limit=2", token: "1").text == "[5]\n")
    #expect(await gate.ask(.get, "/kept/a", token: "1").text == "[1]\n")
  }

  @Test func `what is kept goes out as what is not, byte for byte, with its headers, short, and as 304`() async {
    let counted = Counted()
    let kept = counted.endpoint("/kept") { _ in AnswerCacheTests.long(1) }
    let plain = Endpoint(.get, "/plain", .role(.read), "plain", "", content: .json(Schema.object)) { _ in
      AnswerCacheTests.long(1)
    }
    let gate = GateFixture(anonymous: .read).gate([kept, plain])
    let gzip = ("Accept-Encoding", "gzip")
    for _ in 0..<2 {
      for headers in [[], [gzip]] {
        let (one, other) = (await gate.ask(.get, "/kept", headers), await gate.ask(.get, "/plain", headers))
        #expect(one.status == 200 && one.type == other.type && AnswerCacheTests.same(one, other))
        let tag = ("If-None-Match", one.header("ETag") ?? "")
        let (again, beside) = (
          await gate.ask(.get, "/kept", headers + [tag]), await gate.ask(.get, "/plain", headers + [tag])
        )
        #expect(again.status == 304 && beside.status == 304 && AnswerCacheTests.same(again, beside))
      }
    }
    #expect(counted.count.withLock { $0 } == 1)
  }

  private static func same(_ one: Answer, _ other: Answer) -> Bool {
    guard case .bytes(let bytes) = one.body, case .bytes(let others) = other.body else { return false }
    return bytes == others && one.headers.map { [$0.name, $0.value] } == other.headers.map { [$0.name, $0.value] }
  }

  @Test func `who is not let in, or asks too often, is refused as before, and every request is seen`() async {
    let counted = Counted()
    let fixture = GateFixture {
      $0.burst = 3
      $0.perSecond = 0.5
    }
    let gate = fixture.gate([counted.endpoint { .json("[\($0)]") }])
    #expect(await gate.ask(.get, "/kept/a", token: "1", from: "10.0.0.1").status == 200)
    #expect(await gate.ask(.get, "/kept/a", from: "10.0.0.2").status == 401)
    #expect(await gate.ask(.get, "/kept/a", token: "4", from: "10.0.0.2").status == 401)
    #expect(await gate.ask(.get, "/kept/a?limit=11", token: "1", from: "10.0.0.3").status == 400)
    #expect(await gate.ask(.get, "/kept/a", token: "1", host: "evil.example", from: "10.0.0.3").status == 421)
    #expect(await gate.ask(.get, "/kept/a", token: "1", from: "10.0.0.4").status == 200)
    #expect(await gate.ask(.get, "/kept/a", token: "1", from: "10.0.0.5").status == 429)
    fixture.void.withLock { _ = $0.insert(Array(GateFixture.secret("1").utf8)) }
    #expect(await gate.ask(.get, "/kept/a", token: "1", from: "10.0.0.6").status == 401)
    #expect(counted.count.withLock { $0 } == 1)
    #expect(fixture.seen.withLock { $0.map(\.status) } == [200, 401, 401, 400, 421, 200, 429, 401])
  }

  @Test func `problems, other states, and answers that say how long they hold are not kept`() async {
    let answers: [@Sendable (Int) throws -> Answer] = [
      { throw Problem(404, "nothing \($0)") }, { .json("[\($0)]", status: 202) },
      { .json("[\($0)]").with("Cache-Control", "no-store") }, { .json("[\($0)]").with("Set-Cookie", "a=b") },
    ]
    for answer in answers {
      let counted = Counted()
      let gate = GateFixture(anonymous: .read).gate([counted.endpoint { try answer($0) }])
      let first = await gate.ask(.get, "/kept/a").text
      #expect(await gate.ask(.get, "/kept/a").text != first)
      #expect(gate.kept.filling.count == 0)
    }
  }

  @Test func `for all who ask at the same time it is worked out once`() async {
    let (counted, door) = (Counted(), Door())
    let endpoint = counted.endpoint { number in
      await door.pass()
      return .json("[\(number)]")
    }
    let gate = GateFixture(anonymous: .read).gate([endpoint])
    let texts = await withTaskGroup(of: String.self) { group in
      for _ in 0..<20 { group.addTask { await gate.ask(.get, "/kept/a").text } }
      while counted.count.withLock({ $0 }) == 0 { await Task.yield() }
      await door.open()
      return await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    // One who asks when the first answer has gone finds it kept.
    #expect(texts == ["[1]\n"])
  }

  @Test func `what was begun before a change is not taken for what is so after it`() async {
    let (counted, door) = (Counted(), Door())
    let endpoint = counted.endpoint { number in
      if number == 1 { await door.pass() }
      return .json("[\(number)]")
    }
    let gate = GateFixture(anonymous: .read).gate([endpoint])
    async let first = gate.ask(.get, "/kept/a").text
    while counted.count.withLock({ $0 }) == 0 { await Task.yield() }
    counted.turn()
    #expect(await gate.ask(.get, "/kept/a").text == "[2]\n")
    await door.open()
    #expect(await first == "[1]\n")
    #expect(await gate.ask(.get, "/kept/a").text == "[2]\n")
  }

  @Test func `where all have given up the work is ended, and the next one has it done`() async {
    let counted = Counted()
    let ended = Mutex(false)
    let endpoint = counted.endpoint { number in
      guard number == 1 else { return .json("[\(number)]") }
      do { try await Task.sleep(for: .seconds(60)) } catch { ended.withLock { $0 = true } }
      throw CancellationError()
    }.with { $0.patience = 50 }
    let gate = GateFixture(anonymous: .read).gate([endpoint])
    #expect(await gate.ask(.get, "/kept/a").status == 503)
    while !ended.withLock({ $0 }) { await Task.yield() }
    #expect(await gate.ask(.get, "/kept/a").text == "[2]\n")
  }

  @Test func `bytes and number are bounded, and those go first that were used the longest time ago`() async throws {
    let cache = AnswerCache(on: APIThreads().slow)
    let mark = AnswerMark(configuration: 1, store: 1)
    func question(_ number: Int) -> AnswerCache.Question {
      .init(operation: "kept", path: ["id": "\(number)"], query: [:], role: .read)
    }
    func ask(_ number: Int, bytes: Int) async throws {
      _ = try await cache.answer(to: question(number), mark) {
        Answer(type: "text/plain", body: .bytes(Array(repeating: 0, count: bytes)))
      }
    }
    // 1 MiB counts twice: the eighth of 16 MiB fills it, and the first is used meanwhile.
    for number in 0..<7 { try await ask(number, bytes: 1 << 20) }
    #expect(cache.answer(to: question(0), mark) != nil)
    for number in 7..<9 { try await ask(number, bytes: 1 << 20) }
    #expect(cache.answer(to: question(0), mark) != nil && cache.answer(to: question(8), mark) != nil)
    #expect(cache.answer(to: question(1), mark) == nil)
    #expect(cache.filling.size <= AnswerCache.most)
    try await ask(9, bytes: AnswerCache.longest + 1)
    #expect(cache.answer(to: question(9), mark) == nil)
    for number in 10..<1_200 { try await ask(number, bytes: 1) }
    #expect(cache.filling.count <= AnswerCache.mostAnswers)
    #expect(cache.answer(to: question(1_199), mark) != nil)
  }

  @Test func `a token is looked for once, and anew as soon as something has changed`() async throws {
    let token = AccessToken(
      name: "a", digest: Array(GateFixture.secret("1").utf8), role: .read, createdAt: GateFixture.start,
      expiresAt: GateFixture.start.advanced(by: 10))
    let asked = Mutex(0)
    let kept = Mutex<AccessToken?>(token)
    let mark = Mutex<AnswerMark?>(AnswerMark(configuration: 1, store: 1))
    let check = TokenCheck(
      digest: { $0 }, mark: { mark.withLock { $0 } },
      find: { digest in
        asked.withLock { $0 += 1 }
        return kept.withLock { $0 }.flatMap { $0.digest == digest ? $0 : nil }
      })
    let secret = GateFixture.secret("1")
    for _ in 0..<3 { #expect(try await check.token(of: secret, at: GateFixture.start)?.name == "a") }
    #expect(asked.withLock { $0 } == 1)
    // Its time runs out without any change.
    #expect(try await check.token(of: secret, at: GateFixture.start.advanced(by: 10)) == nil)
    kept.withLock { $0 = nil }
    mark.withLock { $0 = AnswerMark(configuration: 1, store: 2) }
    #expect(try await check.token(of: secret, at: GateFixture.start) == nil)
    // What is no token is asked for each time, and not kept.
    #expect(try await check.token(of: secret, at: GateFixture.start) == nil && asked.withLock { $0 } == 3)
  }

  /// Holds those who pass until it is opened.
  private actor Door {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func pass() async { if !isOpen { await withCheckedContinuation { waiting.append($0) } } }

    func open() {
      isOpen = true
      for one in waiting { one.resume() }
      waiting = []
    }
  }
}
