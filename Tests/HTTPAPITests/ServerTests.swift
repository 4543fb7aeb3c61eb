import Storage
import Synchronization
import TestSupport
import Testing

@testable import HTTPAPI

/// The server on a real port, asked as clients ask and as attackers do.
@Suite(.serialized) struct ServerTests {
  private func serve(
    _ settings: ConnectionSettings = .init(), _ endpoints: [Endpoint] = GateFixture.endpoints,
    anonymous: AccessRole? = .admin, _ body: (APIServer) async throws -> Void
  ) async throws {
    let server = try await APIServer(
      host: "127.0.0.1", port: 0, gate: GateFixture(anonymous: anonymous).gate(endpoints), connections: settings)
    try await body(server)
    await server.stop(patience: 5_000) { try await Task.sleep(for: .milliseconds($0)) }
  }

  private func isAlive(_ server: APIServer) -> Bool { RawClient.ask(server.port, "GET", "/open")?.status == 200 }

  @Test func `an answer has its length, its type and the headers that keep it where it belongs`() async throws {
    try await serve { server in
      let answer = try #require(RawClient.ask(server.port, "GET", "/things"))
      #expect(answer.status == 200 && answer.body.contains("\"who\""))
      for line in [
        "Content-Security-Policy: default-src 'none'", "frame-ancestors 'none'", "X-Content-Type-Options: nosniff",
        "Content-Length: \(answer.body.utf8.count)", "Content-Type: application/json",
      ] { #expect(answer.head.contains(line), "\(line)") }
      #expect(!answer.head.contains("Access-Control-Allow-Origin") && !answer.head.contains("Set-Cookie"))
      let head = try #require(RawClient.ask(server.port, "HEAD", "/things"))
      #expect(
        head.status == 200 && head.body.isEmpty && head.head.contains("Content-Length: \(answer.body.utf8.count)"))
    }
  }

  @Test func `a head that comes in drops is cut off, and so is one that is too long`() async throws {
    var settings = ConnectionSettings()
    settings.reading = 1
    settings.headerLimit = 2_000
    try await serve(settings) { server in
      let slow = try #require(RawClient(port: server.port))
      slow.send("GET /open HTTP/1.1\r\nHost: localhost\r\nX-A")
      #expect(slow.read(seconds: 10).isEnded)
      let body = try #require(RawClient(port: server.port))
      body.send(
        "POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
      #expect(body.read(seconds: 10).isEnded)
      let long = try #require(RawClient(port: server.port))
      long.send("GET /open HTTP/1.1\r\nHost: localhost\r\nX-A: \(String(repeating: "a", count: 5_000))\r\n\r\n")
      let answer = long.read(seconds: 10)
      #expect(answer.isEnded && !answer.text.contains(" 200 "), "\(answer.text.prefix(80))")
      #expect(isAlive(server))
    }
  }

  @Test func `a body without an end is not taken`() async throws {
    try await serve { server in
      let client = try #require(RawClient(port: server.port))
      client.send(
        "POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      )
      let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
      var sent = 0
      while sent < 200, client.send(chunk) { sent += 1 }
      let answer = client.read(seconds: 10)
      #expect(sent < 200 || answer.text.contains(" 413 "), "\(sent) chunks")
      #expect(isAlive(server))
    }
  }

  @Test func `thousands that connect and say nothing keep nobody out`() async throws {
    var settings = ConnectionSettings()
    settings.limit = 16
    try await serve(settings) { server in
      var idle: [RawClient] = []
      for round in 0..<400 {
        if let client = RawClient(port: server.port) { idle.append(client) }
        // One that asks while the crowd is still being taken in may be put out with it, and asks again.
        if round % 100 == 99 { #expect(isAlive(server) || isAlive(server) || isAlive(server)) }
      }
      // Those that are put out are closed by their own threads.
      for _ in 0..<1_000 where server.connections > 16 { try await Task.sleep(for: .milliseconds(5)) }
      #expect(idle.count == 400 && server.connections <= 16)
      #expect(isAlive(server))
    }
  }

  @Test func `broken requests are refused, and the server goes on`() async throws {
    try await serve { server in
      var random = SplitMix(seed: 20_261_123)
      let good = Array(
        "POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}".utf8)
      for round in 0..<300 {
        var bytes = good
        for _ in 0..<(1 + round % 7) {
          let place = Int(random.next() % UInt64(bytes.count))
          switch random.next() % 3 {
          case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
          case 1: bytes.remove(at: place)
          default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
          }
        }
        let client = try #require(RawClient(port: server.port))
        client.send(bytes)
      }
      #expect(isAlive(server))
      // Two lengths that differ are how requests are smuggled past a proxy.
      let client = try #require(RawClient(port: server.port))
      client.send(
        "POST /things HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
      let refused = client.read(seconds: 10) { $0.contains("\r\n\r\n") }.text
      #expect(refused.hasPrefix("HTTP/1.1 400"))
    }
  }

  @Test func `a stop takes no new requests and lets those in flight be answered`() async throws {
    let (begun, tell) = AsyncStream.makeStream(of: Void.self)
    let (gates, open) = AsyncStream.makeStream(of: Void.self)
    let slow = Endpoint(.get, "/wait", .role(.read), "wait", "", content: .json(Schema.object)) { _ in
      tell.yield()
      for await _ in gates { break }
      return .json("{\"done\": true}")
    }
    let server = try await APIServer(
      host: "127.0.0.1", port: 0, gate: GateFixture(anonymous: .read).gate([slow]), connections: .init())
    let port = server.port
    let client = try #require(RawClient(port: port))
    client.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n")
    for await _ in begun { break }
    let stop = Task { await server.stop(patience: 20_000) { try await Task.sleep(for: .milliseconds($0)) } }
    while RawClient(port: port) != nil { try await Task.sleep(for: .milliseconds(5)) }
    open.yield()
    #expect(client.read(seconds: 20).text.contains("\"done\": true"))
    await stop.value
  }

  private final class Tally: Sendable { let count = Mutex(0) }

  @Test func `a stop under load answers whatever was asked before it, and cuts no answer short`() async throws {
    let (begun, tell) = AsyncStream.makeStream(of: Void.self)
    let released = Mutex(false)
    let total = Tally()
    let slow = Endpoint(.get, "/wait", .role(.read), "wait", "", content: .json(Schema.object)) { _ in
      tell.yield()
      while !released.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
      return .json("{\"done\": true}")
    }
    let big = Endpoint(.get, "/big", .role(.read), "big", "", content: .json(Schema.object)) { _ in
      .json("\"\(String(repeating: "x", count: 300_000))\"")
    }
    let server = try await APIServer(
      host: "127.0.0.1", port: 0, gate: GateFixture(anonymous: .read).gate([slow, big]), connections: .init())
    let port = server.port
    let waiting = try (0..<30).map { _ in try #require(RawClient(port: port)) }
    for client in waiting { client.send("GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n") }
    var heard = 0
    for await _ in begun {
      heard += 1
      if heard == waiting.count { break }
    }
    // Clients that go on asking while it stops: an answer that has begun is one that ends.
    let storm = (0..<4).map { number in
      Task.detached(executorPreference: WorkThreads("storm \(number)")) { () -> (answers: Int, cut: [String]) in
        var (answers, cut) = (0, [String]())
        for _ in 0..<10_000 {
          guard let client = RawClient(port: port) else { break }
          client.send("GET /big HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
          let text = client.read(seconds: 20).text
          if text.isEmpty { continue }
          answers += 1
          total.count.withLock { $0 += 1 }
          // A text, its quotes, and the end of its line.
          let length = text.split(separator: "\r\n\r\n").last?.utf8.count ?? 0
          if length != 300_003 { cut.append("\(length)") }
        }
        return (answers, cut)
      }
    }
    while total.count.withLock({ $0 }) < 12 { try await Task.sleep(for: .milliseconds(1)) }
    let stop = Task { await server.stop(patience: 20_000) { try await Task.sleep(for: .milliseconds($0)) } }
    while RawClient(port: port) != nil { try await Task.sleep(for: .milliseconds(5)) }
    released.withLock { $0 = true }
    for client in waiting { #expect(client.read(seconds: 20).text.contains("\"done\": true")) }
    await stop.value
    for one in storm {
      let (answers, cut) = await one.value
      #expect(cut.isEmpty, "of \(answers) answers were cut short: \(cut)")
    }
  }

  @Test func `a port that is taken is a fault that says which`() async throws {
    try await serve { server in
      await #expect {
        _ = try await APIServer(
          host: "127.0.0.1", port: server.port, gate: GateFixture().gate(), connections: .init())
      } throws: { "\($0)".contains("127.0.0.1:\(server.port)") }
    }
  }
}
