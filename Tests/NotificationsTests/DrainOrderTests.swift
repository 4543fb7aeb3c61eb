import PluginKit
import Storage
import Synchronization
import TestSupport
import Testing
import Trading

@testable import NotificationChannels
@testable import Notifications

/// How order intents are sent: once, in time, and with people told where something went wrong.
@Suite struct DrainOrderTests {
  final class Events: Sendable {
    private let all = Mutex<[DrainEvent]>([])
    var list: [DrainEvent] { all.withLock { $0 } }
    func add(_ event: DrainEvent) { all.withLock { $0.append(event) } }
  }

  private func notice(_ id: String, valid: Int64 = 600_000) -> Notice {
    var notice = Notice(
      key: "order/\(id)", code: id, channel: "desk", priority: "high", title: "order intent \(id): open long", body: id,
      fields: [
        "client_order_id": id, "intent": "{\"client_order_id\":\"\(id)\"}", "expiry": "\(noon.advanced(by: valid))",
      ], policy: .atMostOnce)
    notice.expiresAt = noon.advanced(by: valid)
    return notice
  }

  private func bench(
    _ answers: @escaping @Sendable (Int) -> FaultAnswer,
    _ body: (SQLiteStore, FaultServer, HandClock, HeldChannel, Drain, Events) async throws -> Void
  ) async throws {
    let server = try FaultServer { _, count in answers(count) }
    defer { server.stop() }
    try await withStore { store in
      let (clock, events, people) = (HandClock(), Events(), HeldChannel(isOpen: true))
      let desk = try OrderIntent(
        settings: [
          "url": .text("\(server.url)/orders"), "secret": "s", "enabled": "true", "dry_run": "false",
        ], host: DrainTests.host(clock))
      var settings = DrainSettings()
      settings.firstWait = 1_000
      let drain = Drain(
        store: store, lanes: [DrainLane(name: "desk", channel: desk), DrainLane(name: "people", channel: people)],
        writer: writer(), settings: settings, clock: clock.clock, seed: 1, tell: { events.add($0) })
      try await body(store, server, clock, people, drain, events)
    }
  }

  private func state(_ store: SQLiteStore, _ id: String) async throws -> OutboxEntry {
    try #require(try await store.entries(called: id).first)
  }

  @Test func `what the receiver has taken is sent, in order, each once`() async throws {
    try await bench({ _ in .status(202) }) { store, server, _, people, drain, _ in
      try await store.add([notice("a"), notice("b")], at: noon)
      await drain.flush()
      #expect(server.requests.map { $0.headers["idempotency-key"] } == ["a", "b"] && people.texts.isEmpty)
      #expect(try await state(store, "a").state == .sent)
    }
  }

  @Test func `an intent in doubt stays unknown, and people are told to look`() async throws {
    try await bench({ _ in .reset() }) { store, server, _, people, drain, _ in
      try await store.add(notice("a"), at: noon)
      await drain.flush()
      await drain.flush()
      #expect(server.requests.count == 1)
      #expect(try await state(store, "a").state == .unknown)
      #expect(people.texts.count == 1 && people.texts[0].contains("nobody knows whether it arrived"), "\(people.texts)")
      #expect(people.texts[0].contains("look for this id at the receiver"))
    }
  }

  @Test func `an intent that is refused is dead, parks nothing, and people are told`() async throws {
    try await bench({ $0 == 0 ? .status(401) : .status(202) }) { store, server, _, people, drain, _ in
      try await store.add([notice("a"), notice("b")], at: noon)
      await drain.flush()
      await drain.flush()
      #expect(server.requests.count == 2)
      #expect(try await state(store, "a").state == .dead)
      #expect(try await state(store, "b").state == .sent)
      #expect(people.texts.count == 1 && people.texts[0].contains("not taken"), "\(people.texts)")
    }
  }

  @Test func `what could not be sent in time is dropped and said, and the next one goes`() async throws {
    try await bench({ _ in .status(202) }) { store, server, clock, people, drain, events in
      try await store.add([notice("a", valid: 60_000), notice("b")], at: noon)
      clock.advance(60_000)
      await drain.flush()
      await drain.flush()
      #expect(server.requests.map { $0.headers["idempotency-key"] } == ["b"])
      let entry = try await state(store, "a")
      #expect(entry.state == .dropped && entry.failure == "expired before it was sent")
      #expect(events.list.contains(.expired(channel: "desk", codes: ["a"])))
      #expect(people.texts.count == 1 && people.texts[0].contains("expired, and was not sent"), "\(people.texts)")
    }
  }

  @Test func `what a crash left under way is unknown at the next start, and people are told`() async throws {
    try await bench({ _ in .status(202) }) { store, server, clock, people, drain, _ in
      try await store.add(notice("a"), at: noon)
      _ = try await store.claim(channel: "desk", at: noon, lateBefore: noon, limit: 9)
      let recovered = try await drain.recover()
      #expect(recovered.unknown == 1)
      await drain.flush()
      #expect(server.requests.isEmpty && people.texts.count == 1)
      #expect(try await state(store, "a").state == .unknown)
    }
  }

  @Test func `a receiver of orders hears nothing of other channels`() async throws {
    try await bench({ _ in .status(202) }) { store, server, clock, _, _, _ in
      let telegram = try FakeTelegram(token: "1:other")
      defer { telegram.stop() }
      let bot = try Telegram(
        settings: ["base_url": .text(telegram.url), "token": "1:wrong", "chat": "-100123"], host: DrainTests.host(clock)
      )
      let desk = try OrderIntent(
        settings: ["url": .text(server.url), "secret": "s", "enabled": "true", "dry_run": "false"],
        host: DrainTests.host(clock))
      let drain = Drain(
        store: store, lanes: [DrainLane(name: "desk", channel: desk), DrainLane(name: "bot", channel: bot)],
        writer: writer(), clock: clock.clock, seed: 1, tell: { _ in })
      try await store.add(Notice(key: "m", code: "m", channel: "bot", priority: "high", body: "m"), at: noon)
      await drain.flush()
      await drain.flush()
      #expect(server.requests.isEmpty)
      #expect(try await state(store, "m").state == .parked)
      #expect(try await store.entries(in: [], limit: 10).count == 1)
    }
  }
}
