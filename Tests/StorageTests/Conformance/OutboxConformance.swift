import GRDB
import Testing
import Trading

@testable import Storage

/// What every engine does with notices.
@Suite struct OutboxConformance {
  private let now = day(2026, 1, 5)
  private let later = day(2026, 1, 6)
  private let long = Instant(milliseconds: 0)

  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  private func signal(_ direction: Direction = .buy) -> SignalRecord {
    SignalRecord(
      strategy: "s", version: "1", symbol: "^IXIC", timeframe: .day,
      signal: Signal(
        time: day(2026, 1, 2), bar: 7, direction: direction, confidence: 85, price: 101.5, reason: "why"))
  }

  private func notice(_ key: String, to channel: String = "a", policy: Notice.Policy = .atLeastOnce) -> Notice {
    Notice(
      key: key, code: "C-\(key)", channel: channel, priority: "high", title: "t", body: "b — 이유", line: "l",
      fields: ["symbol": "^IXIC"], strategy: "s", symbol: "^IXIC", direction: .buy, policy: policy, dueAt: now)
  }

  private func claim(_ store: any Store, _ channel: String = "a", at moment: Instant? = nil, limit: Int = 10)
    async throws -> ClaimedMessage?
  {
    try await store.claim(channel: channel, at: moment ?? now, lateBefore: long, limit: limit)
  }

  @Test(arguments: StoreEngine.all)
  func `a signal and its notices are saved both or neither`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let notices = ["telegram", "console"].map { notice("k", to: $0) }
      let id = try #require(try await store.save(signal(), notices: notices, at: now))
      let kept = try await store.entries(about: id)
      #expect(kept.map(\.notice) == notices && kept.allSatisfy { $0.state == .pending && $0.attempts == 0 })
      #expect(try await store.save(signal(), notices: notices, at: now) == nil)
      #expect(try await store.counts() == [.pending: 2])
      // Two notices of one key to one channel contradict each other; then the signal is not kept either.
      let twice = [notice("x"), notice("x")]
      #expect(try await storeError { try await store.save(signal(.sell), notices: twice, at: now) } != nil)
      #expect(try await store.signals(strategy: nil, symbol: nil, limit: 10).count == 1)
      #expect(try await store.counts() == [.pending: 2])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a channel is told once of a key, whatever becomes of the notice`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      #expect(try await store.isUnused())
      try await store.add([notice("k"), notice("k", to: "b")], at: now)
      try await store.add(notice("k"), at: later)
      let claimed = try #require(try await claim(store))
      try await store.note(.sent(reference: "7"), of: claimed.entries.map(\.id), at: now)
      try await store.add(notice("k"), at: later)
      #expect(try await store.counts() == [.sent: 1, .pending: 1])
      #expect(try await !store.isUnused())
      #expect(try await store.entries(called: "c-k").map(\.reference) == ["7", nil])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `the sender alone gets a picture, until it has arrived, and never in a digest`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      var drawn = notice("2")
      drawn.picture = [0x89, 0, 255]
      try await store.add([notice("1"), drawn, notice("3")], at: now)
      #expect(try await store.entries(called: "C-2").map(\.notice.picture) == [nil])
      let late = try await store.claim(channel: "a", at: later, lateBefore: later, limit: 10)
      #expect(late?.entries.map(\.notice.key) == ["1", "3"])
      let claimed = try await store.claim(channel: "a", at: later, lateBefore: later, limit: 10)
      #expect(claimed?.entries.map(\.notice) == [drawn])
      let id = try #require(claimed?.entries.first?.id)
      try await store.note(.again(at: later, reason: "r", doubtful: false), of: [id], at: later)
      // A second of its key changes neither it nor what is drawn.
      var other = drawn
      other.picture = [1]
      try await store.add(other, at: later)
      #expect(try await claim(store, at: later)?.entries.map(\.notice.picture) == [[0x89, 0, 255]])
      try await store.note(.unknown("nobody knows"), of: [id], at: later)
      #expect(try await store.retry(id, at: later))
      #expect(try await claim(store, at: later)?.entries.map(\.notice.picture) == [[0x89, 0, 255]])
      try await store.note(.sent(reference: "7"), of: [id], at: later)
      #expect(try await store.entries(called: "C-2").map(\.state) == [.sent])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a notice is noted as sending before it is handed out, and nobody else gets it`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      try await store.add([notice("1"), notice("2")], at: now)
      let first = try #require(try await claim(store))
      #expect(first.entries.map(\.notice) == [notice("1")])
      #expect(first.entries.map(\.state) == [.sending] && first.entries.map(\.attempts) == [1])
      #expect(try await store.entry(first.entries[0].id)?.state == .sending)
      #expect(try await claim(store)?.entries.map(\.notice.key) == ["2"])
      #expect(try await claim(store) == nil)
      #expect(try await claim(store, "b") == nil)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a notice that is to be tried again holds back those behind it, and goes first`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      try await store.add([notice("1"), notice("2")], at: now)
      let first = try #require(try await claim(store)).entries[0].id
      try await store.note(.again(at: later, reason: "no route", doubtful: false), of: [first], at: now)
      #expect(try await claim(store) == nil)
      #expect(try await store.nextDue(channel: "a") == now)
      let again = try #require(try await claim(store, at: later)).entries[0]
      #expect(again.id == first && again.attempts == 2 && again.doubts == 0 && again.failure == "no route")
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a batch goes as one message when it is due, and what was late goes together`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      let batch = ["1", "2", "3"].map { key in
        var notice = notice(key)
        (notice.batch, notice.dueAt) = ("digest", later)
        return notice
      }
      try await store.add(batch, at: now)
      #expect(try await claim(store) == nil)
      #expect(try await store.nextDue(channel: "a") == later)
      #expect(try await claim(store, at: later, limit: 2)?.entries.map(\.notice.key) == ["1", "2"])
      #expect(try await claim(store, at: later, limit: 2)?.entries.map(\.notice.key) == ["3"])
      try await store.add(["4", "5"].map { notice($0) }, at: now)
      let late = try await store.claim(channel: "a", at: later, lateBefore: later, limit: 10)
      #expect(late?.entries.map(\.notice.key) == ["4", "5"])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what a crash left as sending is due again, or unknown where it must not be repeated`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      try await store.add([notice("1"), notice("2", policy: .atMostOnce), notice("3", to: "b")], at: now)
      for channel in ["a", "a"] { _ = try await claim(store, channel) }
      let (again, unknown) = try await store.recover(doubts: 3, at: later)
      #expect(again == 1 && unknown == 1)
      #expect(try await store.counts() == [.pending: 2, .unknown: 1])
      let repeated = try #require(try await claim(store, at: later)).entries[0]
      #expect(repeated.notice.key == "1" && repeated.doubts == 1 && repeated.attempts == 2)
      _ = try await store.recover(doubts: 3, at: later)
      _ = try await claim(store, at: later)
      // The third time that nobody knows is the last.
      #expect(try await store.recover(doubts: 3, at: later).unknown == 1)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what waits for a refused channel is parked, and comes free with it or by hand`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      try await store.add([notice("1"), notice("2")], at: now)
      let first = try #require(try await claim(store)).entries[0].id
      try await store.note(.parked("401"), of: [first], at: now)
      #expect(try await store.park(channel: "a", "401") == 1)
      #expect(try await claim(store) == nil)
      #expect(try await store.entries(in: [.parked], limit: 9).map(\.failure) == ["401", "401"])
      #expect(try await store.unpark(channel: "a", at: later) == 2)
      #expect(try await claim(store, at: later)?.entries[0].id == first)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `by hand what failed is tried again and what waits is taken out, and what was sent stays`(
    _ engine: StoreEngine
  ) async throws {
    try await store(engine) { store in
      try await store.add([notice("1"), notice("2"), notice("3")], at: now)
      let ids = try await store.entries(in: [], limit: 9).map(\.id).reversed().map { $0 }
      _ = try await claim(store)
      try await store.note(.dead("refused"), of: [ids[0]], at: now)
      _ = try await claim(store)
      try await store.note(.sent(reference: nil), of: [ids[1]], at: now)
      #expect(try await store.retry(ids[0], at: later))
      #expect(try await !store.retry(ids[1], at: later))
      #expect(try await !store.drop(ids[1], "by hand", at: later))
      #expect(try await store.drop(ids[2], "by hand", at: later))
      #expect(try await store.entry(ids[0])?.state == .pending)
      #expect(try await store.entry(ids[0])?.attempts == 0)
      #expect(try await store.entry(ids[2])?.failure == "by hand")
      // A late word about what is no longer being sent changes nothing.
      try await store.note(.dead("late"), of: [ids[1], ids[2]], at: later)
      #expect(try await store.entry(ids[1])?.state == .sent)
      #expect(try await store.entry(ids[2])?.state == .dropped)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `an answer names what the channel called the message of the signal`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let id = try #require(try await store.save(signal(), notices: [notice("1")], at: now))
      let first = try #require(try await claim(store))
      try await store.note(.sent(reference: "77"), of: first.entries.map(\.id), at: now)
      var answer = notice("2")
      answer.answers = id
      var elsewhere = notice("2", to: "b")
      elsewhere.answers = id
      try await store.add([answer, elsewhere], at: now)
      #expect(try await claim(store)?.replyTo == "77")
      let other = try await claim(store, "b")
      #expect(other != nil && other?.replyTo == nil)
      #expect(try await store.histories(about: ["^IXIC"], since: now)["^IXIC"]?.told.count == 3)
      #expect(try await store.histories(about: ["^IXIC"], since: later)["^IXIC"]?.told.isEmpty == true)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what was held back is counted from the last message of its channel on`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      func held(_ key: String, _ channel: String) -> Notice {
        var notice = notice(key, to: channel)
        notice.heldBack = "cooldown"
        return notice
      }
      try await store.add([held("1", "a"), held("2", "a"), held("3", "b")], at: now)
      #expect(try await store.histories(about: ["^IXIC"], since: now)["^IXIC"]?.heldBack == ["a": 2, "b": 1])
      try await store.add([notice("4")], at: now)
      try await store.add([held("5", "a")], at: now)
      let history = try #require(try await store.histories(about: ["^IXIC"], since: now)["^IXIC"])
      #expect(history.heldBack == ["a": 1, "b": 1] && history.told.map(\.key) == ["4"])
      #expect(try await store.histories(about: ["^GSPC"], since: now)["^GSPC"]?.heldBack.isEmpty == true)
    }
  }

  @Test func `notices of an earlier schema come along with their state`() async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let queue = try DatabaseQueue(path: path)
      try await queue.write { db in
        for migration in Migration.all.prefix(while: { $0.number < 5 }) { try migration.run(db) }
        try db.execute(
          sql: """
            INSERT INTO signal (strategy, version, symbol, timeframe, time, bar, direction, confidence, price, reason,
              saved_at) VALUES ('s', '1', 'A', '1d', 0, 0, 'buy', 50, 1, 'r', 0);
            INSERT INTO outbox (signal, channel, priority, body, created_at, due_at)
              VALUES (1, 'console', 'high', 'old', 5, 6);
            INSERT INTO outbox (channel, priority, body, state, created_at, due_at, finished_at)
              VALUES ('console', 'high', 'gone', 'sent', 5, 6, 7);
            """)
      }
      try queue.close()
      let store = try SQLiteStore(SQLiteSettings(path: path), for: .writing)
      let all = try await store.entries(in: [], limit: 9)
      #expect(all.map(\.state) == [.sent, .pending])
      #expect(all.map(\.notice.symbol) == [nil, "A"])
      #expect(
        try await store.claim(channel: "console", at: now, lateBefore: long, limit: 1)?.entries[0].notice.body == "old")
      try store.close()
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what a channel has learned is there again, by channel and name`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      #expect(try await store.channelMemory().isEmpty)
      try await store.remember("-100", as: "moved -1", of: "a", at: now)
      try await store.remember("-200", as: "moved -1", of: "b", at: now)
      try await store.remember("-300", as: "moved -1", of: "a", at: later)
      #expect(try await store.channelMemory() == ["a": ["moved -1": "-300"], "b": ["moved -1": "-200"]])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `the channel of a parked message that is retried is to be asked, once`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      try await store.add([notice("1"), notice("2", to: "b")], at: now)
      try await store.park(channel: "a", "wrong token")
      #expect(try await store.takeAsk(of: "a") == false)
      for entry in try await store.entries(in: [.parked], limit: 9) {
        #expect(try await store.retry(entry.id, at: later))
      }
      #expect(try await store.takeAsk(of: "b") == false)
      #expect(try await store.takeAsk(of: "a") == true)
      #expect(try await store.takeAsk(of: "a") == false)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a digest answers nothing, whatever its first line does`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let id = try #require(try await store.save(signal(), notices: [notice("entry")], at: now))
      let first = try #require(try await claim(store))
      try await store.note(.sent(reference: "9"), of: first.entries.map(\.id), at: now)
      var (exit, other) = (notice("exit"), notice("other"))
      exit.answers = id
      exit.batch = "digest"
      other.batch = "digest"
      try await store.add([exit, other], at: now)
      let digest = try #require(try await claim(store))
      #expect(digest.entries.count == 2 && digest.replyTo == nil)
    }
  }
}
