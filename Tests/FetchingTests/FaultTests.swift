import PluginKit
import TestSupport
import Testing

@testable import Fetching

/// Each fault that a server can have ends within the deadline, with its cause and in a sentence that names the server.
@Suite struct FaultTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let answer: FaultAnswer
    let cause: WebError.Cause
    let words: String
    var change: @Sendable (inout TransferLimits) -> Void = { _ in }
  }

  static let short: @Sendable (inout TransferLimits) -> Void = { $0.timeout = 300 }
  static let cases = [
    Case(testDescription: "silence", answer: .silence, cause: .timeout, words: "within 300 ms", change: short),
    Case(
      testDescription: "a byte at a time", answer: .drip(every: 20), cause: .timeout, words: "300 ms", change: short),
    Case(testDescription: "slow headers", answer: .slowHeaders(every: 20), cause: .timeout, words: "ms", change: short),
    Case(testDescription: "idle", answer: .drip(every: 4_000), cause: .timeout, words: "nothing came for 1 s") {
      $0.idleTimeout = 1_000
    },
    Case(testDescription: "partial JSON", answer: .partial("{\"chart\": ["), cause: .connection, words: "broke"),
    Case(testDescription: "reset", answer: .reset(), cause: .connection, words: "broke"),
    Case(testDescription: "reset in the body", answer: .reset(after: "{"), cause: .connection, words: "broke"),
    Case(testDescription: "wrong gzip", answer: .wrongGzip, cause: .malformed, words: "decompressed"),
    Case(testDescription: "garbage", answer: .garbage, cause: .malformed, words: "no HTTP"),
    Case(testDescription: "gzip bomb", answer: .gzipBomb(), cause: .tooLarge, words: "1000000 bytes") {
      $0.maxBody = 1_000_000
    },
    Case(testDescription: "a gigabyte", answer: .endless(), cause: .tooLarge, words: "1000000 bytes") {
      $0.maxBody = 1_000_000
    },
    Case(
      testDescription: "a gigabyte that says so", answer: .endless(saysLength: true), cause: .tooLarge,
      words: "max_body"),
    Case(testDescription: "header flood", answer: .headerFlood, cause: .tooLarge, words: "headers"),
    Case(testDescription: "long header", answer: .longHeader, cause: .tooLarge, words: "headers"),
    Case(testDescription: "redirect loop", answer: .redirect(to: "/data"), cause: .tooManyRedirects, words: "3 times"),
    Case(
      testDescription: "redirect to a file", answer: .redirect(to: "file:///etc/passwd"), cause: .badAddress,
      words: "file"),
    Case(
      testDescription: "redirect to a private address", answer: .redirect(to: "http://10.0.0.1/"),
      cause: .forbiddenAddress, words: "10.0.0.1"),
    Case(
      testDescription: "redirect to metadata", answer: .redirect(to: "http://169.254.169.254/latest", status: 307),
      cause: .forbiddenAddress, words: "allow_private"),
    Case(
      testDescription: "redirect to loopback in disguise", answer: .redirect(to: "http://0x7f.2/"),
      cause: .forbiddenAddress, words: "127.0.0.2"),
  ]

  @Test(.timeLimit(.minutes(10)), arguments: cases)
  func `a fault ends in time, with its cause and a sentence without secrets`(_ fault: Case) async throws {
    let secret = "k3y/with+signs"
    let request = WebRequest("", headers: [("X-Key", secret)], secrets: [secret, "k3y2"])
    let result = try await fetch(
      fault.answer, limits: limits(fault.change), request: request, path: "/data")
    #expect(result.cause == fault.cause, "\(result)")
    #expect(result.message.contains(fault.words), "\(result.message)")
    #expect(!result.message.contains("k3y"))
  }

  @Test func `a server that is not there is a fault of the connection`() async throws {
    let server = try FaultServer([:])
    server.stop()
    let result = await send(WebRequest(server.url), with: CurlClient(limits(), on: TransferLoop()))
    #expect(result.cause == .connection)
    #expect(result.message.hasPrefix("127.0.0.1:\(server.port): no connection"))
  }

  @Test func `a name that nobody has is a fault of the connection`() async {
    let result = await send(WebRequest("http://prices.invalid/"), with: CurlClient(limits(), on: TransferLoop()))
    #expect(result.cause == .connection)
    #expect(result.message.hasPrefix("prices.invalid: "))
  }

  @Test func `https to a server without it is a fault of the connection`() async throws {
    let server = try FaultServer([:])
    defer { server.stop() }
    let url = "https://127.0.0.1:\(server.port)/"
    #expect(await send(WebRequest(url), with: CurlClient(limits(), on: TransferLoop())).cause == .connection)
  }

  @Test func `cancelling the task ends the transfer at once, others go on`() async throws {
    let server = try FaultServer { request, _ in request.path == "/slow" ? .silence : .text("there") }
    defer { server.stop() }
    let client = CurlClient(limits { $0.timeout = 600_000 }, on: TransferLoop())
    let slow = Task { await send(WebRequest(server.url + "/slow"), with: client) }
    while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    slow.cancel()
    #expect(await slow.value.cause == .cancelled)
    #expect(await send(WebRequest(server.url + "/quick"), with: client).text == "there")
  }

  @Test func `a task that is cancelled already sends nothing`() async throws {
    let server = try FaultServer([:])
    defer { server.stop() }
    let client = CurlClient(limits(), on: TransferLoop())
    let result = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await send(WebRequest(server.url), with: client)
    }.value
    #expect(result.cause == .cancelled)
    #expect(server.requests.isEmpty)
  }
}
