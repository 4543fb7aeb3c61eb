import Fetching
import NotificationChannels
import PluginKit
import Storage
import Synchronization
import TestSupport
import Testing
import Trading

@testable import Notifications

/// A channel that keeps what it is given, and answers when the test says so.
final class HeldChannel: NotificationChannel {
  static let id = "held"
  static let summary = "For tests."
  static let settings: [PluginSetting] = []
  private let state = Mutex<(texts: [String], isOpen: Bool)>(([], true))

  init(settings: PluginSettings, host: ChannelHost) throws(ChannelError) {}
  init(isOpen: Bool) { state.withLock { $0.isOpen = isOpen } }

  var texts: [String] { state.withLock { $0.texts } }
  func open() { state.withLock { $0.isOpen = true } }
  func check() async throws(ChannelError) -> String { "there" }
  func preview(_ message: ChannelMessage) -> [String] { [message.text] }

  func send(_ message: ChannelMessage) async -> Delivery {
    while !state.withLock({ $0.isOpen }) { try? await Task.sleep(for: .milliseconds(1)) }
    state.withLock { $0.texts.append(message.text) }
    return .sent()
  }
}

@Suite struct DrainTests {
  static let token = "42:CANARY-t0ken"

  final class Events: Sendable {
    private let all = Mutex<[DrainEvent]>([])
    var list: [DrainEvent] { all.withLock { $0 } }
    func add(_ event: DrainEvent) { all.withLock { $0.append(event) } }
  }

  /// A client that reaches this machine, with nobody to tell.
  static func host(_ clock: HandClock) throws -> ChannelHost {
    let values: PluginSettings = ["allow_private": "true", "rate": .list(["100000/s"]), "timeout": "2s"]
    let fetch = try FetchSettings(settings: values, manners: #require(Telegram.web)).sendingOnce
    return ChannelHost(
      baseDirectory: "", web: CurlClient(fetch.limits, on: TransferLoop()), mail: CurlMailClient(fetch.limits),
      now: { clock.now }, show: { _ in }, note: { _ in })
  }

  func channel(
    _ telegram: FakeTelegram, _ clock: HandClock, chat: String = "-100123", memory: [String: String] = [:],
    remember: @escaping @Sendable (_ value: String, _ name: String) async -> Void = { _, _ in }
  ) throws -> Telegram {
    let values: PluginSettings = [
      "base_url": .text(telegram.url), "allow_private": "true", "rate": .list(["100000/s"]), "timeout": "300ms",
      "token": .text(DrainTests.token), "chat": .text(chat),
    ]
    let manners = try #require(Telegram.web)
    let fetch = try FetchSettings(settings: values, manners: manners).sendingOnce
    let web = fetch.client(on: TransferLoop(), now: { clock.now }, sleep: { _ in }, random: { 0.5 })
    return try Telegram(
      settings: values,
      host: ChannelHost(
        baseDirectory: "", web: web, mail: CurlMailClient(fetch.limits), now: { clock.now }, show: { _ in },
        note: { _ in }, memory: memory, remember: remember))
  }

  func bench(
    _ body: (SQLiteStore, FakeTelegram, HandClock, (_ lanes: [DrainLane], _ settings: DrainSettings) -> (Drain, Events))
      async throws -> Void
  ) async throws {
    let telegram = try FakeTelegram(token: DrainTests.token, chats: ["-100123", "-2"])
    defer { telegram.stop() }
    try await withStore { store in
      let clock = HandClock()
      try await body(store, telegram, clock) { lanes, settings in
        let events = Events()
        let drain = Drain(
          store: store, lanes: lanes, writer: writer(), settings: settings, clock: clock.clock, seed: 7,
          tell: { events.add($0) })
        return (drain, events)
      }
    }
  }

  func notice(_ key: String, to channel: String = "t", policy: Notice.Policy = .atLeastOnce) -> Notice {
    Notice(
      key: key, code: NoticeWriter.code(of: key), channel: channel, priority: "high", title: key,
      body: "\(key) \(NoticeWriter.code(of: key))", line: key, policy: policy)
  }

  func keys(_ telegram: FakeTelegram) -> [String] {
    telegram.messages.map { String($0.shown.split(separator: " ")[0]) }
  }

  @Test func `messages go in order, are noted as sent, and an answer names its message`() async throws {
    try await bench { store, telegram, clock, make in
      let id = try #require(try await store.save(record(), notices: [notice("1")], at: noon))
      var answer = notice("3")
      answer.answers = id
      try await store.add([notice("2"), answer], at: noon)
      let (drain, events) = make([DrainLane(name: "t", channel: try channel(telegram, clock))], DrainSettings())
      await drain.flush()
      #expect(keys(telegram) == ["1", "2", "3"])
      #expect(telegram.messages.map(\.replyTo) == [nil, nil, 1])
      #expect(try await store.entries(in: [.sent], limit: 9).map(\.reference) == ["3", "2", "1"])
      #expect(events.list.count { if case .sent = $0 { true } else { false } } == 3)
      #expect(events.list.count { if case .answered("t", _) = $0 { true } else { false } } == 3)
      await drain.flush()
      #expect(telegram.messages.count == 3)
    }
  }

  @Test func `too many requests wait as long as is asked, and nothing overtakes them`() async throws {
    try await bench { store, telegram, clock, make in
      try await store.add([notice("1"), notice("2")], at: noon)
      telegram.script([.tooMany(seconds: 33)])
      let (drain, _) = make([DrainLane(name: "t", channel: try channel(telegram, clock))], DrainSettings())
      await drain.flush()
      let waiting = try #require(try await store.entries(called: NoticeWriter.code(of: "1")).first)
      #expect(waiting.state == .pending && waiting.dueAt == noon.advanced(by: 33_000))
      #expect(waiting.failure?.contains("retry after 33") == true)
      clock.advance(32_999)
      await drain.flush()
      #expect(telegram.messages.isEmpty)
      clock.advance(1)
      await drain.flush()
      #expect(keys(telegram) == ["1", "2"])
    }
  }

  @Test func `where nobody knows, a message is repeated with its id, or left as unknown`() async throws {
    try await bench { store, telegram, clock, make in
      try await store.add([notice("1"), notice("2", policy: .atMostOnce)], at: noon)
      telegram.script([.cutAnswer(after: 20), .well, .cutAnswer(after: 20)])
      let (drain, events) = make([DrainLane(name: "t", channel: try channel(telegram, clock))], DrainSettings())
      await drain.flush()
      #expect(keys(telegram) == ["1"])
      clock.advance(5_000)
      await drain.flush()
      #expect(telegram.messages.map(\.shown) == ["1", "1", "2"].map { "\($0) \(NoticeWriter.code(of: $0))" })
      clock.advance(1_000_000)
      await drain.flush()
      #expect(telegram.messages.count == 3)
      #expect(try await store.entries(called: NoticeWriter.code(of: "1")).map(\.state) == [.sent])
      let unknown = try #require(try await store.entries(called: NoticeWriter.code(of: "2")).first)
      #expect(unknown.state == .unknown && unknown.attempts == 1)
      #expect(events.list.contains { if case .unknown = $0 { true } else { false } })
    }
  }

  @Test func `a message in doubt is repeated a few times and not for ever`() async throws {
    try await bench { store, telegram, clock, make in
      try await store.add(notice("1"), at: noon)
      telegram.script(Array(repeating: .cutAnswer(after: 5), count: 9))
      let (drain, _) = make([DrainLane(name: "t", channel: try channel(telegram, clock))], DrainSettings())
      for _ in 0..<9 {
        await drain.flush()
        clock.advance(1_000_000)
      }
      #expect(telegram.messages.count == 5)
      #expect(try await store.entries(in: [.unknown], limit: 9).count == 1)
    }
  }

  @Test func `what the channel does not take is dead, and what comes behind goes on`() async throws {
    try await bench { store, telegram, clock, make in
      try await store.add([notice("1"), notice("2")], at: noon)
      telegram.script([.says(400, "Bad Request: message is too long")])
      let (drain, events) = make([DrainLane(name: "t", channel: try channel(telegram, clock))], DrainSettings())
      await drain.flush()
      #expect(keys(telegram) == ["2"])
      let dead = try #require(try await store.entries(in: [.dead], limit: 9).first)
      #expect(dead.notice.key == "1" && dead.failure?.contains("too long") == true)
      #expect(events.list.contains { if case .dead = $0 { true } else { false } })
    }
  }

  @Test func `after so many tries a message is dead`() async throws {
    try await bench { store, telegram, clock, make in
      try await store.add(notice("1"), at: noon)
      telegram.script(Array(repeating: .page(503), count: 3))
      var settings = DrainSettings()
      settings.attempts = 3
      let (drain, events) = make([DrainLane(name: "t", channel: try channel(telegram, clock))], settings)
      for _ in 0..<3 {
        await drain.flush()
        clock.advance(1_000_000)
      }
      #expect(try await store.counts() == [.dead: 1])
      // Waits of one and two seconds, of which the half is left to chance.
      let waits = events.list.compactMap { event -> Int64? in
        if case .waiting(_, _, let until, _) = event { until.milliseconds - noon.milliseconds } else { nil }
      }
      #expect(waits.count == 2)
      #expect((500...1_000).contains(waits[0]), "\(waits)")
      #expect((1_000...2_000).contains(waits[1] - 1_000_000), "\(waits)")
    }
  }

  @Test func `a refused channel is parked and told once by the others, and goes on once it is mended`() async throws {
    try await bench { store, telegram, clock, make in
      try await store.add([notice("1"), notice("2"), notice("9", to: "other")], at: noon)
      telegram.script([.says(403, "Forbidden: bot was kicked from the group chat")])
      let other = HeldChannel(isOpen: true)
      let (drain, events) = make(
        [DrainLane(name: "t", channel: try channel(telegram, clock)), DrainLane(name: "other", channel: other)],
        DrainSettings())
      await drain.flush()
      await drain.flush()
      #expect(try await store.entries(in: [.parked], limit: 9).map(\.notice.key) == ["2", "1"])
      let alarms = other.texts.filter { $0.contains("The channel t is refused") }
      #expect(alarms.count == 1 && alarms[0].contains("kicked"), "\(other.texts)")
      #expect(other.texts.contains { $0.hasPrefix("9 ") })
      let requests = telegram.requests.count
      // Nobody asks before it is time.
      clock.advance(1_700_000)
      await drain.flush()
      #expect(telegram.requests.count == requests)
      clock.advance(100_000)
      await drain.flush()
      await drain.flush()
      #expect(keys(telegram) == ["1", "2"])
      #expect(events.list.contains(.released(channel: "t")))
    }
  }

  @Test func `a channel that stalls stops nobody else`() async throws {
    try await bench { store, telegram, clock, make in
      let stalled = HeldChannel(isOpen: false)
      try await store.add((1...5).flatMap { [notice("\($0)", to: "s"), notice("\($0)")] }, at: noon)
      let (drain, _) = make(
        [DrainLane(name: "s", channel: stalled), DrainLane(name: "t", channel: try channel(telegram, clock))],
        DrainSettings())
      let work = Task { await drain.flush() }
      while telegram.messages.count < 5 { try await Task.sleep(for: .milliseconds(2)) }
      #expect(keys(telegram) == ["1", "2", "3", "4", "5"] && stalled.texts.isEmpty)
      // Of the stalled one, only the message that is under way is taken.
      #expect(try await store.entries(in: [.sending], limit: 9).filter { $0.notice.channel == "s" }.count == 1)
      stalled.open()
      await work.value
      #expect(stalled.texts.count == 5)
    }
  }

  @Test func `a cancelled drain ends what it has begun and notes it`() async throws {
    try await bench { store, _, _, make in
      let held = HeldChannel(isOpen: false)
      try await store.add([notice("1", to: "h"), notice("2", to: "h")], at: noon)
      let (drain, _) = make([DrainLane(name: "h", channel: held)], DrainSettings())
      let work = Task { await drain.run() }
      while try await store.counts()[.sending] != 1 { try await Task.sleep(for: .milliseconds(1)) }
      work.cancel()
      held.open()
      await work.value
      #expect(try await store.counts() == [.sent: 1, .pending: 1])
    }
  }

  @Test func `each channel keeps to its own rate, and those of one bot to theirs together`() async throws {
    try await bench { store, telegram, clock, make in
      try await store.add((1...3).map { notice("\($0)") }, at: noon)
      let slow = DrainLane(name: "t", channel: try channel(telegram, clock), rates: [SendingRate(1, per: 1_000)])
      let (drain, _) = make([slow], DrainSettings())
      await drain.flush()
      #expect(keys(telegram) == ["1", "2", "3"])
      #expect(clock.now == noon.advanced(by: 2_000))

      try await store.add((4...7).map { notice("\($0)", to: $0 % 2 == 0 ? "t" : "u") }, at: clock.now)
      let start = clock.now
      let bot = SharedRate("bot", rates: ["1/s"])
      let lanes = [
        DrainLane(name: "t", channel: try channel(telegram, clock), shared: [bot]),
        DrainLane(name: "u", channel: try channel(telegram, clock, chat: "-2"), shared: [bot]),
      ]
      await make(lanes, DrainSettings()).0.flush()
      #expect(telegram.messages.count == 7)
      #expect(clock.now.milliseconds - start.milliseconds >= 3_000)
    }
  }

  @Test func `what has waited for hours goes as one digest and not as a flood`() async throws {
    try await bench { store, telegram, clock, make in
      let notices = (1...120).map { notice("k\($0)") }
      try await store.add(notices, at: noon)
      clock.advance(6 * 3_600_000)
      let (drain, _) = make([DrainLane(name: "t", channel: try channel(telegram, clock))], DrainSettings())
      await drain.flush()
      #expect(telegram.messages.count == 3)
      #expect(
        telegram.messages.map { $0.shown.split(separator: "\n").first } == [
          "📋 50 messages", "📋 50 messages", "📋 20 messages",
        ])
      #expect(try await store.counts() == [.sent: 120])
    }
  }

  @Test func `no secret stands in the outbox or in what is told`() async throws {
    try await bench { store, telegram, clock, make in
      let acts: [FakeTelegram.Act] = [
        .tooMany(seconds: 1), .page(502), .page(503), .says(500, "Internal"), .cutAnswer(after: 3), .silence,
        .says(400, "Bad Request: x"), .says(403, "Forbidden"),
      ]
      try await store.add([notice("1"), notice("2"), notice("3")], at: noon)
      telegram.script(acts)
      let (drain, events) = make([DrainLane(name: "t", channel: try channel(telegram, clock))], DrainSettings())
      for _ in acts {
        await drain.flush()
        clock.advance(100_000)
      }
      #expect(telegram.requests.count >= acts.count)
      let said = events.list.map { "\($0)" } + (try await store.entries(in: [], limit: 99).map { "\($0)" })
      #expect(!said.contains { $0.contains("CANARY") })
      #expect(try await store.counts()[.parked] == 2)
    }
  }
}

@Suite struct TokenBucketTests {
  @Test func `a bucket lets through what it holds, then as fast as it fills`() {
    var bucket = TokenBucket(SendingRate(20, per: 60_000))
    var now = noon
    for _ in 0..<20 {
      #expect(bucket.ready(at: now) == now)
      bucket.take(at: now)
    }
    // The next one after a twentieth of a minute.
    #expect(bucket.ready(at: now) == noon.advanced(by: 3_000))
    now = noon.advanced(by: 3_000)
    #expect(bucket.ready(at: now) == now)
    bucket.take(at: now)
    #expect(bucket.ready(at: now) == noon.advanced(by: 6_000))
  }

  @Test func `a token that was held while it filled is not there twice when it is given back`() {
    var bucket = TokenBucket(SendingRate(1, per: 1_000))
    bucket.hold(at: noon)
    let later = noon.advanced(by: 5_000)
    #expect(bucket.ready(at: later) > later)
    bucket.give()
    #expect(bucket.ready(at: later) == later)
    bucket.take(at: later)
    #expect(bucket.ready(at: later) == later.advanced(by: 1_000))
  }

  @Test func `a clock that is put back does not stop it`() {
    var bucket = TokenBucket(SendingRate(1, per: 1_000))
    bucket.take(at: noon)
    let earlier = noon.advanced(by: -86_400_000)
    #expect(bucket.ready(at: earlier) == earlier.advanced(by: 1_000))
  }

  @Test(arguments: [("1/s", 1, 1_000), ("20/m", 20, 60_000), ("5/h", 5, 3_600_000)])
  func `rates are read as they are written`(_ text: String, _ count: Int, _ period: Int64) {
    #expect(SendingRate(text) == SendingRate(count, per: period))
  }

  @Test(arguments: ["", "1", "0/s", "1/x", "-1/s", "1/s/s"]) func `others are none`(_ text: String) {
    #expect(SendingRate(text) == nil)
  }
}
