import Foundation
import TestSupport
import Testing

@Suite struct ChannelConfigurationTests {
  private func run(_ channels: String, _ arguments: String...) throws -> CommandTests.Answer {
    var answer = CommandTests.Answer(code: -1, output: "", messages: "")
    let config = "channels:\n  a: { \(channels) }\n"
    try CommandTests.inFolder(["config.yaml": config, "strategies/.keep": ""]) { folder in
      answer = try CommandTests.run(arguments, in: folder)
    }
    return answer
  }

  @Test(arguments: [
    ("type: telegramm", "did you mean \"telegram\"?"), ("type: telegram, chat: 1", "token"),
    ("type: telegram, token: \"${env:X}\", chat: 1, retries: 3", "retries"),
    ("type: telegram, token: \"${env:X}\", chat: 1, silent: [quiet]", "silent: are priorities"),
    ("type: slack, url: \"hooks.example/x\"", "url: is https://host/path"),
    ("type: webhook, url: \"https://h.example\", body: \"{text}\"", "body: is no JSON"),
    ("type: email, host: h, from: a@b, to: [a@b], security: ssl", "security: is starttls, tls or none"),
    ("type: email, host: h, from: a@b, to: [a@b], timeout: often", "timeout is a duration"),
    ("type: ntfy, topic: \"a/b\"", "topic: is a name of up to 64"),
  ])
  func `a channel that could never work is a fault of the configuration`(_ channel: String, _ words: String) throws {
    let answer = try run(channel, "validate", "config.yaml")
    #expect(answer.code == 1, "\(answer.output)")
    #expect(answer.output.contains(words), "\(answer.output)")
    #expect(answer.output.contains("config.yaml:2:"), "\(answer.output)")
  }

  @Test(arguments: [
    "type: telegram, token: \"CANARY:1\", chat: 1", "type: slack, url: \"https://h.example/CANARY1\"",
    "type: email, host: h, from: a@b, to: a@b, user: u, password: CANARY", "type: ntfy, topic: CANARY",
  ])
  func `a secret in the file is a fault, and is not repeated`(_ channel: String) throws {
    let answer = try run(channel, "validate", "config.yaml")
    #expect(answer.code == 1)
    #expect(answer.output.contains("E051 literal-secret"), "\(answer.output)")
    #expect(!(answer.output + answer.messages).contains("CANARY"), "\(answer.output)")
  }

  @Test func `a strategy that names a channel which is not there is told so`() throws {
    let files = [
      "config.yaml": "channels: { console: { type: console } }\n",
      "strategies/s.yaml": CommandTests.strategy("s") + "\nnotify: { channels: [consle] }\n",
    ]
    try CommandTests.inFolder(files) { folder in
      let answer = try CommandTests.finstage("validate", in: folder)
      #expect(answer.code == 1 && answer.output.contains("did you mean \"console\"?"), "\(answer.output)")
    }
  }

  @Test func `a test message goes to the chat, and a dry run shows it without the token`() throws {
    let telegram = try FakeTelegram(token: "42:CANARY")
    defer { telegram.stop() }
    let channel =
      "type: telegram, token: \"42:CANARY\(CommandTests.reference)\", chat: \"-100123\", base_url: \"\(telegram.url)\", allow_private: true"
    let dry = try run(channel, "notify", "test", "a", "--dry-run")
    #expect(dry.code == 0 && dry.output.contains("POST \(telegram.url)/bot[secret]/sendMessage"), "\(dry)")
    #expect(telegram.requests.isEmpty)
    let sent = try run(channel, "notify", "test", "a")
    #expect(sent.code == 0, "\(sent.messages)")
    let arrived = try #require(telegram.messages.first)
    let id = try #require(arrived.shown.split(separator: " ").last)
    #expect(sent.output == "a: sent, id \(id), reference 1\n", "\(sent.output)")
    #expect(arrived.text.hasPrefix("<b>Finstage: a test of this channel</b>\n"))
    for said in [dry.output, dry.messages, sent.output, sent.messages] { #expect(!said.contains("CANARY"), "\(said)") }
  }

  @Test func `what is not sent ends with 1, a channel that cannot be used with 3`() throws {
    let telegram = try FakeTelegram(token: "42:CANARY")
    defer { telegram.stop() }
    let place = "base_url: \"\(telegram.url)\", allow_private: true, chat: \"-100123\""
    telegram.script([.tooMany(seconds: 3)])
    let later = try run(
      "type: telegram, token: \"42:CANARY\(CommandTests.reference)\", \(place)", "notify", "test", "a")
    #expect(later.code == 1 && later.messages.contains("tried again in 3 s"), "\(later.messages)")
    let wrong = try run(
      "type: telegram, token: \"43:CANARY\(CommandTests.reference)\", \(place)", "notify", "test", "a")
    #expect(wrong.code == 3 && wrong.messages.contains("401: Unauthorized"), "\(wrong.messages)")
    let other = try run("type: console", "notify", "test", "b")
    #expect(other.code == 3 && other.messages.contains("there is no channel \"b\""), "\(other.messages)")
    for said in [later.messages, wrong.messages] { #expect(!said.contains("CANARY"), "\(said)") }
  }
}
