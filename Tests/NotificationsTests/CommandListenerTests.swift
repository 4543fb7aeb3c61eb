import PluginKit
import Storage
import Synchronization
import TestSupport
import Testing
import Trading

@testable import NotificationChannels
@testable import Notifications

/// How commands are heard: from the real channel over a server that plays Telegram, into a real store.
@Suite struct CommandListenerTests {
  /// Answers with the command itself; mutes what it is told to.
  struct Echo: CommandHandler {
    func answer(_ command: ChatCommand, of commander: Commander, at moment: Instant) async -> CommandAnswer {
      guard case .mute(let strategy, let length, let reason) = command else {
        return CommandAnswer("did \(command.word)")
      }
      let silence = StoredSilence(
        strategy: strategy, from: moment, until: moment.advanced(by: length ?? 60_000), reason: reason ?? "",
        actor: commander.actor)
      return CommandAnswer("muted", effect: .silence(silence))
    }
    func help(with word: String?) -> CommandAnswer { CommandAnswer("help \(word ?? "all")") }
    func refusal(of command: ChatCommand) -> CommandAnswer { CommandAnswer("needs \(command.role.rawValue)") }
    func surrender(_ command: ChatCommand) -> CommandAnswer { CommandAnswer("given up \(command.word)") }
  }

  final class Events: Sendable {
    private let all = Mutex<[ListenerEvent]>([])
    var list: [ListenerEvent] { all.withLock { $0 } }
    func add(_ event: ListenerEvent) { all.withLock { $0.append(event) } }
  }

  struct Bench {
    let store: SQLiteStore
    let telegram: FakeTelegram
    let clock: HandClock
    let events: Events
    let listener: CommandListener

    func answers() async throws -> [String] {
      try await store.entries(in: [], limit: 1_000).reversed().map { entry in
        entry.notice.body.split(separator: "\n").first.map(String.init) ?? ""
      }
    }

    /// When the listener asks again.
    @discardableResult func step() async throws -> Instant { await listener.step() }

    func audit() async throws -> [AuditEntry] { try await store.entries(limit: 1_000).reversed() }
  }

  static let (reader, operative, group): (Int64, Int64, Int64) = (11, 22, -100_123)

  private func listener(
    _ store: SQLiteStore, _ telegram: FakeTelegram, _ clock: HandClock, _ events: Events
  ) throws -> CommandListener {
    var settings = ListenerSettings()
    settings.wait = 0
    settings.pause = 0
    let channel = try Telegram(
      settings: [
        "base_url": .text(telegram.url), "token": .text(DrainTests.token), "chat": "-100123",
        "users": .mapping(["11": "read", "22": "operate"]), "chats": .list(["-100123", "22", "11"]),
      ], host: DrainTests.host(clock))
    let listener = CommandListener(
      [(name: "chat", channel: channel)], store: store, handler: Echo(), writer: writer(), settings: settings,
      clock: clock.clock, seed: 1, tell: { events.add($0) })
    return try #require(listener)
  }

  private func bench(_ body: (Bench) async throws -> Void) async throws {
    let telegram = try FakeTelegram(token: DrainTests.token)
    defer { telegram.stop() }
    try await withStore { store in
      let (clock, events) = (HandClock(), Events())
      try await body(
        Bench(
          store: store, telegram: telegram, clock: clock, events: events,
          listener: try listener(store, telegram, clock, events)))
    }
  }

  @Test func `a command is answered to where it was written, in reply to it`() async throws {
    try await bench { bench in
      bench.telegram.write("/status", from: Self.reader, in: Self.group)
      bench.telegram.write("/status@fake_bot", from: Self.operative, in: Self.operative)
      try await bench.step()
      let entries = try await bench.store.entries(in: [.pending], limit: 10).reversed()
      #expect(entries.map(\.notice.recipient) == ["-100123", "22"])
      #expect(entries.map(\.notice.replyTo) == ["5000", "5000"] && entries.allSatisfy { $0.notice.channel == "chat" })
      #expect(try await bench.answers() == ["did status", "did status"])
      #expect(try await bench.audit().map(\.actor) == ["chat:11", "chat:22"])
      #expect(try await bench.audit().map(\.action) == ["command status", "command status"])
    }
  }

  @Test func `a stranger hears nothing, wherever they write, and fills neither log nor audit`() async throws {
    try await bench { bench in
      for _ in 0..<50 { bench.telegram.write("/status", from: 99, in: 99) }
      // A stranger among those who are named, one who is named in a place that is not, and one who says no more than
      // that they are a chat.
      bench.telegram.write("/mute swing 1d", from: 99, in: Self.group)
      bench.telegram.write("/mute swing 1d", from: Self.operative, in: -555)
      bench.telegram.press("mute K7Q2AB", on: 5, from: 99, in: Self.group)
      bench.telegram.update(
        """
        "message":{"message_id":1,"date":1,"text":"/mute swing 1d","from":{"id":22,"is_bot":false,"first_name":"A"},\
        "sender_chat":{"id":-100123,"type":"supergroup"},"chat":{"id":-100123,"type":"supergroup"}}
        """)
      // Another bot of the same number as somebody who is named there cannot be.
      bench.telegram.update(
        """
        "message":{"message_id":1,"date":1,"text":"/mute swing 1d","from":{"id":22,"is_bot":true,"first_name":"A"},\
        "chat":{"id":-100123,"type":"supergroup"}}
        """)
      for _ in 0..<3 { try await bench.step() }
      #expect(try await bench.store.entries(in: [], limit: 10) == [])
      #expect(bench.telegram.acknowledged.isEmpty && bench.telegram.messages.isEmpty)
      #expect(try await bench.store.silences(at: bench.clock.now) == [])
      let audit = try await bench.audit()
      #expect(audit.count == 1 && audit.first?.actor == "stranger")
      #expect(audit.first?.detail == "refused: 1 of people who are not named, the last of user 99 in chat 99")
      #expect(bench.events.list.count { if case .strangers = $0 { true } else { false } } == 1)
      bench.clock.advance(600_000)
      bench.telegram.write("/status", from: 98, in: 98)
      try await bench.step()
      // 49 and 3 more, one of a chat, and this one; who is no person at all is not counted.
      #expect(try await bench.audit().last?.detail?.contains("refused: 53 of") == true)
      #expect(bench.telegram.requests.allSatisfy { $0.path.hasSuffix("/getUpdates") || $0.path.hasSuffix("/getMe") })
    }
  }

  @Test func `updates that come again do nothing, also after a restart`() async throws {
    try await bench { bench in
      bench.telegram.forgetNothing()
      bench.telegram.write("/mute swing 1h", from: Self.operative, in: Self.group)
      bench.telegram.write("/status", from: Self.operative, in: Self.group)
      for _ in 0..<3 { try await bench.step() }
      let again = try listener(bench.store, bench.telegram, bench.clock, Events())
      for _ in 0..<2 { _ = await again.step() }
      #expect(try await bench.store.silences(at: bench.clock.now).count == 1)
      #expect(try await bench.answers() == ["muted", "did status"])
      #expect(try await bench.audit().count == 2)
      // The first question names no number; all others ask for what is behind the last one.
      #expect(bench.telegram.offsets == [nil, 702, 702, 702, 702])
    }
  }

  @Test func `who may only look is told so, and the refusal is in the audit`() async throws {
    try await bench { bench in
      bench.telegram.write("/mute swing 1d", from: Self.reader, in: Self.group)
      bench.telegram.press("taken K7Q2AB", on: 5, from: Self.reader, in: Self.group)
      bench.telegram.write("/mute swing soon", from: Self.reader, in: Self.group)
      bench.telegram.write("/sell", from: Self.reader, in: Self.reader)
      try await bench.step()
      #expect(try await bench.answers() == ["needs operate", "needs operate", "help mute", "help all"])
      #expect(try await bench.store.silences(at: bench.clock.now) == [])
      let audit = try await bench.audit()
      #expect(audit.map(\.action) == ["command mute", "command taken", "command mute", "command"])
      #expect(audit.map(\.subject) == ["swing", "K7Q2AB", "", "sell"])
      #expect(audit.allSatisfy { $0.detail?.hasPrefix("refused: ") == true })
      #expect(bench.telegram.acknowledged.map(\.press) == ["press-5"])
    }
  }

  @Test func `a second poller is left alone for longer and longer, and it is said`() async throws {
    try await bench { bench in
      let words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
      bench.telegram.scriptUpdates(Array(repeating: .says(409, words), count: 6))
      bench.telegram.write("/status", from: Self.reader, in: Self.group)
      var waits: [Int64] = []
      for _ in 0..<6 {
        let now = bench.clock.now
        waits.append(try await bench.step().milliseconds - now.milliseconds)
      }
      // Half of each wait at least, the whole at most: 30 s, doubled up to ten minutes.
      for (wait, most) in zip(waits, [30_000, 60_000, 120_000, 240_000, 480_000, 600_000]) {
        #expect(Double(wait) >= Double(most) / 2 && Double(wait) <= Double(most), "\(waits)")
      }
      #expect(bench.telegram.offsets.count == 6)
      let events = bench.events.list
      let contests = events.compactMap { if case .contested(_, _, let reason) = $0 { reason } else { nil } }
      #expect(contests.count == 6 && contests.allSatisfy { $0.contains("409") && $0.contains("terminated by other") })
      #expect(!"\(events)".contains("CANARY"))
      try await bench.step()
      #expect(bench.events.list.contains(.listening(source: "bot 42 at \(bench.telegram.url)")))
      #expect(try await bench.answers() == ["did status"])
    }
  }

  @Test func `what the server asks to wait is waited for, and a wrong token is not tried again and again`() async throws
  {
    try await bench { bench in
      bench.telegram.scriptUpdates([
        .tooMany(seconds: 77), .page(502), .cutAnswer(after: 30), .says(401, "Unauthorized"),
      ])
      bench.telegram.write("/status", from: Self.reader, in: Self.group)
      var waits: [Int64] = []
      for _ in 0..<4 {
        let now = bench.clock.now
        waits.append(try await bench.step().milliseconds - now.milliseconds)
      }
      #expect(waits[0] == 77_000 && (1...4_000).contains(waits[1]) && (1...8_000).contains(waits[2]))
      #expect(waits[3] == 1_800_000)
      try await bench.step()
      #expect(try await bench.answers() == ["did status"])
      #expect(!"\(bench.events.list)".contains("CANARY"))
    }
  }

  @Test func `anything may stand in an update, and it is passed over`() async throws {
    try await bench { bench in
      let long = String(repeating: "가", count: 4_096)
      for odd in [
        "\"edited_message\":{\"message_id\":1,\"text\":\"/mute swing 1d\",\"from\":{\"id\":22},\"chat\":{\"id\":-100123}}",
        "\"channel_post\":{\"message_id\":1,\"text\":\"/mute swing 1d\",\"chat\":{\"id\":-100123,\"type\":\"channel\"}}",
        "\"message\":null", "\"message\":[]", "\"message\":{\"chat\":{\"id\":\"x\"}}", "\"message\":{}",
        "\"message\":{\"message_id\":1,\"from\":{\"id\":22},\"chat\":{\"id\":-100123},\"text\":17}",
        "\"message\":{\"message_id\":1,\"from\":{\"id\":22},\"chat\":{\"id\":-100123},\"photo\":[]}",
        "\"callback_query\":{\"id\":\"1\",\"from\":{\"id\":22}}",
        "\"callback_query\":{\"id\":\"1\",\"from\":{\"id\":22},\"data\":\"mute K7Q2AB\"}",
        "\"poll\":{\"id\":1e99}", "\"message\":{\"chat\":{\"id\":1e400}}",
      ] { bench.telegram.update(odd) }
      bench.telegram.write(long, from: Self.operative, in: Self.group)
      bench.telegram.write("/" + long, from: Self.operative, in: Self.group)
      bench.telegram.write("/status \u{202E}\u{0}🏴󠁧󠁢󠁥󠁮󠁧󠁿", from: Self.operative, in: Self.group, name: "\u{202E}<b>\u{0}")
      try await bench.step()
      #expect(try await bench.answers() == ["did status"])
      #expect(try await bench.store.place(of: "bot 42 at \(bench.telegram.url)")?.next == 715)
      #expect(try await bench.store.silences(at: bench.clock.now) == [])
    }
  }

  @Test func `an answer without any number is no reason to ask without end`() async throws {
    try await bench { bench in
      bench.telegram.update(whole: "{\"message\":{\"text\":\"/status\"}}")
      let now = bench.clock.now
      let next = try await bench.step()
      #expect(next.milliseconds - now.milliseconds >= 500)
      #expect(bench.events.list.contains { if case .failing = $0 { true } else { false } })
    }
  }

  @Test func `a command at which the host ended each time is given up`() async throws {
    try await bench { bench in
      bench.telegram.write("/performance", from: Self.reader, in: Self.group)
      // Three starts that each came no further.
      for _ in 0..<3 {
        _ = try await bench.store.begin(700, of: "bot 42 at \(bench.telegram.url)", at: bench.clock.now)
      }
      try await bench.step()
      #expect(try await bench.answers() == ["given up performance"])
      #expect(try await bench.audit().map(\.detail) == ["given up: the host ended at it each time"])
    }
  }

  @Test func `commands that come faster than a person types are passed over, noted once`() async throws {
    try await bench { bench in
      for _ in 0..<45 { bench.telegram.write("/status", from: Self.reader, in: Self.group) }
      bench.telegram.write("/status", from: Self.operative, in: Self.group)
      try await bench.step()
      #expect(try await bench.answers().count == 21)
      #expect(try await bench.audit().count { $0.detail?.contains("more than 20 within a minute") == true } == 1)
      bench.clock.advance(60_000)
      bench.telegram.write("/status", from: Self.reader, in: Self.group)
      try await bench.step()
      #expect(try await bench.answers().count == 22)
    }
  }

  /// "If there are no new updates for at least a week, then identifier of the next update will be chosen randomly."
  @Test func `numbers that begin anew after a week are heard, whatever they are`() async throws {
    try await bench { bench in
      bench.telegram.write("/status", from: Self.reader, in: Self.group)
      try await bench.step()
      try await bench.step()
      bench.clock.advance(8 * 86_400_000)
      bench.telegram.renumber(from: 3)
      bench.telegram.write("/open", from: Self.reader, in: Self.group)
      try await bench.step()
      bench.telegram.write("/help", from: Self.reader, in: Self.group)
      try await bench.step()
      #expect(bench.telegram.offsets == [nil, 701, nil, 4])
      #expect(try await bench.answers() == ["did status", "did open", "did help"])
    }
  }

  @Test func `a host that does not lead asks for nothing`() async throws {
    try await bench { bench in
      let leads = Atomic(false)
      let channel = try Telegram(
        settings: [
          "base_url": .text(bench.telegram.url), "token": .text(DrainTests.token), "chat": "-100123",
          "users": .mapping(["11": "read"]),
        ], host: DrainTests.host(bench.clock))
      bench.telegram.write("/status", from: Self.reader, in: Self.group)
      let looks = Atomic(0)
      var settings = ListenerSettings()
      settings.wait = 0
      let listener = CommandListener(
        [(name: "chat", channel: channel)], store: bench.store, handler: Echo(), writer: writer(), settings: settings,
        clock: bench.clock.clock, seed: 1,
        leads: {
          looks.add(1, ordering: .relaxed)
          return leads.load(ordering: .relaxed)
        }, tell: { bench.events.add($0) })
      let heard = try #require(listener)
      let running = Task { await heard.run() }
      while looks.load(ordering: .relaxed) < 5 { await Task.yield() }
      #expect(bench.telegram.requests.isEmpty)
      leads.store(true, ordering: .relaxed)
      while try await bench.answers().isEmpty { await Task.yield() }
      running.cancel()
      await running.value
      #expect(bench.events.list.first == .resting(source: "bot 42 at \(bench.telegram.url)"))
    }
  }
}
