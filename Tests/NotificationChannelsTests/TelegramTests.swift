import PluginKit
import TestSupport
import Testing

@testable import NotificationChannels

/// What Telegram does, by its own pages, played by a server that checks as it does.
@Suite struct TelegramTests {
  static let token = "4242:CANARY-s3cr3t"

  private func channel(
    _ telegram: FakeTelegram, _ test: TestHost, _ more: PluginSettings = [:], token: String = TelegramTests.token
  ) throws -> Telegram {
    var settings: PluginSettings = [
      "base_url": .text(telegram.url + "/"), "token": .text(token), "chat": "-100123",
    ]
    settings.values.merge(more.values) { _, new in new }
    return try Telegram(settings: settings, host: test.host)
  }

  private func message(_ text: String, id: String = "K7Q2") -> ChannelMessage {
    ChannelMessage(id: id, title: "", text: text)
  }

  @Test func `a message arrives as HTML and its number is the reference that an answer names`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let channel = try channel(telegram, TestHost())
    let text = TextForm.telegramHTML.bold(TextForm.telegramHTML.escaped("S&P <500> \"up\"")) + "\nK7Q2"
    let first = await channel.send(message(text))
    #expect(first == .sent(reference: "1"))
    var answer = message("closed at 101 · K7Q3")
    answer.replyTo = first == .sent(reference: "1") ? "1" : nil
    answer.priority = .low
    #expect(await channel.send(answer) == .sent(reference: "2"))
    let arrived = telegram.messages
    #expect(arrived.map(\.shown) == ["S&P <500> \"up\"\nK7Q2", "closed at 101 · K7Q3"])
    #expect(arrived.map(\.mode) == ["HTML", "HTML"])
    #expect(arrived.map(\.replyTo) == [nil, 1])
    #expect(arrived.map(\.isSilent) == [false, true])
  }

  @Test func `the check asks who the bot is and sends nothing`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    #expect(try await channel(telegram, TestHost()).check() == "telegram: the bot @fake_bot answers")
    #expect(telegram.messages.isEmpty && telegram.requests.count == 1)
    let wrong = try channel(telegram, TestHost(), token: "4242:wrong")
    await #expect(throws: ChannelError.unusable("telegram: the server says 401: Unauthorized")) {
      try await wrong.check()
    }
  }

  @Test func `a text that cannot be parsed goes exactly once more, as plain text`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let channel = try channel(telegram, TestHost())
    #expect(await channel.send(message("<b>up</i> 3 &lt; 4")) == .sent(reference: "1"))
    #expect(telegram.messages.map(\.mode) == [nil])
    #expect(telegram.messages.map(\.text) == ["up 3 < 4"])
    telegram.script([.says(400, "Bad Request: can't parse entities"), .says(400, "Bad Request: can't parse entities")])
    #expect(await channel.send(message("fine")).kind == "refused")
    #expect(telegram.requests.count == 4)
  }

  @Test func `a group that has moved is found under its new number, and the user is told`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let test = TestHost()
    let channel = try channel(telegram, test)
    telegram.script([.migrate(to: -100_999)])
    #expect(await channel.send(message("one")) == .sent(reference: "1"))
    #expect(await channel.send(message("two")) == .sent(reference: "2"))
    #expect(telegram.messages.map(\.chat) == ["-100999", "-100999"])
    #expect(telegram.requests.count == 3)
    #expect(test.notes.count == 1 && test.notes.first?.contains("chat: \"-100999\"") == true, "\(test.notes)")
  }

  struct Answer: Sendable, CustomTestStringConvertible {
    let act: FakeTelegram.Act
    let kind: String
    var retryAfter: Double?
    var words = ""
    var testDescription: String { "\(act)" }
  }

  @Test(arguments: [
    Answer(act: .tooMany(seconds: 33), kind: "notSent", retryAfter: 33, words: "retry after 33"),
    Answer(act: .says(400, "Bad Request: message is too long"), kind: "refused", words: "too long"),
    Answer(act: .says(400, "Bad Request: chat not found"), kind: "unusable", words: "chat not found"),
    Answer(act: .says(401, "Unauthorized"), kind: "unusable", words: "401"),
    Answer(act: .says(403, "Forbidden: bot was blocked by the user"), kind: "unusable", words: "blocked"),
    Answer(act: .says(404, "Not Found"), kind: "unusable", words: "404"),
    Answer(act: .says(409, "Conflict: terminated by other getUpdates request"), kind: "refused", words: "Conflict"),
    Answer(act: .says(500, "Internal Server Error"), kind: "notSent", words: "Internal Server Error"),
    Answer(act: .page(502), kind: "unknown", words: "502"), Answer(act: .page(504), kind: "unknown", words: "504"),
    Answer(act: .page(503), kind: "notSent", words: "503"), Answer(act: .page(200), kind: "unknown", words: "not"),
    Answer(act: .page(429), kind: "notSent", words: "429"), Answer(act: .silence, kind: "unknown", words: "300 ms"),
  ])
  func `an answer is the delivery that its words allow`(_ answer: Answer) async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    telegram.script([answer.act])
    let test = TestHost(timeout: answer.act == .silence ? 300 : 5_000)
    let delivery = await (try channel(telegram, test)).send(message("up"))
    #expect(delivery.kind == answer.kind, "\(delivery)")
    #expect(delivery.retryAfter == answer.retryAfter)
    let said = try #require(delivery.reason)
    #expect(said.hasPrefix("telegram: ") && said.contains(answer.words), "\(said)")
    #expect(!said.contains("CANARY"))
  }

  @Test func `a request cut at any byte may have arrived, and is said to be unknown`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let channel = try channel(telegram, TestHost())
    #expect(await channel.send(message("one")).kind == "sent")
    let whole = 250 + (telegram.requests.first?.body.count ?? 0)
    for bytes in stride(from: 0, to: whole, by: 23) {
      telegram.cutRequests(after: [bytes])
      let delivery = await channel.send(message("two"))
      // Where not a byte could be written, it is certain that nothing arrived; behind the request nothing is cut.
      let others = bytes == 0 ? "notSent" : bytes > 250 ? "sent" : ""
      #expect(["unknown", others].contains(delivery.kind), "\(bytes): \(delivery)")
      #expect(delivery.reason?.contains("CANARY") != true)
    }
  }

  @Test func `an answer cut at any byte is sent where it came whole, else unknown`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let channel = try channel(telegram, TestHost())
    let cuts = Array(0..<145)
    for bytes in cuts {
      telegram.script([.cutAnswer(after: bytes)])
      let delivery = await channel.send(message("two"))
      #expect(delivery.kind == "unknown", "\(bytes): \(delivery)")
      #expect(delivery.reason?.contains("CANARY") != true)
    }
    telegram.script([.cutAnswer(after: 1_000)])
    #expect(await channel.send(message("two")).kind == "sent")
    #expect(telegram.messages.count == cuts.count + 1)
  }

  @Test func `nobody there is certainly not sent`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    let channel = try channel(telegram, TestHost())
    telegram.stop()
    let delivery = await channel.send(message("one"))
    #expect(delivery.kind == "notSent", "\(delivery)")
    #expect(delivery.reason?.contains("CANARY") == false)
  }

  @Test func `a token that is not set here parks the channel and is asked for by name`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let channel = try channel(telegram, TestHost(), token: "${env:NO_TOKEN}")
    let delivery = await channel.send(message("one"))
    #expect(delivery == .unusable("telegram: token is not set on this machine: ${env:NO_TOKEN}"))
    #expect(telegram.requests.isEmpty)
  }

  @Test func `a long text arrives in parts that Telegram takes, with their number and the id`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let lines = (0..<400).map { "\($0) &amp; <b>buy</b> <i>삼성전자 👩‍👩‍👧‍👦</i>" }
    let text = "<blockquote>" + lines.joined(separator: "\n") + "</blockquote>"
    #expect(await (try channel(telegram, TestHost())).send(message(text)) == .sent(reference: "1"))
    let arrived = telegram.messages
    #expect(arrived.count > 1 && arrived.allSatisfy { $0.mode == "HTML" })
    #expect(arrived.dropFirst().allSatisfy { $0.replyTo == 1 })
    for (place, part) in arrived.enumerated() {
      #expect(part.shown.hasSuffix("\n\(place + 1)/\(arrived.count) · K7Q2"))
    }
    let bodies = arrived.map { $0.shown.split(separator: "\n").dropLast() }
    #expect(bodies.joined().map { String($0) } == (0..<400).map { "\($0) & buy 삼성전자 👩‍👩‍👧‍👦" })
  }

  @Test func `a fault behind the first part says that a part has arrived`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    telegram.script([.well, .tooMany(seconds: 7)])
    let delivery = await (try channel(telegram, TestHost())).send(message(String(repeating: "x", count: 5_000)))
    #expect(delivery.kind == "unknown" && delivery.retryAfter == 7, "\(delivery)")
    #expect(delivery.reason?.contains("1 of 2 parts had been sent") == true)
  }

  @Test func `a message of blanks is refused here, as Telegram would`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    #expect(await (try channel(telegram, TestHost())).send(message("<b> \n</b>")).kind == "refused")
    #expect(telegram.requests.isEmpty)
  }

  private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](0...255)

  @Test func `a picture arrives byte for byte, with the text as its caption`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    var message = message("<b>S&amp;P</b> --finstage-form\r\n 지수")
    message.picture = Self.png
    message.priority = .low
    message.replyTo = "9"
    #expect(await (try channel(telegram, TestHost())).send(message) == .sent(reference: "1"))
    let arrived = try #require(telegram.messages.first)
    #expect(arrived.photo == Self.png && arrived.shown == "S&P --finstage-form\r\n 지수" && arrived.mode == "HTML")
    #expect(arrived.replyTo == 9 && arrived.isSilent && arrived.chat == "-100123")
  }

  @Test func `a caption beyond Telegram's limit goes on in a message below the picture`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    var message = message((0..<200).map { "\($0) <b>buy</b>" }.joined(separator: "\n"))
    message.picture = Self.png
    #expect(await (try channel(telegram, TestHost())).send(message) == .sent(reference: "1"))
    let arrived = telegram.messages
    #expect(arrived.map { $0.photo != nil } == [true] + Array(repeating: false, count: arrived.count - 1))
    #expect(arrived.dropFirst().allSatisfy { $0.replyTo == 1 } && arrived.count > 1)
    let lines = arrived.flatMap { $0.shown.split(separator: "\n").dropLast() }
    #expect(lines.map { String($0) } == (0..<200).map { "\($0) buy" })
  }

  @Test(arguments: [
    FakeTelegram.Act.says(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"),
    .says(413, "Request Entity Too Large"), .says(400, "Bad Request: not enough rights to send photos to the chat"),
  ])
  func `a picture that Telegram does not take costs the text nothing`(_ act: FakeTelegram.Act) async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    telegram.script([act])
    var message = message("up")
    message.picture = Self.png
    #expect(await (try channel(telegram, TestHost())).send(message) == .sent(reference: "1"))
    #expect(telegram.messages.map(\.shown) == ["up"] && telegram.messages.map(\.photo) == [nil])
    #expect(telegram.requests.count == 2)
  }

  @Test func `what would be sent is shown without the token`() throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let shown = try channel(telegram, TestHost(), ["thread": "7"]).preview(message("<b>up</b>"))
    #expect(shown.count == 1 && telegram.requests.isEmpty)
    #expect(
      shown.first == """
        POST \(telegram.url)/bot[secret]/sendMessage
        Content-Type: application/json

        {"chat_id":-100123,"link_preview_options":{"is_disabled":true},"message_thread_id":7,"parse_mode":"HTML",\
        "text":"<b>up</b>"}
        """)
  }

  @Test(arguments: [("thread", "one"), ("silent", "quiet")])
  func `a setting that cannot be used is a fault`(_ name: String, _ value: String) {
    let settings: PluginSettings = ["token": "1:a", "chat": "1", name: .text(value)]
    #expect(throws: ChannelError.self) { try Telegram(settings: settings, host: TestHost().host) }
  }
}
