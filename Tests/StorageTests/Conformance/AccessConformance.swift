import Testing
import Trading

@testable import Storage

/// What every engine does with tokens, with jobs that rest or are asked for, and with pages of signals.
@Suite struct AccessConformance {
  private let now = day(2026, 1, 5)

  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  private func token(_ name: String, _ first: UInt8, expires: Instant? = nil) -> AccessToken {
    AccessToken(
      name: name, digest: [first] + [UInt8](repeating: 0xA5, count: 31), role: .operate, createdAt: now,
      expiresAt: expires)
  }

  @Test(arguments: StoreEngine.all)
  func `a token is found by its digest alone, and its name is not used again`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let one = token("one", 0x01, expires: now.advanced(by: 60_000))
      let isNew = try await store.add(one)
      #expect(isNew)
      #expect(try await store.token(digest: one.digest) == one)
      #expect(try await store.token(digest: token("one", 0x02).digest) == nil)
      #expect(try await !store.add(token("one", 0x02)))
      #expect(try await !store.add(token("two", 0x01)))
      #expect(try await store.tokens() == [one])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a token is void from when it is revoked or expires`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let one = token("one", 0xFF, expires: now.advanced(by: 60_000))
      #expect(one.isValid(at: now.advanced(by: 59_999)) && !one.isValid(at: now.advanced(by: 60_000)))
      _ = try await store.add(one)
      #expect(try await store.revokeToken("one", at: now.advanced(by: 5)))
      #expect(try await !store.revokeToken("one", at: now.advanced(by: 6)))
      #expect(try await !store.revokeToken("nobody", at: now))
      let found = try #require(try await store.token(digest: one.digest))
      #expect(found.revokedAt == now.advanced(by: 5) && !found.isValid(at: now.advanced(by: 4)))
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a job rests until it is resumed, and one that is asked for is pending once`(_ engine: StoreEngine) async throws
  {
    try await store(engine) { store in
      let rests = try await store.pause("collect", at: now)
      #expect(rests)
      #expect(try await !store.pause("collect", at: now.advanced(by: 1)))
      #expect(try await store.pauses() == ["collect": now])
      #expect(try await store.resume("collect"))
      #expect(try await !store.resume("collect"))
      #expect(try await store.pauses() == [:])
      #expect(try await store.request("collect", at: now) != nil)
      #expect(try await store.request("collect", at: now) == nil)
      let pending = try await store.runs(.pending, limit: 10).map(\.run)
      #expect(pending.map(\.job) == ["collect"] && pending.map(\.notBefore) == [now])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `pages of signals hold every one once, the latest first, whatever comes in between`(_ engine: StoreEngine)
    async throws
  {
    try await store(engine) { store in
      func save(_ strategy: String, _ time: Instant, _ direction: Direction = .buy) async throws {
        let signal = Signal(time: time, bar: 1, direction: direction, confidence: 80, price: 1, reason: "")
        let record = SignalRecord(strategy: strategy, version: "1", symbol: "X", timeframe: .day, signal: signal)
        _ = try await store.save(record, notices: [], at: now)
      }
      // Three bars of three strategies, so that pages break within a bar.
      for date in 2...4 { for name in ["a", "b", "c"] { try await save(name, day(2026, 1, date)) } }
      var query = SignalQuery(limit: 2)
      var seen: [StoredSignal] = []
      while true {
        let page = try await store.signals(query)
        seen += page
        guard page.count == 2, let last = page.last else { break }
        query.behind = (last.record.signal.time, last.id)
        if seen.count == 4 { try await save("d", day(2026, 1, 5)) }
      }
      #expect(seen.map(\.record.signal.time) == [4, 4, 4, 3, 3, 3, 2, 2, 2].map { day(2026, 1, $0) })
      #expect(Set(seen.map(\.id)).count == 9)
      var one = SignalQuery(strategy: "b", symbol: "X", limit: 10)
      one.from = day(2026, 1, 3)
      #expect(try await store.signals(one).map(\.record.signal.time) == [day(2026, 1, 4), day(2026, 1, 3)])
      one.to = day(2026, 1, 3)
      #expect(try await store.signals(one).count == 1)
      one.direction = .sell
      #expect(try await store.signals(one).isEmpty)
    }
  }
}
