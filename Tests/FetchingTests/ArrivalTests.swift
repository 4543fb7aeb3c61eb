import PluginKit
import TestSupport
import Testing

@testable import Fetching

/// Whether a request may have arrived is told apart from what certainly has not.
@Suite struct ArrivalTests {
  private func limits() -> TransferLimits {
    var limits = TransferLimits()
    limits.timeout = 2_000
    limits.addresses = .publicAnd("127.0.0.1")
    return limits
  }

  private func fault(_ url: String, _ limits: TransferLimits) async throws -> WebError {
    let client = CurlClient(limits, on: TransferLoop())
    return try #require(
      await #expect(throws: WebError.self) {
        try await client.send(WebRequest(url, method: "POST", body: Array("{\"a\":1}".utf8)))
      })
  }

  @Test(
    .timeLimit(.minutes(10)), arguments: [FaultAnswer.silence, .reset(), .garbage, .partial("{"), .drip(every: 20)])
  func `a request that went out may have arrived, whatever became of the answer`(_ answer: FaultAnswer) async throws {
    let server = try FaultServer { _, _ in answer }
    defer { server.stop() }
    #expect(try await fault("\(server.url)/x", limits()).mayHaveArrived)
  }

  @Test func `a request that is cut on its way may have arrived, for all the client knows`() async throws {
    for bytes in [1, 20, 80, 150] {
      let server = try FaultServer(cut: { _ in bytes }) { _, _ in .empty }
      defer { server.stop() }
      #expect(try await fault("\(server.url)/x", limits()).mayHaveArrived, "\(bytes)")
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `nobody there, no such name, no encryption and no admitted address: nothing has arrived`() async throws {
    let gone = try FaultServer { _, _ in .empty }
    gone.stop()
    #expect(try await !fault("\(gone.url)/x", limits()).mayHaveArrived)
    #expect(try await !fault("http://no-such-host.invalid/x", limits()).mayHaveArrived)
    #expect(try await !fault("http://10.0.0.1/x", limits()).mayHaveArrived)
    #expect(try await !fault("gopher://example.com/x", limits()).mayHaveArrived)
    let plain = try FaultServer { _, _ in .empty }
    defer { plain.stop() }
    let error = try await fault("https://127.0.0.1:\(plain.port)/x", limits())
    #expect(!error.mayHaveArrived, "\(error)")
  }

  @Test func `what a redirect leads to says nothing of the server that had the request`() async throws {
    let server = try FaultServer { _, _ in .redirect(to: "http://10.0.0.1/", status: 303) }
    defer { server.stop() }
    let error = try await fault("\(server.url)/x", limits())
    #expect(error.cause == .forbiddenAddress && error.mayHaveArrived)
  }

  @Test func `without redirects, one is an answer`() async throws {
    let server = try FaultServer { _, _ in .redirect(to: "/other") }
    defer { server.stop() }
    var limits = limits()
    limits.maxRedirects = 0
    let answer = try await CurlClient(limits, on: TransferLoop()).send(WebRequest("\(server.url)/x", method: "POST"))
    #expect(answer.status == 302 && server.requests.count == 1)
  }
}
