import Foundation
import Testing
import Trading

@testable import Storage

/// What every engine does with what a running host goes on from, and with signals that are corrected.
@Suite struct LiveConformance {
  private let now = day(2026, 1, 5)
  private let later = day(2026, 1, 6)

  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  private func record(_ direction: Direction = .buy, bar: Int = 7, price: Double = 101.5) -> SignalRecord {
    SignalRecord(
      strategy: "s", version: "1", symbol: "^IXIC", timeframe: .day,
      signal: Signal(
        time: day(2026, 1, 2), bar: bar, direction: direction, confidence: 85, price: price, reason: "above"))
  }

  @Test(arguments: StoreEngine.all)
  func `a signal that is taken back stays visible, and may come again`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let said = record()
      let id = try #require(try await store.save(said, notices: [], at: now))
      let notice = Notice(key: "k", code: "k", channel: "console", priority: "high", body: "taken back")
      let back = SignalCorrection(id: id, signal: nil, cause: "^IXIC: 1 bar corrected", notices: [notice])
      #expect(try await store.correct(back, at: later))
      let stored = try await store.signals(strategy: nil, symbol: nil, limit: 9)
      #expect(stored == [StoredSignal(id: id, record: said, retractedAt: later)])
      #expect(try await store.signal(id) == said)
      #expect(try await store.entries(in: [.pending], limit: 9).map(\.notice.body) == [notice.body])
      // It is there, so to say it anew is to correct it again.
      #expect(try await store.save(said, notices: [], at: later) == nil)
      let again = SignalCorrection(id: id, signal: record(bar: 8, price: 102).signal, cause: "corrected once more")
      #expect(try await store.correct(again, at: later))
      #expect(
        try await store.signals(symbol: "^IXIC", timeframe: .day, from: day(2026, 1, 2))
          == [StoredSignal(id: id, record: record(bar: 8, price: 102))])
      let editions = try await store.editions(of: id)
      #expect(editions.map(\.signal) == [said.signal, said.signal])
      #expect(editions.map(\.retractedAt) == [nil, later] && editions.map(\.replacedAt) == [later, later])
      #expect(editions.map(\.cause) == ["^IXIC: 1 bar corrected", "corrected once more"])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `what is not there is not corrected, and tells nobody`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let notice = Notice(key: "k", code: "k", channel: "console", priority: "high", body: "taken back")
      let missing = SignalCorrection(id: 4_711, signal: nil, cause: "x", notices: [notice])
      let isThere = try await store.correct(missing, at: now)
      #expect(!isThere)
      #expect(try await store.entries(in: [], limit: 9).isEmpty)
      #expect(try await store.editions(of: 4_711).isEmpty)
      #expect(try await store.signals(symbol: "^IXIC", timeframe: .day, from: day(2026, 1, 1)).isEmpty)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a pass is saved whole or not at all`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let old = try #require(try await store.save(record(.sell), notices: [], at: now))
      let notice = Notice(key: "k", code: "k", channel: "console", priority: "high", body: "buy")
      var changes = LiveChanges()
      changes.signals = [(record(), [notice]), (record(.sell), [notice])]
      changes.marks = [LiveMark(market: "^IXIC", timeframe: .day, last: day(2026, 1, 2), bars: 8, revision: 1)]
      changes.pairs = [
        LivePair(strategy: "s", version: "1", market: "^IXIC", timeframe: .day, after: day(2026, 1, 1))
      ]
      changes.corrections = [SignalCorrection(id: old, signal: nil, cause: "x")]
      // A mark of fewer than no bars is refused: then nothing of the pass is there.
      var wrong = changes
      wrong.marks[0].bars = -1
      let refused = wrong
      #expect(try await storeError { try await store.save(refused, at: later) } != nil)
      #expect(try await store.marks().isEmpty)
      #expect(try await store.pairs().isEmpty)
      #expect(try await store.editions(of: old).isEmpty)
      #expect(try await store.entries(in: [], limit: 9).isEmpty)
      #expect(try await store.signals(strategy: nil, symbol: nil, limit: 9).count == 1)

      let ids = try await store.save(changes, at: later)
      #expect(ids.count == 2 && ids[0] != nil && ids[1] == nil)
      #expect(try await store.marks() == changes.marks)
      #expect(try await store.pairs() == changes.pairs)
      #expect(try await store.entries(in: [], limit: 9).map(\.signal) == [ids[0]])
      // A mark moves on; a pair stays where it began.
      changes.signals = []
      changes.corrections = []
      changes.marks[0].bars = 9
      changes.pairs[0].after = day(2026, 1, 4)
      changes.renumbered = [old: 12]
      #expect(try await store.save(changes, at: later).isEmpty)
      #expect(try await store.marks().map(\.bars) == [9])
      #expect(try await store.pairs().map(\.after) == [day(2026, 1, 1)])
      #expect(try await store.signal(old)?.signal.bar == 12)
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a strategy runs since its text changed`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let (a, b) = (
        RunningStrategy(name: "a", version: "1", text: "name: a", since: now),
        RunningStrategy(name: "b", version: "1", text: "name: b", since: now)
      )
      try await store.run([b, a])
      #expect(try await store.running() == [a, b])
      let changed = RunningStrategy(
        name: "a", version: "2", text: "name: a # 2", since: later, symbols: ["^IXIC", "a \"b\""])
      let unchanged = RunningStrategy(name: "b", version: "1", text: "name: b", since: later)
      try await store.run([changed, unchanged])
      #expect(try await store.running() == [changed, b])
      try await store.run([changed])
      #expect(try await store.running() == [changed])
    }
  }
}
