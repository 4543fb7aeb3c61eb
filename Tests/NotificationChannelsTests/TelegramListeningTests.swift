import PluginKit
import Synchronization
import TestSupport
import Testing

@testable import NotificationChannels

/// What the bot hears, and who may say it.
@Suite struct TelegramListeningTests {
  private static let token = TelegramTests.token

  private func channel(
    _ telegram: FakeTelegram?, _ test: TestHost = TestHost(), _ more: PluginSettings = [:]
  ) throws -> Telegram {
    var settings: PluginSettings = ["token": .text(Self.token), "chat": "-100123"]
    if let telegram { settings.values["base_url"] = .text(telegram.url) }
    settings.values.merge(more.values) { _, new in new }
    return try Telegram(settings: settings, host: test.host)
  }

  @Test func `user and chat have both to be named, and the channel's own chat is where nothing else is`() throws {
    let own = try channel(nil, more: ["users": .mapping(["11": "read", "22": "admin"])])
    #expect(own.listens && own.role(of: 11, in: -100_123) == .read && own.role(of: 22, in: -100_123) == .admin)
    #expect(
      own.role(of: 11, in: 11) == nil && own.role(of: 33, in: -100_123) == nil && own.role(of: -11, in: 11) == nil)
    let some = try channel(nil, more: ["users": .mapping(["11": "operate"]), "chats": .list(["11", "-7"])])
    #expect(some.role(of: 11, in: 11) == .operate && some.role(of: 11, in: -7) == .operate)
    #expect(some.role(of: 11, in: -100_123) == nil)
    let nobody = try channel(nil)
    #expect(!nobody.listens && nobody.role(of: 11, in: -100_123) == nil)
  }

  private func channel(_ telegram: FakeTelegram?, more: PluginSettings) throws -> Telegram {
    try channel(telegram, TestHost(), more)
  }

  @Test(
    arguments: [
      (["users": .mapping(["ann": "read"])], "users: are Telegram's numbers of users, such as 123456; found \"ann\""),
      (["users": .mapping(["-100123": "read"])], "users: are Telegram's numbers"),
      (["users": .mapping(["٣٤": "read"])], "users: are Telegram's numbers"),
      (["users": .mapping(["11": "owner"])], "users: have one of read, operate, admin; 11 has \"owner\""),
      (
        ["users": .mapping(["11": "read"]), "chats": .list(["@prices"])], "chats: are numbers of chats, such as -100123"
      ),
      (["chats": .list(["-7"])], "chats: say where, and users says nobody"),
      (["chat": "@prices", "users": .mapping(["11": "read"])], "name numbers under chats"),
    ] as [(PluginSettings, String)])
  func `settings that name nobody or no place are refused`(_ settings: PluginSettings, _ sentence: String) throws {
    let error = #expect(throws: ChannelError.self) { _ = try channel(nil, more: settings) }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "nothing")")
  }

  @Test func `what people write and press comes with its number, who, where and on which message`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let channel = try channel(telegram)
    #expect(try await channel.ownName() == "fake_bot")
    telegram.write("/why K7Q2AB", from: 11, in: 11, name: "Ann\n\u{202E}Lee")
    telegram.press("mute K7Q2AB", on: 9, from: 22, in: -100_123)
    let found = try await channel.updates(from: nil, waiting: 0)
    #expect(
      found == [
        ChannelUpdate(
          number: 700, content: .text("/why K7Q2AB"), user: 11, place: 11, isGroup: false, name: "Ann Lee",
          message: 5_000),
        ChannelUpdate(
          number: 701, content: .press(id: "press-9", data: "mute K7Q2AB"), user: 22, place: -100_123, isGroup: true,
          name: "Ann", message: 9),
      ])
    #expect(try await channel.updates(from: 702, waiting: 0) == [])
    await channel.acknowledge("press-9", "Muted")
    #expect(telegram.acknowledged.map(\.words) == ["Muted"])
    #expect(telegram.requests.allSatisfy { $0.path.hasPrefix("/bot\(Self.token)/") })
  }

  @Test func `a question waits for the first update, and ends when its task is cancelled`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let channel = try channel(telegram, TestHost(timeout: 60_000))
    let waiting = Task { try await channel.updates(from: nil, waiting: 50) }
    while telegram.offsets.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    telegram.write("/status", from: 11, in: 11)
    #expect(try await waiting.value.count == 1)
    let broken = Task { try await channel.updates(from: 701, waiting: 50) }
    while telegram.offsets.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
    broken.cancel()
    await #expect(throws: ListeningError.self) { try await broken.value }
  }

  @Test func `of two that listen the first is told so`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let (one, other) = (try channel(telegram, TestHost(timeout: 60_000)), try channel(telegram))
    let waiting = Task { try await one.updates(from: nil, waiting: 50) }
    while telegram.offsets.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
    #expect(try await other.updates(from: nil, waiting: 0) == [])
    await #expect(
      throws: ListeningError.contested(
        "telegram: the server says 409: Conflict: terminated by other getUpdates request; make sure that only one bot "
          + "instance is running")
    ) { try await waiting.value }
  }

  @Test func `buttons stand below the first part alone, and only where somebody may press them`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    var message = ChannelMessage(
      id: "K7Q2AB", title: "", text: Array(repeating: "line", count: 1_500).joined(separator: "\n"),
      actions: [.init("mute K7Q2AB", label: "🔕 <Mute>"), .init(String(repeating: "x", count: 65), label: "too long")])
    let hearing = try channel(telegram, more: ["users": .mapping(["11": "read"])])
    #expect(await hearing.send(message).kind == "sent")
    #expect(telegram.messages.map(\.buttons) == [[.init(label: "🔕 <Mute>", data: "mute K7Q2AB")], []])
    message.picture = [0x89, 0x50, 0x4E, 0x47]
    message.text = "short"
    #expect(await hearing.send(message).kind == "sent")
    #expect(telegram.messages.last?.buttons.count == 1)
    #expect(try await channel(telegram).send(message).kind == "sent")
    #expect(telegram.messages.last?.buttons == [])
  }

  @Test func `an answer goes to where it was asked for, without the topic of the channel`() async throws {
    let telegram = try FakeTelegram(token: Self.token, chats: ["-100123", "11"])
    defer { telegram.stop() }
    let channel = try channel(telegram, more: ["thread": "4", "users": .mapping(["11": "read"])])
    var message = ChannelMessage(id: "K7Q2AB", title: "", text: "here")
    #expect(await channel.send(message).kind == "sent")
    message.recipient = "11"
    message.replyTo = "7"
    #expect(await channel.send(message).kind == "sent")
    #expect(telegram.messages.map(\.chat) == ["-100123", "11"] && telegram.messages.last?.replyTo == 7)
    let bodies = telegram.requests.map { String(decoding: $0.body, as: UTF8.self) }
    #expect(bodies.map { $0.contains("message_thread_id") } == [true, false])
  }

  @Test func `a group that becomes a supergroup is heard under its new number`() async throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    let test = TestHost()
    let channel = try channel(telegram, test, ["users": .mapping(["11": "read"])])
    telegram.update(
      """
      "message":{"message_id":1,"date":1,"from":{"id":99,"is_bot":false},"chat":{"id":-666,"type":"group"},\
      "migrate_to_chat_id":-1009}
      """)
    _ = try await channel.updates(from: nil, waiting: 0)
    #expect(channel.role(of: 11, in: -1_009) == nil)
    telegram.update(
      """
      "message":{"message_id":1,"date":1,"from":{"id":11,"is_bot":false},"chat":{"id":-100123,"type":"group"},\
      "migrate_to_chat_id":-1008}
      """)
    _ = try await channel.updates(from: 701, waiting: 0)
    #expect(channel.role(of: 11, in: -1_008) == .read && channel.role(of: 99, in: -1_008) == nil)
    #expect(test.notes == ["telegram: the group has a new number: write chat: \"-1008\" in the configuration"])
  }
}
