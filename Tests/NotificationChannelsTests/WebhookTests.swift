import Foundation
import PluginKit
import SeriesMath
import TestSupport
import Testing

@testable import NotificationChannels

/// Webhooks of one's own, Slack's, Discord's, and ntfy, each before a server that answers as theirs does.
@Suite struct WebhookTests {
  private let message = ChannelMessage(
    id: "K7Q2", title: "^IXIC: \"buy\"", text: "line one\nline two \\ K7Q2", priority: .high, replyTo: "M1",
    fields: ["symbol": "^IXIC"])

  private func object(_ request: FaultServer.Request?) throws -> NSDictionary {
    let request = try #require(request)
    return try #require(try JSONSerialization.jsonObject(with: Data(request.body)) as? NSDictionary)
  }

  @Test func `a webhook is JSON whose signature the receiver can make anew`() async throws {
    let server = try FaultServer { _, _ in .status(204) }
    defer { server.stop() }
    let channel = try Webhook(
      settings: [
        "url": .text("\(server.url)/in?key=1"), "secret": "s3cr3t", "token": "t0ken",
        "headers": .mapping(["X-Team": "quant"]),
      ], host: TestHost().host)
    #expect(await channel.send(message) == .sent())
    let request = try #require(server.requests.first)
    #expect(
      try object(request) == [
        "id": "K7Q2", "time": "2023-11-14T22:13:20Z", "title": "^IXIC: \"buy\"", "text": "line one\nline two \\ K7Q2",
        "priority": "high", "reply_to": "M1", "fields": ["symbol": "^IXIC"],
      ])
    #expect(request.method == "POST" && request.target == "/in?key=1")
    #expect(request.headers["authorization"] == "Bearer t0ken" && request.headers["x-team"] == "quant")
    #expect(request.headers["idempotency-key"] == "K7Q2")
    let parts = try #require(request.headers["finstage-signature"]).split(separator: ",")
    #expect(parts.first == "t=1700000000")
    // What `openssl dgst -sha256 -hmac s3cr3t` makes of it is checked where openssl is there, below.
    let expected = HMACSHA256.text(of: Array("1700000000.".utf8) + request.body, key: Array("s3cr3t".utf8))
    #expect(parts.last == "v1=\(expected)")
  }

  private static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(.enabled(if: openssl != nil, "openssl makes the other signature"))
  func `openssl makes the same signature`() async throws {
    let server = try FaultServer { _, _ in .status(200) }
    defer { server.stop() }
    let channel = try Webhook(settings: ["url": .text(server.url), "secret": "ключ 3"], host: TestHost().host)
    #expect(await channel.send(message).kind == "sent")
    let request = try #require(server.requests.first)
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(Array("1700000000.".utf8) + request.body).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: try #require(Self.openssl))
    process.arguments = ["dgst", "-sha256", "-hmac", "ключ 3", "-r", file.path]
    process.standardOutput = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(request.headers["finstage-signature"] == "t=1700000000,v1=\(said.prefix(64))")
  }

  @Test func `a body of one's own has its places filled so that it stays JSON`() async throws {
    let server = try FaultServer { _, _ in .status(200) }
    defer { server.stop() }
    let body =
      "{\"content\": \"{title}: {text}\", \"about\": [{\"s\": \"{field.symbol}\", \"x\": \"{field.none}\"}], \"p\": \"{priority}\"}"
    let channel = try Webhook(settings: ["url": .text(server.url), "body": .text(body)], host: TestHost().host)
    #expect(await channel.send(message).kind == "sent")
    #expect(
      try object(server.requests.first) == [
        "content": "^IXIC: \"buy\": line one\nline two \\ K7Q2", "about": [["s": "^IXIC", "x": ""]], "p": "high",
      ])
  }

  @Test(arguments: [
    ("{\"a\": \"{ticker}\"}", "has {ticker}; there are {id}"), ("{\"a\": {text}}", "is no JSON"),
    ("{text}", "is no JSON"),
    ("{\"a\": 1", "is no JSON"),
  ])
  func `a body that cannot be JSON is a fault of the configuration`(_ body: String, _ words: String) {
    #expect {
      try Webhook(settings: ["url": "https://h.example/x", "body": .text(body)], host: TestHost().host)
    } throws: {
      "\($0)".contains("body: \(words)")
    }
  }

  @Test(arguments: ["h.example/x", "ftp://h.example", "https://"])
  func `an address that is none of the web is a fault, and is not repeated`(_ url: String) {
    for type in [Webhook.self, Slack.self, Discord.self] as [any NotificationChannel.Type] {
      #expect { try type.init(settings: ["url": .text(url)], host: TestHost().host) } throws: {
        "\($0)" == "url: is https://host/path or http://host/path"
      }
    }
  }

  @Test func `Slack gets its escapes, and a long text in parts`() async throws {
    let server = try FaultServer { _, _ in .text("ok") }
    defer { server.stop() }
    let channel = try Slack(settings: ["url": .text("\(server.url)/services/T0/B0/x")], host: TestHost().host)
    var message = message
    message.text = Slack.form.bold(Slack.form.escaped("a < b & c > d"))
    #expect(await channel.send(message) == .sent())
    #expect(try object(server.requests.first)["text"] as? String == "*a &lt; b &amp; c &gt; d*")
    message.text = (0..<300).map { "\($0) S&amp;P 500 buy" }.joined(separator: "\n")
    #expect(await channel.send(message) == .sent())
    let texts = try server.requests.dropFirst().map { try object($0)["text"] as? String ?? "" }
    #expect(texts.count == 2 && texts.allSatisfy { $0.utf16.count <= 4_000 })
    #expect(texts.last?.hasSuffix("\n2/2 · K7Q2") == true)
  }

  @Test func `Discord gets its escapes, rings nobody, and its number is the reference`() async throws {
    let server = try FaultServer { _, _ in .json("{\"id\": \"998\", \"content\": \"x\"}") }
    defer { server.stop() }
    let channel = try Discord(
      settings: ["url": .text("\(server.url)/api/webhooks/1/x?thread_id=5")], host: TestHost().host)
    var message = message
    message.text = Discord.form.bold("up") + Discord.form.escaped(" @everyone 5*3_2 `x` <@1>")
    #expect(await channel.send(message) == .sent(reference: "998"))
    let request = try #require(server.requests.first)
    #expect(request.target == "/api/webhooks/1/x?thread_id=5&wait=true")
    let body = try object(request)
    #expect(body["content"] as? String == #"**up** @everyone 5\*3\_2 \`x\` \<@1\>"#)
    #expect(body["allowed_mentions"] as? NSDictionary == ["parse": [] as [String]])
  }

  @Test func `Discord's own retry_after and words count`() async throws {
    let server = try FaultServer { _, _ in
      .json("{\"message\": \"You are being rate limited.\", \"retry_after\": 0.65, \"global\": false}", status: 429)
    }
    defer { server.stop() }
    let channel = try Discord(settings: ["url": .text("\(server.url)/api/webhooks/1/x")], host: TestHost().host)
    let delivery = await channel.send(message)
    #expect(delivery.kind == "notSent" && delivery.retryAfter == 0.65)
    #expect(delivery.reason?.contains("You are being rate limited.") == true)
  }

  @Test func `ntfy gets topic, title, priority and the token`() async throws {
    let server = try FaultServer { request, _ in
      request.path == "/v1/health" ? .json("{\"healthy\":true}") : .json("{\"id\":\"sPs7\",\"event\":\"message\"}")
    }
    defer { server.stop() }
    let channel = try Ntfy(
      settings: ["base_url": .text(server.url), "topic": "my-topic", "token": "tk_1", "tags": .list(["chart"])],
      host: TestHost().host)
    #expect(try await channel.check().contains("answers"))
    #expect(await channel.send(message) == .sent(reference: "sPs7"))
    let request = try #require(server.requests.last)
    #expect(request.headers["authorization"] == "Bearer tk_1")
    #expect(
      try object(request) == [
        "topic": "my-topic", "title": "^IXIC: \"buy\"", "message": "line one\nline two \\ K7Q2", "priority": 4,
        "tags": ["chart"],
      ])
    var long = message
    long.text = String(repeating: "삼성전자 매수\n", count: 300)
    #expect(await channel.send(long).kind == "sent")
    let bodies = try server.requests.dropFirst(2).map { try object($0)["message"] as? String ?? "" }
    #expect(bodies.count == 2 && bodies.allSatisfy { $0.utf8.count <= 4_096 })
  }
}
