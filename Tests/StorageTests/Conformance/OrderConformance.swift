import Testing
import Trading

@testable import Storage

/// What every engine does with order intents.
@Suite struct OrderConformance {
  private let now = day(2026, 1, 5)
  private let minute = Timeframe(1, .minute)

  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  private func notice(
    _ id: String, _ action: OrderRecord.Action = .open, strategy: String = "swing", heldBack: String? = nil,
    expires: Int64 = 60_000
  ) -> Notice {
    var notice = Notice(
      key: "order/\(id)", code: id, channel: "desk", priority: "high", body: id, policy: .atMostOnce, heldBack: heldBack
    )
    notice.expiresAt = now.advanced(by: expires)
    notice.order = OrderRecord(
      id: id, channel: "desk", strategy: strategy, symbol: "X", timeframe: minute, action: action, isLong: true,
      quantity: 12.5, isDry: heldBack != nil)
    return notice
  }

  private func orders(_ store: any Store) async throws -> [StoredOrder] {
    try await store.orders(channel: "desk", strategy: "swing", symbol: "X", timeframe: minute, limit: 10)
  }

  @Test(arguments: StoreEngine.all)
  func `intents are found with the states of their notices, the latest first`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      try await store.add([notice("a"), notice("other", strategy: "calm")], at: now)
      try await store.add([notice("b", .close), notice("c", heldBack: "dry run")], at: now.advanced(by: 5))
      let claimed = try #require(try await store.claim(channel: "desk", at: now, lateBefore: now, limit: 9))
      try await store.note(.unknown("broken off"), of: claimed.entries.map(\.id), at: now)
      let found = try await orders(store)
      #expect(found.map(\.record.id) == ["c", "b", "a"] && found.map(\.state) == [.dropped, .pending, .unknown])
      #expect(
        found.map(\.record.action) == [.open, .close, .open] && found.map(\.record.isDry) == [true, false, false])
      #expect(found.map(\.at) == [now.advanced(by: 5), now.advanced(by: 5), now])
      #expect(found.allSatisfy { $0.counts && $0.record.quantity == 12.5 && $0.record.isLong })
      let entry = try await store.entries(called: "a").first
      #expect(entry?.notice.expiresAt == now.advanced(by: 60_000))
    }
  }

  @Test(arguments: StoreEngine.all)
  func `an intent that was made once is not made again, though the outbox has forgotten it`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      try await store.add([notice("a")], at: now)
      try await store.add([notice("a")], at: now)
      let claimed = try #require(try await store.claim(channel: "desk", at: now, lateBefore: now, limit: 9))
      try await store.note(.sent(reference: nil), of: claimed.entries.map(\.id), at: now)
      let removed = try await store.prune([RetentionRule(.outbox, olderThan: 1)], now: now.advanced(by: 5_000))
      #expect(removed[.outbox] == 1)
      try await store.add([notice("a")], at: now.advanced(by: 6_000))
      #expect(try await store.entries(in: [], limit: 10) == [])
      let found = try await orders(store)
      #expect(found.map(\.record.id) == ["a"] && found.map(\.state) == [nil] && found[0].counts)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what holds no longer is taken out, and nothing else`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let plain = Notice(key: "p", code: "p", channel: "desk", priority: "high", body: "p")
      try await store.add([notice("a"), notice("b", expires: 120_000), plain], at: now)
      #expect(try await store.expire(channel: "desk", at: now.advanced(by: 59_999)) == [])
      let expired = try await store.expire(channel: "desk", at: now.advanced(by: 60_000))
      #expect(expired.map(\.notice.code) == ["a"])
      #expect(try await store.expire(channel: "desk", at: now.advanced(by: 60_001)) == [])
      let entry = try #require(try await store.entries(called: "a").first)
      #expect(entry.state == .dropped && entry.failure == "expired before it was sent")
      #expect(try await orders(store).map(\.counts) == [true, false])
      #expect(try await store.expire(channel: "other", at: now.advanced(by: 999_999)) == [])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `intents that have waited long go one by one`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      try await store.add(["a", "b", "c"].map { notice($0, expires: 86_400_000) }, at: now)
      let later = now.advanced(by: 7_200_000)
      var sent: [[String]] = []
      while let claimed = try await store.claim(channel: "desk", at: later, lateBefore: later, limit: 50) {
        sent.append(claimed.entries.map(\.notice.code))
        try await store.note(.sent(reference: nil), of: claimed.entries.map(\.id), at: later)
      }
      #expect(sent == [["a"], ["b"], ["c"]])
    }
  }
}
