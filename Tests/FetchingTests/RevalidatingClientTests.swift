import PluginKit
import TestSupport
import Testing

@testable import Fetching

@Suite struct RevalidatingClientTests {
  private static func versioned(_ body: String, _ headers: [(name: String, value: String)]) -> FaultAnswer {
    .text(body, headers: headers)
  }

  private func client(_ most: Int = 8_000_000) -> RevalidatingClient {
    RevalidatingClient(CurlClient(limits(), on: TransferLoop()), mostBytes: most)
  }

  @Test func `what has not changed comes from memory, and what has is fetched`() async throws {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    let server = try FaultServer([
      "/feed": [
        Self.versioned("one", [("ETag", "\"1\""), ("Last-Modified", date)]), FaultAnswer.reply([], status: 304),
        Self.versioned("two", [("ETag", "\"2\"")]), .status(503), FaultAnswer.reply([], status: 304),
      ]
    ])
    defer { server.stop() }
    let client = client()
    var answers: [String?] = []
    for _ in 0..<5 { answers.append(await send(WebRequest(server.url + "/feed"), with: client).text) }
    #expect(answers == ["one", "one", "two", "status 503", "two"])
    let asked = server.requests.map { $0.headers["if-none-match"] }
    #expect(asked == [nil, "\"1\"", "\"1\"", "\"2\"", "\"2\""])
    #expect(server.requests[1].headers["if-modified-since"] == date)
    #expect(server.requests[3].headers["if-modified-since"] == nil)
  }

  @Test func `another key gets no one else's document`() async throws {
    let server = try FaultServer { request, _ in
      Self.versioned("for \(request.headers["x-key"] ?? "nobody")", [("ETag", "\"1\"")])
    }
    defer { server.stop() }
    let client = client()
    for key in ["a", "b"] {
      let request = WebRequest(server.url + "/", headers: [("X-Key", key)])
      #expect(await send(request, with: client).text == "for \(key)")
    }
    #expect(server.requests.allSatisfy { $0.headers["if-none-match"] == nil })
  }

  @Test func `what has no version, must not stay, is large or was asked for by version is not kept`() async throws {
    let tag = (name: "ETag", value: "\"1\"")
    let server = try FaultServer([
      "/plain": [.text("a")], "/secret": [Self.versioned("a", [tag, ("Cache-Control", "private, no-store")])],
      "/large": [Self.versioned(String(repeating: "a", count: 20_000), [tag])], "/own": [Self.versioned("a", [tag])],
    ])
    defer { server.stop() }
    let client = client(100_000)
    for path in ["/plain", "/secret", "/large"] {
      for _ in 0..<2 { _ = try await client.send(WebRequest(server.url + path)) }
    }
    _ = try await client.send(WebRequest(server.url + "/own", headers: [("If-None-Match", "\"0\"")]))
    _ = try await client.send(WebRequest(server.url + "/own"))
    #expect(server.requests.map { $0.headers["if-none-match"] } == [nil, nil, nil, nil, nil, nil, "\"0\"", nil])
  }

  @Test func `the one that was longest of no use makes room`() async throws {
    let server = try FaultServer { _, _ in Self.versioned(String(repeating: "a", count: 9_000), [("ETag", "\"1\"")]) }
    defer { server.stop() }
    let client = client(90_000)
    for index in [0, 1, 2, 3, 4, 5, 6, 7, 0, 8, 0, 1] {
      _ = try await client.send(WebRequest("\(server.url)/\(index)"))
    }
    // About 10,000 each: eight fit, the ninth takes the place of 1, since 0 was asked for in between.
    let known = server.requests.map { $0.headers["if-none-match"] != nil }
    #expect(known == [false, false, false, false, false, false, false, false, true, false, true, false])
  }
}
