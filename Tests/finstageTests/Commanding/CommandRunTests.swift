import Foundation
import Storage
import TestSupport
import Testing
import Trading

/// `finstage run`, commanded over Telegram as people do it.
@Suite struct CommandRunTests {
  private static let token = "42:CANARY-t0ken"
  private static let group: Int64 = -100_123
  private static let (reader, operative): (Int64, Int64) = (11, 22)

  private static let strategy = """
    name: swing
    title: Swing
    timeframe: 1m
    symbols: ["@index"]
    pipeline:
      - id: s
        long: { enter: close > 10.5, exit: close < 10.5 }
    notify: { priority: high, cooldown: 1m }

    """

  private static func configuration(_ telegram: FakeTelegram) -> String {
    """
    storage: { sqlite: data/f.db }
    channels:
      chat: { type: telegram, base_url: "\(telegram.url)", allow_private: true, token: "${env:BOT}", chat: "-100123",
              rate: 1000/s, users: { 11: read, 22: operate }, chats: ["-100123", "22"] }
    routes: [{ channels: [chat] }]
    notify: { max_age: 365d, hourly_cap: 1000 }
    api: { listen: "127.0.0.1:0", anonymous: admin, rate: 10000, burst: 100000 }

    """
  }

  private static let bars = Array(repeating: 10.0, count: 40)

  private func atHost(
    locale: String = "en", _ body: (ServiceFixture, FakeTelegram, RunningProgram) throws -> Void
  ) throws {
    let telegram = try FakeTelegram(token: Self.token, chats: ["-100123", "22"])
    defer { telegram.stop() }
    try ServiceFixture.inFolder(
      Self.configuration(telegram), strategies: ["swing": Self.strategy], closes: Self.bars
    ) { service in
      let config = try String(contentsOf: service.folder.appending(path: "config.yaml"), encoding: .utf8)
      try service.write(config.replacingOccurrences(of: "locale: en", with: "locale: \(locale)"), to: "config.yaml")
      try service.runAndStop(environment: ["BOT": Self.token]) { program in try body(service, telegram, program) }
    }
  }

  /// Waits for the next message behind so many, and gives it.
  private func answer(
    _ service: ServiceFixture, _ program: RunningProgram, _ telegram: FakeTelegram, behind count: Int
  ) throws -> FakeTelegram.Message {
    service.within(program) { telegram.messages.count > count }
    return try #require(telegram.messages.dropFirst(count).first)
  }

  private func asked(
    _ text: String, from user: Int64 = reader, _ service: ServiceFixture, _ program: RunningProgram,
    _ telegram: FakeTelegram
  ) throws -> String {
    let count = telegram.messages.count
    telegram.write(text, from: user, in: Self.group)
    let message = try answer(service, program, telegram, behind: count)
    #expect(message.chat == "-100123" && message.replyTo == 5_000, "\(message)")
    return message.shown
  }

  @Test func `each command is answered, and each button of a signal's message does what it says`() throws {
    try atHost { service, telegram, program in
      func ask(_ text: String, from user: Int64 = Self.reader) throws -> String {
        try asked(text, from: user, service, program, telegram)
      }
      #expect(try ask("/open").hasPrefix("Open calls\nNo call is open by the strategies' signals.\n🔖 "))
      #expect(try ask("/performance").hasPrefix("No signal is stored yet."))
      #expect(try ask("/report").hasPrefix("No report has been made yet"))
      #expect(try ask("/help@fake_bot").contains("/mute STRATEGY 1d [REASON] · tells nobody of a strategy"))
      let before = telegram.messages.count
      try service.price(Self.bars + [11, 12])
      let signal = try answer(service, program, telegram, behind: before)
      let code = String(try #require(signal.shown.split(separator: " ").last))
      #expect(signal.buttons.map(\.label) == ["🔕 Mute", "❓ Why", "✅ Taken"])
      #expect(signal.buttons.map(\.data) == ["mute \(code)", "why \(code)", "taken \(code)"])

      service.within(program) { try service.outbox().contains("sent \(before + 1)") }
      // Why, by the button, by the id and by the number, is what explain says.
      telegram.press("why \(code)", on: signal.number, from: Self.reader, in: Self.group)
      let why = try answer(service, program, telegram, behind: before + 1)
      #expect(why.shown.hasPrefix("Signal 1\nsignal 1: swing X 1m, bar of "), "\(why.shown)")
      #expect(
        why.shown.contains("s.long.enter (step s): fires here") || why.shown.contains(": fires here"), "\(why.shown)")
      #expect(why.shown.contains("close > 10.5") && why.replyTo == signal.number)
      func values(_ text: String) -> String { text.components(separatedBy: "\n🔖").first ?? "" }
      #expect(try values(ask("/why \(code)")) == values(why.shown))
      #expect(try values(ask("/why 1")) == values(why.shown))
      let explained = try CommandTests.finstage("explain", "1", in: service.folder).output
      #expect(values(why.shown).contains(explained.trimmingCharacters(in: .whitespacesAndNewlines).suffix(120)))
      // A button of one message says nothing of another.
      let count = telegram.messages.count
      telegram.press("why \(code)", on: signal.number + 1, from: Self.reader, in: Self.group)
      #expect(try answer(service, program, telegram, behind: count).shown.hasPrefix("No signal \"\(code)\" is known."))

      // Taken: by who may operate alone, once.
      let taken = telegram.messages.count
      telegram.press("taken \(code)", on: signal.number, from: Self.reader, in: Self.group)
      #expect(try answer(service, program, telegram, behind: taken).shown.hasPrefix("You may not do that"))
      telegram.press("taken \(code)", on: signal.number, from: Self.operative, in: Self.group, name: "Ann <b>&")
      #expect(
        try answer(service, program, telegram, behind: taken + 1).shown.hasPrefix("Signal 1 is taken by Ann <b>&."))
      telegram.press("taken \(code)", on: signal.number, from: Self.operative, in: Self.group)
      service.within(program) { telegram.acknowledged.last?.words.hasPrefix("You took signal 1 at ") == true }
      #expect(telegram.messages.count == taken + 2)
      let now = try CommandTests.finstage("explain", "1", in: service.folder).output
      #expect(now.contains("by Ann <b>& (chat:22)\n"), "\(now)")
      let open = try ask("/open")
      #expect(open.contains("X 1m swing: long since ") && open.contains(" at 11 (1) ✅"), "\(open)")
      let performance = try ask("/performance swing")
      #expect(performance.contains("swing: 0 ended, 1 open · fewer than"), "\(performance)")
      #expect(performance.contains("\ntaken: 0 ended, 1 open · fewer than"), "\(performance)")
      let listed = try CommandTests.finstage("performance", "--by", "taken", "--format", "json", in: service.folder)
      #expect(listed.output.contains("\"taken\""), "\(listed)")
      #expect(telegram.acknowledged.count == 5)
      #expect(!program.warned.contains("CANARY"))
    }
  }

  @Test func `what is muted is held back with its reason until it is unmuted`() throws {
    try atHost { service, telegram, program in
      func ask(_ text: String) throws -> String {
        try asked(text, from: Self.operative, service, program, telegram)
      }
      #expect(try ask("/mute swnig 1d").contains("No strategy \"swnig\" is running; did you mean \"swing\"?"))
      #expect(try ask("/mute swing 367d").hasPrefix("A time from 1m to 366d is admitted."))
      let muted = try ask("/mute swing 4h earnings & more")
      #expect(muted.hasPrefix("swing is muted until ") && muted.contains("UTC: earnings & more\n"), "\(muted)")
      let status = try ask("/status")
      #expect(status.hasPrefix("Status\nFinstage ") && status.contains("\nScheduler: works\n"), "\(status)")
      #expect(status.contains("🔕 swing is muted until ") && status.contains("\nStrategies: 1\n"), "\(status)")
      #expect(status.contains("\nJob evaluate: last done "), "\(status)")
      let count = telegram.messages.count
      try service.price(Self.bars + [11])
      service.within(program) { try service.outbox().contains("dropped 1") }
      let kept = try service.outbox()
      #expect(kept.contains("silence until") && kept.contains("earnings & more"), "\(kept)")
      #expect(telegram.messages.count == count)
      #expect(try ask("/unmute swing").hasPrefix("swing is told of again."))
      #expect(try ask("/unmute swing").hasPrefix("swing is not muted by a command."))
      try service.price(Self.bars + [11, 10])
      let exit = try answer(service, program, telegram, behind: count + 2)
      #expect(exit.shown.contains("Held back since the last message: 1"), "\(exit.shown)")
      // The button of this one mutes its strategy again.
      let data = try #require(exit.buttons.first { $0.data.hasPrefix("mute ") }?.data)
      telegram.press(data, on: exit.number, from: Self.operative, in: Self.group)
      #expect(try answer(service, program, telegram, behind: count + 3).shown.hasPrefix("swing is muted until "))
      service.within(program) { telegram.acknowledged.last?.words.hasPrefix("Muted until ") == true }
    }
  }

  @Test func `answers are in the language of messages`() throws {
    try atHost(locale: "ko") { service, telegram, program in
      #expect(try asked("/open", service, program, telegram).hasPrefix("열린 포지션\n신호 기준으로"))
      #expect(try asked("/mute swing 1d", service, program, telegram).hasPrefix("권한이 없습니다: operate"))
      #expect(try asked("/status", service, program, telegram).contains("\n스케줄러: 정상\n"))
      #expect(try asked("/help", service, program, telegram).contains("/unmute STRATEGY · 전략 알림 다시 켜기"))
      let count = telegram.messages.count
      try service.price(Self.bars + [11])
      let signal = try answer(service, program, telegram, behind: count)
      #expect(signal.buttons.map(\.label) == ["🔕 알림 끄기", "❓ 이유", "✅ 진입함"])
    }
  }

  @Test func `a report that was made is shown again`() throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    try ServiceFixture.inFolder(
      Self.configuration(telegram), strategies: ["swing": Self.strategy], closes: Self.bars
    ) { service in
      try service.runAndStop(environment: ["BOT": Self.token]) { _ in }
      let made = try RunningProgram(
        ["report", "daily", "--send"], in: service.folder, environment: ["BOT": Self.token]
      )
      .end()
      #expect(made.code == 0, "\(made)")
      try service.runAndStop(environment: ["BOT": Self.token]) { program in
        service.within(program) { telegram.messages.count { $0.photo == nil } > 0 }
        let sent = telegram.messages.filter { $0.photo == nil }
        telegram.write("/report", from: Self.reader, in: Self.group)
        telegram.write("/report hourly", from: Self.reader, in: Self.group)
        service.within(program) { telegram.messages.count { $0.photo == nil } == 2 * sent.count + 1 }
        let texts = telegram.messages.filter { $0.photo == nil }.map(\.text)
        #expect(Array(texts[sent.count..<2 * sent.count]) == sent.map(\.text))
        #expect(texts.last?.hasPrefix("There is no such report; daily, ") == true, "\(texts.last ?? "")")
      }
    }
  }

  @Test func `a second poller is said in health, and the messages go on`() throws {
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    telegram.scriptUpdates(Array(repeating: .says(409, "Conflict: terminated by other getUpdates request"), count: 9))
    try ServiceFixture.inFolder(
      Self.configuration(telegram), strategies: ["swing": Self.strategy], closes: Self.bars
    ) { service in
      try service.runAndStop(environment: ["BOT": Self.token]) { program in
        service.within(program) { program.warned.contains("somebody else hears bot 42 at") }
        let line = program.warned.split(separator: "\n").first { $0.contains("api: http://127.0.0.1:") }
        let port = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
        let health = try #require(RawClient.ask(port, "GET", "/health")).body
        #expect(health.contains("\"status\":\"degraded\"") || health.contains("\"status\": \"degraded\""), "\(health)")
        #expect(health.contains("somebody else hears the commands") && health.contains("409"), "\(health)")
        try service.price(Self.bars + [11])
        service.within(program) { telegram.messages.count == 1 }
        // It does not fight: half a minute at least goes by before the next question.
        #expect(telegram.offsets.count == 1 && !program.warned.contains("CANARY"))
      }
    }
  }

  /// The server gives out everything again at each start, as if no offset had ever reached it: what stands between a
  /// command and its second effect is the store alone.
  @Test func `kill -9 between a command and its answer gives each its effect once`() async throws {
    let kills = ProcessInfo.processInfo.environment["KILLS"].flatMap { Int($0) }.map { min($0, 60) } ?? 4
    let telegram = try FakeTelegram(token: Self.token)
    defer { telegram.stop() }
    telegram.forgetNothing()
    var random = SplitMix(seed: 10)
    var written: [String] = []
    var folder: URL?
    try ServiceFixture.inFolder(
      Self.configuration(telegram), strategies: ["swing": Self.strategy], closes: Self.bars
    ) { service in
      func write() {
        let text = written.count % 3 == 0 ? "/status" : "/mute swing \(written.count + 10)m"
        telegram.write(text, from: Self.operative, in: Self.group)
        written.append(text)
      }
      for _ in 0..<kills {
        for _ in 0..<2 { write() }
        try service.run(environment: ["BOT": Self.token]) { program in
          let asked = telegram.offsets.count
          service.within(program) { telegram.offsets.count > asked || telegram.offsets.count > 0 }
          usleep(UInt32.random(in: 0...40_000, using: &random))
          #expect(program.kill9())
        }
      }
      write()
      try service.runAndStop(environment: ["BOT": Self.token]) { program in
        let next = Int64(700 + written.count)
        service.within(program) { telegram.offsets.last == next }
        service.within(program) { try service.outbox().contains("sent \(written.count)") }
      }
      let kept = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
      try FileManager.default.copyItem(at: service.folder.appending(path: "data"), to: kept)
      folder = kept
    }
    let kept = try #require(folder)
    defer { try? FileManager.default.removeItem(at: kept) }
    let store = try SQLiteStore(SQLiteSettings(path: kept.appending(path: "f.db").path()), for: .writing)
    let mutes = written.filter { $0.hasPrefix("/mute") }
    let entries = try await store.entries(limit: 1_000).filter { $0.action.hasPrefix("command") }
    #expect(entries.count == written.count && entries.count { $0.action == "command mute" } == mutes.count)
    let silences = try await store.silences(at: Instant(seconds: Int64(Date().timeIntervalSince1970)))
    #expect(silences.count == mutes.count)
    let answers = try await store.entries(in: [.sent], limit: 1_000)
    #expect(answers.count == written.count)
    // A kill between the sending and its mark may repeat an answer, with the same id.
    let codes = telegram.messages.map { String($0.shown.split(separator: " ").last ?? "") }
    #expect(Set(codes) == Set(answers.map(\.notice.code)) && codes.count <= written.count + kills)
    try store.close()
  }
}
