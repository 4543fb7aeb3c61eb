import Foundation
import PluginKit
import TestSupport
import Testing
import Trading

@testable import NotificationChannels

@Suite struct EmailTests {
  static let password = "CANARY s3cr3t"

  private func channel(_ server: FakeMailServer, _ more: PluginSettings = [:], timeout: Int64 = 2_000) throws -> Email {
    var settings: PluginSettings = [
      "host": "127.0.0.1", "port": .text("\(server.port)"), "security": "none", "user": "me",
      "password": .text(EmailTests.password), "from": "Börsen-Wächter <host@example.com>",
      "to": .list(["a@example.org", "B C <b@example.org>"]),
    ]
    settings.values.merge(more.values) { _, new in new }
    return try Email(settings: settings, host: TestHost(timeout: timeout).host)
  }

  private func server() throws -> FakeMailServer { try FakeMailServer(login: ("me", EmailTests.password)) }

  private let message = ChannelMessage(
    id: "K7Q2", title: "삼성전자: 매수 신호, 신뢰도 85 — 오늘 종가 기준으로 확인됨", text: ".first\n삼성 > 3 · K7Q2", priority: .high)

  @Test func `a mail arrives with its headers, and its answer names it`() async throws {
    let server = try server()
    defer { server.stop() }
    let channel = try channel(server)
    #expect(await channel.send(message) == .sent(reference: "<finstage.K7Q2@example.com>"))
    var answer = message
    answer.id = "K7Q3"
    answer.title = "plain"
    answer.replyTo = "<finstage.K7Q2@example.com>"
    #expect(await channel.send(answer).kind == "sent")
    let first = try #require(server.mails.first)
    #expect(first.from == "host@example.com" && first.to == ["a@example.org", "b@example.org"])
    #expect(first.user == "me" && first.hello == "example.com")
    let read = try Mailbox.read(first.text)
    #expect(read.headers["subject"] == message.title)
    #expect(read.headers["from"] == "Börsen-Wächter <host@example.com>")
    #expect(read.headers["to"] == "a@example.org, B C <b@example.org>")
    #expect(read.headers["date"] == "Tue, 14 Nov 2023 22:13:20 +0000")
    #expect(read.headers["message-id"] == "<finstage.K7Q2@example.com>")
    #expect(read.headers["importance"] == "high")
    #expect(read.body == ".first\r\n삼성 > 3 · K7Q2\r\n")
    #expect(first.text.split(separator: "\n").allSatisfy { $0.utf8.count <= 78 })
    #expect(first.text.utf8.allSatisfy { $0 < 0x7F })
    let second = try Mailbox.read(try #require(server.mails.last).text)
    #expect(second.headers["in-reply-to"] == "<finstage.K7Q2@example.com>" && second.headers["subject"] == "plain")
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let act: FakeMailServer.Act
    let kind: String
    var words = ""
    var arrives = false
    var testDescription: String { "\(act)" }
  }

  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      Case(act: .says(.greeting, "421 too busy"), kind: "notSent", words: "421 too busy"),
      Case(act: .says(.greeting, "554 go away"), kind: "refused", words: "554 go away"),
      Case(act: .says(.login, "535 5.7.8 wrong: CANARY s3cr3t"), kind: "unusable", words: "535"),
      Case(act: .says(.login, "454 4.7.0 later"), kind: "notSent", words: "454 4.7.0 later"),
      Case(act: .says(.from, "451 later"), kind: "notSent", words: "451 later"),
      Case(act: .says(.to, "550 5.1.1 no such user"), kind: "refused", words: "550 5.1.1 no such user"),
      Case(act: .says(.to, "450 4.2.0 greylisted"), kind: "notSent", words: "greylisted"),
      Case(act: .says(.data, "552 full"), kind: "refused", words: "552 full"),
      Case(act: .says(.end, "554 5.6.0 spam"), kind: "refused", words: "554 5.6.0 spam"),
      Case(act: .says(.end, "452 4.3.1 no room"), kind: "notSent", words: "452 4.3.1 no room"),
      Case(act: .cut(.greeting), kind: "notSent"), Case(act: .cut(.hello), kind: "notSent"),
      Case(act: .cut(.login), kind: "notSent"), Case(act: .cut(.from), kind: "notSent"),
      Case(act: .cut(.to), kind: "notSent"), Case(act: .cut(.data), kind: "notSent"),
      Case(act: .cut(.end), kind: "unknown", arrives: true), Case(act: .silence(.greeting), kind: "notSent"),
      Case(act: .silence(.data), kind: "notSent"), Case(act: .silence(.end), kind: "unknown", arrives: true),
    ])
  func `a fault of the server is the delivery that it allows, and shows no password`(_ fault: Case) async throws {
    let server = try server()
    defer { server.stop() }
    server.script([fault.act])
    let channel = try channel(server)
    let delivery = await channel.send(message)
    #expect(delivery.kind == fault.kind, "\(delivery)")
    let said = try #require(delivery.reason)
    #expect(said.hasPrefix("email: 127.0.0.1:"), "\(said)")
    #expect(fault.words.isEmpty || said.contains(fault.words), "\(said)")
    #expect(!said.contains("CANARY") && !said.contains("s3cr3t"), "\(said)")
    #expect(server.mails.count == (fault.arrives ? 1 : 0))
    let next = await channel.send(message)
    #expect(next.kind == "sent", "\(next)")
  }

  @Test func `a wrong password parks the channel, and is shown in no form`() async throws {
    let server = try server()
    defer { server.stop() }
    let channel = try channel(server, ["password": "CANARY-wrong"])
    let delivery = await channel.send(message)
    #expect(delivery.kind == "unusable", "\(delivery)")
    let said = try #require(delivery.reason)
    #expect(said.contains("535") && !said.contains("CANARY"), "\(said)")
    #expect(!said.contains(Data("\0me\0CANARY-wrong".utf8).base64EncodedString()), "\(said)")
    await #expect(throws: ChannelError.self) { try await channel.check() }
    #expect(server.mails.isEmpty)
  }

  @Test func `the check logs in and sends nothing`() async throws {
    let server = try server()
    defer { server.stop() }
    #expect(try await channel(server).check() == "127.0.0.1 answers and lets us in")
    #expect(server.lines.contains { $0.hasPrefix("AUTH") } && !server.lines.contains { $0.hasPrefix("MAIL") })
  }

  @Test(arguments: ["starttls", "tls"])
  func `where encryption is asked for and not offered, neither password nor mail goes out`(_ security: String)
    async throws
  {
    let server = try server()
    defer { server.stop() }
    let delivery = await (try channel(server, ["security": .text(security)])).send(message)
    #expect(delivery.kind == "notSent", "\(delivery)")
    #expect(!server.lines.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") } && server.mails.isEmpty)
  }

  @Test(arguments: [
    ("from", "nobody"), ("from", "a@b@c"), ("from", "a@b\r\nBcc: <c@d>"), ("to", "A <a@b> B <c@d>"), ("to", "ä@b.de"),
    ("security", "ssl"), ("port", "70000"), ("port", "smtp"),
  ])
  func `a setting that cannot be used is a fault that names it`(_ name: String, _ value: String) throws {
    let server = try server()
    defer { server.stop() }
    #expect { try channel(server, [name: .text(value)]) } throws: { error in
      if case ChannelError.badSetting(name, _) = error { true } else { false }
    }
  }

  @Test func `a title cannot make a header`() async throws {
    let server = try server()
    defer { server.stop() }
    var message = message
    message.title = "one\r\nBcc: c@example.net\u{2028}two"
    #expect(await (try channel(server)).send(message).kind == "sent")
    let read = try Mailbox.read(try #require(server.mails.first).text)
    #expect(read.headers["bcc"] == nil && read.headers["subject"] == "one Bcc: c@example.net two")
  }
}

/// Reads a mail as a program for mail does: Foundation decodes the base64.
enum Mailbox {
  static func read(_ text: String) throws -> (headers: [String: String], body: String) {
    let halves = try #require(text.firstRange(of: "\n\n"))
    let unfolded = text[..<halves.lowerBound].replacingOccurrences(of: "\n ", with: " ")
    var headers: [String: String] = [:]
    for line in unfolded.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = decoded(parts[1].trimmingCharacters(in: .whitespaces))
    }
    let data = try #require(Data(base64Encoded: text[halves.upperBound...].filter { $0 != "\n" }))
    return (headers, String(decoding: data, as: UTF8.self))
  }

  /// RFC 2047: blanks between two encoded words are none.
  private static func decoded(_ value: String) -> String {
    var shown = ""
    var wasWord = false
    for word in value.split(separator: " ") {
      let isWord = word.hasPrefix("=?UTF-8?B?") && word.hasSuffix("?=")
      if !shown.isEmpty, !(isWord && wasWord) { shown += " " }
      if isWord, let data = Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) {
        shown += String(decoding: data, as: UTF8.self)
      } else {
        shown += word
      }
      wasWord = isWord
    }
    return shown
  }
}
