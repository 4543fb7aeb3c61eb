import PluginKit
import TestSupport
import Testing
import Trading

@testable import Fetching

/// Against real answers on loopback, by a clock that goes on only by the waits.
@Suite struct PoliteClientTests {
  private func client(
    _ clock: SimulatedClock, random: Double = 0.5, _ change: (inout Politeness) -> Void = { _ in }
  ) -> PoliteClient {
    var politeness = Politeness()
    change(&politeness)
    return PoliteClient(
      CurlClient(limits(), on: TransferLoop()), politeness, now: { clock.now }, sleep: { clock.sleep($0) },
      random: { random })
  }

  @Test func `faults that pass are tried again, with growing waits`() async throws {
    let server = try FaultServer(["/": [.status(503), .wrongGzip, .status(429), .text("there")]])
    defer { server.stop() }
    let clock = SimulatedClock()
    #expect(await send(WebRequest(server.url + "/"), with: client(clock)).text == "there")
    #expect(clock.waits == [250, 500, 1_000])
    #expect(server.requests.count == 4)
  }

  @Test func `after the last try its answer is given`() async throws {
    let server = try FaultServer(["/": [.status(500)], "/reset": [.reset()]])
    defer { server.stop() }
    for (path, cause) in [("/", nil), ("/reset", WebError.Cause.connection)] {
      let result = await send(WebRequest(server.url + path), with: client(SimulatedClock()) { $0.retries = 2 })
      #expect(result.cause == cause)
    }
    #expect(server.requests(of: "/").count == 3)
    #expect(server.requests(of: "/reset").count == 3)
  }

  @Test(arguments: [400, 401, 403, 404, 418, 422, 451, 501]) func `what will not pass is not tried again`(
    _ status: Int
  ) async throws {
    let server = try FaultServer(["/": [.status(status)]])
    defer { server.stop() }
    let clock = SimulatedClock()
    #expect(await send(WebRequest(server.url + "/"), with: client(clock)).status == status)
    #expect(server.requests.count == 1)
    #expect(clock.waits == [])
  }

  @Test func `what may have been done is not asked for again`() async throws {
    let server = try FaultServer(["/": [.status(503)], "/many": [.tooMany(retryAfter: "1"), .text("sent")]])
    defer { server.stop() }
    let client = client(SimulatedClock())
    #expect(await send(WebRequest(server.url + "/", method: "POST"), with: client).status == 503)
    #expect(server.requests.count == 1)
    #expect(await send(WebRequest(server.url + "/many", method: "POST"), with: client).text == "sent")
  }

  @Test(arguments: ["7", "Tue, 14 Nov 2023 22:13:27 GMT"])
  func `a server that says when is asked then, and not before`(_ when: String) async throws {
    // 1,700,000,000 s, where the clock starts, is 22:13:20 on that day.
    let server = try FaultServer(["/": [.tooMany(retryAfter: when), .text("there")], "/other": [.text("too")]])
    defer { server.stop() }
    let clock = SimulatedClock()
    let client = client(clock)
    #expect(await send(WebRequest(server.url + "/"), with: client).text == "there")
    #expect(clock.waits == [7_250])
  }

  @Test func `a server that asks for longer than the client waits is left alone, by other requests too`() async throws {
    let server = try FaultServer(["/": [.tooMany(retryAfter: "3600")]])
    defer { server.stop() }
    let clock = SimulatedClock()
    let client = client(clock)
    for _ in 0..<2 {
      let error = try await #require(throws: WebError.self) { try await client.send(WebRequest(server.url + "/")) }
      #expect(error.cause == .refused && error.isTransient)
      #expect(error.retryAfter == 3_600)
      #expect(error.message.hasPrefix("127.0.0.1:\(server.port): "))
    }
    #expect(server.requests.count == 1)
    #expect(clock.waits == [])
  }

  @Test func `requests keep to the rate, tries again among them`() async throws {
    let server = try FaultServer(["/": [.status(503), .text("")]])
    defer { server.stop() }
    let clock = SimulatedClock()
    let start = clock.now
    let client = client(clock, random: 0) { $0.rate = [RateWindow(count: 2, length: 1_000)] }
    for _ in 0..<5 { _ = try await client.send(WebRequest(server.url + "/")) }
    #expect(server.requests.count == 6)
    #expect(clock.now == start.advanced(by: 2_000))
  }

  @Test func `an allowance that is used up is said with the time of the next request`() async throws {
    let server = try FaultServer(["/": [.text("")]])
    defer { server.stop() }
    let clock = SimulatedClock()
    let client = client(clock) { $0.rate = [RateWindow(count: 2, length: 86_400_000)] }
    for _ in 0..<2 { _ = try await client.send(WebRequest(server.url + "/")) }
    clock.pass(400_000)
    let result = await send(WebRequest(server.url + "/"), with: client)
    #expect(result.cause == .refused)
    #expect(result.message.contains("86000 s"))
    clock.pass(86_000_000)
    #expect(await send(WebRequest(server.url + "/"), with: client).status == 200)
  }

  @Test func `a server that keeps failing is left alone, and asked once after a rest`() async throws {
    let server = try FaultServer(["/": Array(repeating: .status(500), count: 6) + [.text("back")]])
    defer { server.stop() }
    let clock = SimulatedClock()
    let client = client(clock) {
      $0.retries = 0
      $0.failuresToOpen = 5
    }
    let request = WebRequest(server.url + "/")
    for _ in 0..<5 { #expect(await send(request, with: client).status == 500) }
    #expect(await send(request, with: client).cause == .open)
    #expect(server.requests.count == 5)
    clock.pass(30_000)
    #expect(await send(request, with: client).status == 500)
    #expect(await send(request, with: client).cause == .open)
    clock.pass(60_000)
    #expect(await send(request, with: client).text == "back")
    #expect(await send(request, with: client).text == "back")
  }

  @Test func `answers that one symbol is not there open nothing`() async throws {
    let server = try FaultServer([:])
    defer { server.stop() }
    let client = client(SimulatedClock())
    for _ in 0..<20 { #expect(await send(WebRequest(server.url + "/none"), with: client).status == 404) }
  }

  @Test(.timeLimit(.minutes(10))) func `cancelling ends a wait`() async throws {
    let server = try FaultServer(["/": [.tooMany(retryAfter: "100")]])
    defer { server.stop() }
    let client = PoliteClient(
      CurlClient(limits(), on: TransferLoop()), Politeness(), now: { Instant(seconds: 0) },
      sleep: { try await Task.sleep(for: .milliseconds($0)) }, random: { 0 })
    let task = Task { await send(WebRequest(server.url + "/"), with: client) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    task.cancel()
    #expect(await task.value.cause == .cancelled)
  }
}
