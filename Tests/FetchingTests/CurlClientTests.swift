import PluginKit
import TestSupport
import Testing

@testable import Fetching

/// Limits that admit the fault server, and are short.
func limits(_ change: (inout TransferLimits) -> Void = { _ in }) -> TransferLimits {
  var limits = TransferLimits()
  limits.timeout = 5_000
  limits.connectTimeout = 2_000
  limits.addresses = .publicAnd("127.0.0.1")
  change(&limits)
  return limits
}

/// What a client answers to a path of a server that answers so.
func fetch(
  _ answers: FaultAnswer..., limits: TransferLimits = limits(), request: WebRequest? = nil, path: String = "/data"
) async throws -> Result<WebResponse, WebError> {
  let server = try FaultServer([path: answers])
  defer { server.stop() }
  var asked = request ?? WebRequest("")
  asked.url = server.url + path
  return await send(asked, with: CurlClient(limits, on: TransferLoop()))
}

func send(_ request: WebRequest, with client: some WebClient) async -> Result<WebResponse, WebError> {
  do throws(WebError) { return .success(try await client.send(request)) } catch { return .failure(error) }
}

extension Result where Success == WebResponse, Failure == WebError {
  var cause: WebError.Cause? { if case .failure(let error) = self { error.cause } else { nil } }
  var message: String { if case .failure(let error) = self { error.message } else { "" } }
  var text: String? {
    if case .success(let response) = self { String(decoding: response.body, as: UTF8.self) } else { nil }
  }
  var status: Int? { if case .success(let response) = self { response.status } else { nil } }
}

@Suite struct CurlClientTests {
  @Test func `an answer comes with its status, its headers by name in lower case, and its body`() async throws {
    let response = try await fetch(.text("a,b\n1,2\n", status: 404, headers: [("X-Used", "3"), ("x-used", " 4 ")]))
      .get()
    #expect(response.status == 404)
    #expect(response.headers["x-used"] == "4")
    #expect(response.headers["content-type"] == "text/plain")
    #expect(String(decoding: response.body, as: UTF8.self) == "a,b\n1,2\n")
  }

  @Test func `a request goes out with method, headers, body and a user agent, and without cookies`() async throws {
    let server = try FaultServer { _, _ in .status(200, headers: [("Set-Cookie", "id=1")]) }
    defer { server.stop() }
    let client = CurlClient(limits { $0.userAgent = "Own/1" }, on: TransferLoop())
    let request = WebRequest(
      server.url + "/send?a=%5EIXIC", method: "POST", headers: [("X-Key", "k"), ("Content-Type", "text/x")],
      body: Array("word\u{0}!".utf8))
    for _ in 0..<2 { _ = try await client.send(request) }
    let seen = try #require(server.requests.last)
    #expect(seen.method == "POST")
    #expect(seen.target == "/send?a=%5EIXIC")
    #expect(seen.query == ["a": "^IXIC"])
    #expect(seen.headers["x-key"] == "k")
    #expect(seen.headers["content-type"] == "text/x")
    #expect(seen.headers["user-agent"] == "Own/1")
    #expect(seen.headers["cookie"] == nil)
    #expect(seen.headers["expect"] == nil)
    #expect(String(decoding: seen.body, as: UTF8.self) == "word\u{0}!")
  }

  @Test func `a body that came compressed is given decompressed`() async throws {
    let body = [UInt8](repeating: 7, count: 100_000)
    #expect(try await fetch(.gzip(body)).get().body == body)
  }

  @Test func `an empty body and a page in place of data are answers, for the source to judge`() async throws {
    #expect(try await fetch(.empty).text == "")
    #expect(try await fetch(.htmlInstead).text?.contains("Checking your browser") == true)
  }

  @Test(arguments: [429, 500, 503]) func `a status of failure is an answer`(_ status: Int) async throws {
    #expect(try await fetch(.status(status)).status == status)
  }

  @Test func `many requests run at once on one thread`() async throws {
    let server = try FaultServer { request, _ in
      var answer = FaultAnswer.text(request.target)
      answer.steps.insert(.pause(50), at: 0)
      return answer
    }
    defer { server.stop() }
    let client = CurlClient(limits(), on: TransferLoop())
    let texts = await withTaskGroup(of: String?.self) { group in
      for index in 0..<40 { group.addTask { await send(WebRequest("\(server.url)/\(index)"), with: client).text } }
      return await group.reduce(into: Set<String?>()) { $0.insert($1) }
    }
    #expect(texts == Set((0..<40).map { "/\($0)" }))
  }

  @Test func `a proxy is asked in place of the server`() async throws {
    let proxy = try FaultServer(["http://prices.example/data": [.text("through the proxy")]])
    defer { proxy.stop() }
    let client = CurlClient(
      limits { limits in
        limits.proxy = proxy.url
        limits.addresses = .publicOnly
      }, on: TransferLoop())
    #expect(await send(WebRequest("http://prices.example/data"), with: client).text == "through the proxy")
    #expect(await send(WebRequest("http://10.0.0.1/data"), with: client).cause == .forbiddenAddress)
    #expect(proxy.requests.count == 1)
  }

  @Test(arguments: [
    ("", "empty"), ("prices", "URL"), ("http://", "URL"), ("ftp://prices.example/a", "a ftp URL"),
    ("file:///etc/passwd", "a file URL"), ("http://prices.example/a b", "percent-encode"),
    ("http://prices.example/a\u{0}b", "percent-encode"), ("http://prices.example/\r\nHost: other", "percent-encode"),
  ])
  func `what is no URL of the web is refused before anything is sent`(_ url: String, _ word: String) async {
    let result = await send(WebRequest(url), with: CurlClient(on: TransferLoop()))
    #expect(result.cause == .badAddress)
    #expect(result.message.contains(word), "\(result.message)")
  }

  /// libcurl asks again by itself where a connection that it kept turns out to be closed.
  @Test func `what may have been done goes out once, on a connection of its own`() async throws {
    let server = try FaultServer(["/": [.text("there")], "/send": [.reset()]])
    defer { server.stop() }
    let client = CurlClient(limits(), on: TransferLoop())
    _ = try await client.send(WebRequest(server.url + "/"))
    let message = WebRequest(server.url + "/send", method: "POST", body: Array("word".utf8))
    #expect(await send(message, with: client).cause == .connection)
    #expect(server.requests(of: "/send").count == 1)
  }

  @Test func `a header or a method that breaks the line is refused`() async {
    let client = CurlClient(on: TransferLoop())
    for request in [
      WebRequest("http://prices.example/", headers: [("X-Key", "a\r\nX-Other: b")]),
      WebRequest("http://prices.example/", headers: [("X Key", "a")]),
      WebRequest("http://prices.example/", method: "GET / HTTP/1.1\r\n"),
    ] { #expect(await send(request, with: client).cause == .badAddress) }
  }
}
