import PluginKit
import TestSupport
import Testing

@testable import Fetching

@Suite struct RedirectTests {
  @Test func `three redirects are followed, a fourth is not`() async throws {
    let server = try FaultServer { request, _ in
      let step = Int(request.path.dropFirst()) ?? 0
      return step == 3 ? .text("the end") : .redirect(to: "/\(step + 1)")
    }
    defer { server.stop() }
    let client = CurlClient(limits(), on: TransferLoop())
    #expect(await send(WebRequest(server.url + "/0"), with: client).text == "the end")
    #expect(await send(WebRequest(server.url + "/-1"), with: client).cause == .tooManyRedirects)
  }

  @Test func `the deadline holds for all redirects together`() async throws {
    let server = try FaultServer { request, _ in
      var answer = FaultAnswer.redirect(to: "/next")
      answer.steps.insert(.pause(150), at: 0)
      return answer
    }
    defer { server.stop() }
    let client = CurlClient(limits { $0.timeout = 400 }, on: TransferLoop())
    let result = await send(WebRequest(server.url), with: client)
    #expect(result.cause == .timeout)
    #expect(result.message.contains("400 ms"))
  }

  @Test(arguments: [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
  func `a redirect of a POST asks as RFC 9110 has it`(_ status: Int, _ method: String) async throws {
    let server = try FaultServer { request, _ in
      request.path == "/from" ? .redirect(to: "/to", status: status) : .text("")
    }
    defer { server.stop() }
    let client = CurlClient(limits(), on: TransferLoop())
    _ = try await client.send(WebRequest(server.url + "/from", method: "POST", body: Array("word".utf8)))
    let seen = try #require(server.requests(of: "/to").first)
    #expect(seen.method == method)
    #expect(String(decoding: seen.body, as: UTF8.self) == (method == "POST" ? "word" : ""))
  }

  @Test func `secrets do not follow a redirect to another server`() async throws {
    let other = try FaultServer { _, _ in .text("") }
    defer { other.stop() }
    let server = try FaultServer { request, _ in
      request.path == "/near" ? .redirect(to: "/here") : .redirect(to: other.url + "/there", status: 307)
    }
    defer { server.stop() }
    let client = CurlClient(limits(), on: TransferLoop())
    let headers = [("X-Api-Key", "k3y"), ("Authorization", "Basic eA=="), ("X-Plain", "open")]
    _ = try await client.send(WebRequest(server.url + "/near", headers: headers, secrets: ["k3y"]))
    #expect(server.requests(of: "/here").first?.headers["x-api-key"] == "k3y")
    let seen = try #require(other.requests.first).headers
    #expect(seen["x-api-key"] == nil && seen["authorization"] == nil)
    #expect(seen["x-plain"] == "open")

    let message = WebRequest(server.url + "/far", method: "POST", body: Array("key=k3y".utf8), secrets: ["k3y"])
    #expect(await send(message, with: client).cause == .forbiddenAddress)
    #expect(other.requests.count == 1)
  }
}
