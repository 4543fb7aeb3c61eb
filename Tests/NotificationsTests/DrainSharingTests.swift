import Fetching
import NotificationChannels
import PluginKit
import Storage
import TestSupport
import Testing
import Trading

@testable import Notifications

/// What channels of one bot share, and what outlives a process.
extension DrainTests {
  @Test func `where one chat is told to wait, all chats of the bot do`() async throws {
    try await bench { store, telegram, clock, make in
      let (one, other) = (try channel(telegram, clock), try channel(telegram, clock, chat: "-2"))
      let lanes = [
        DrainLane(name: "t", channel: one, shared: one.sharedRates),
        DrainLane(name: "u", channel: other, shared: other.sharedRates),
      ]
      let (drain, _) = make(lanes, DrainSettings())
      telegram.script([.tooMany(seconds: 33)])
      try await store.add(notice("1"), at: noon)
      await drain.flush()
      #expect(telegram.requests.count == 1)
      try await store.add(notice("2", to: "u"), at: noon)
      clock.advance(32_999)
      await drain.flush()
      #expect(telegram.requests.count == 1)
      clock.advance(1)
      await drain.flush()
      #expect(Set(keys(telegram)) == ["1", "2"])
    }
  }

  @Test func `a bot sends thirty messages a second at most, over all its chats`() async throws {
    try await bench { store, telegram, clock, make in
      // Of the channels' own rates nothing is left, so that only what they share holds them back.
      let lanes = try ["t", "u"].map { name in
        let channel = try channel(telegram, clock, chat: name == "t" ? "-100123" : "-2")
        return DrainLane(name: name, channel: channel, shared: [try #require(channel.sharedRates.first)])
      }
      try await store.add((0..<90).map { notice("\($0)", to: $0 % 2 == 0 ? "t" : "u") }, at: noon)
      await make(lanes, DrainSettings()).0.flush()
      #expect(telegram.messages.count == 90)
      // Thirty at once, the other sixty at thirty a second.
      #expect(clock.now.milliseconds - noon.milliseconds >= 2_000)
    }
  }

  @Test func `a group gets twenty messages a minute at most, a person one a second`() async throws {
    func seconds(_ chat: String, _ count: Int) async throws -> Double {
      var passed = 0.0
      try await bench { store, telegram, clock, make in
        telegram.admit(chat)
        let channel = try channel(telegram, clock, chat: chat)
        try await store.add((0..<count).map { notice("\($0)") }, at: noon)
        await make([DrainLane(name: "t", channel: channel, shared: channel.sharedRates)], DrainSettings()).0.flush()
        #expect(telegram.messages.count == count)
        passed = Double(clock.now.milliseconds - noon.milliseconds) / 1_000
      }
      return passed
    }
    // 29 pauses of a second; of a group's 30 messages the last ten wait for a twentieth of a minute each, and twenty
    // seconds of the first minute's allowance came back meanwhile.
    #expect(try await seconds("77", 30) == 29)
    #expect(try await seconds("-100123", 30) >= 30)
  }

  @Test func `a group that has moved is found at its new number, after a restart too`() async throws {
    try await bench { store, telegram, clock, make in
      try await store.add([notice("1")], at: noon)
      telegram.script([.migrate(to: -100_777)])
      let first = try await channel(telegram, clock, remembering: store)
      await make([DrainLane(name: "t", channel: first)], DrainSettings()).0.flush()
      #expect(telegram.messages.map(\.chat) == ["-100777"])
      let asked = telegram.requests.count
      // Another process: the channel is made anew.
      try await store.add([notice("2")], at: clock.now)
      let second = try await channel(telegram, clock, remembering: store)
      await make([DrainLane(name: "t", channel: second)], DrainSettings()).0.flush()
      #expect(telegram.messages.map(\.chat) == ["-100777", "-100777"])
      #expect(telegram.requests.count == asked + 1)
      // Of another chat nothing is remembered.
      let other = try await channel(telegram, clock, chat: "-2", remembering: store)
      #expect(try #require(other.preview(message).first).contains("\"chat_id\":-2"))
    }
  }

  @Test func `a message that is retried has its channel asked at once`() async throws {
    try await bench { store, telegram, clock, make in
      try await store.add([notice("1")], at: noon)
      telegram.script([.says(403, "Forbidden: bot was kicked from the group chat")])
      let (drain, _) = make([DrainLane(name: "t", channel: try channel(telegram, clock))], DrainSettings())
      await drain.flush()
      let parked = try #require(try await store.entries(in: [.parked], limit: 9).first)
      await drain.flush()
      #expect(telegram.messages.isEmpty)
      #expect(try await store.retry(parked.id, at: clock.now))
      await drain.flush()
      await drain.flush()
      #expect(keys(telegram) == ["1"])
    }
  }

  private var message: ChannelMessage { ChannelMessage(id: "K", title: "", text: "x") }

  /// A channel as the host makes it, with what the store remembers.
  private func channel(
    _ telegram: FakeTelegram, _ clock: HandClock, chat: String = "-100123", remembering store: SQLiteStore
  ) async throws -> Telegram {
    let memory = try await store.channelMemory()["t"] ?? [:]
    return try channel(telegram, clock, chat: chat, memory: memory) { value, name in
      try? await store.remember(value, as: name, of: "t", at: clock.now)
    }
  }
}
