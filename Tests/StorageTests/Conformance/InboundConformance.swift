import Foundation
import Testing
import Trading

@testable import Storage

/// What every engine does with signals from outside.
@Suite struct InboundConformance {
  private let now = day(2026, 1, 5)

  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  private func arrival(
    _ key: String, digest: String = "d", at time: Instant? = nil, strategy: String = "tv:s", holds: Int64? = nil,
    notices: [Notice] = []
  ) -> InboundArrival {
    InboundArrival(
      mark: InboundMark(source: "tv", key: key, digest: digest, holds: holds),
      record: SignalRecord(
        strategy: strategy, version: "outside", symbol: "X", timeframe: .day,
        signal: Signal(time: time ?? now, bar: -1, direction: .buy, confidence: 50, price: 7, reason: "r"),
        source: "tv"), notices: notices)
  }

  @Test(arguments: StoreEngine.all)
  func `a message is kept once, across openings too, and what contradicts it is told apart`(_ engine: StoreEngine)
    async throws
  {
    try await inFolder { folder in
      var first: Int64?
      do {
        let store = try engine.open(folder)
        let receipts = try await store.receive(
          [arrival("id 1"), arrival("id 1"), arrival("id 1", digest: "other"), arrival("id 2")], at: now)
        guard receipts.count == 4, case .saved(let one) = receipts[0], case .saved(let two) = receipts[3] else {
          Issue.record("\(receipts)")
          return
        }
        #expect(receipts[1] == .repeated(one) && receipts[2] == .contradicted(one) && two != one)
        first = one
        let stored = try await store.signal(one)
        #expect(stored?.source == "tv" && stored?.knownAt == now && stored?.strategy == "tv:s")
        try (store as? SQLiteStore)?.close()
      }
      let store = try engine.open(folder)
      let marks = ["id 1", "id 2", "id 3"].map { InboundMark(source: "tv", key: $0, digest: "d") }
      let found = try await store.receipts(of: marks, at: now.advanced(by: 1_000_000_000))
      #expect(found[0] == first.map { .repeated($0) } && found[1] != nil && found[2] == nil)
      // Another source has ids of its own.
      #expect(try await store.receipts(of: [InboundMark(source: "ft", key: "id 1", digest: "d")], at: now) == [nil])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `signals of one moment take the next free milliseconds`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      _ = try await store.receive((0..<3).map { arrival("id \($0)") }, at: now)
      _ = try await store.receive(
        [arrival("id 9", at: now.advanced(by: 1)), arrival("id 10", strategy: "tv:t")], at: now)
      let times = try await store.signals(strategy: "tv:s", symbol: nil, limit: 10).map(\.record.signal.time)
      #expect(times.sorted() == (0..<4).map { now.advanced(by: $0) })
      #expect(try await store.signals(strategy: "tv:t", symbol: nil, limit: 10).map(\.record.signal.time) == [now])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `a message without an id may be said again when its time is over`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let said = arrival("said d", holds: 600_000)
      let first = try await store.receive([said], at: now)
      #expect(try await store.receive([said], at: now.advanced(by: 600_000)) != first)
      let later = now.advanced(by: 600_001)
      #expect(try await store.receipts(of: [said.mark], at: later) == [nil])
      let second = try await store.receive([arrival("said d", at: later, holds: 600_000)], at: later)
      guard case .saved(let one)? = first.first, case .saved(let two)? = second.first else {
        Issue.record("\(first) \(second)")
        return
      }
      #expect(one != two)
      #expect(try await store.receipts(of: [said.mark], at: later) == [.repeated(two)])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `of messages that contradict themselves nothing is kept`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      let notice = Notice(key: "k", code: "c", channel: "book", priority: "high", body: "b")
      let arrivals = [arrival("id 1"), arrival("id 2", notices: [notice, notice])]
      do throws(StoreError) {
        _ = try await store.receive(arrivals, at: now)
        Issue.record("they were kept")
      } catch {
        guard case .unsound = error else {
          Issue.record("\(error)")
          return
        }
      }
      let kept = try await store.signals(strategy: nil, symbol: nil, limit: 10)
      let receipts = try await store.receipts(of: [arrival("id 1").mark], at: now)
      #expect(kept.isEmpty && receipts == [nil])
    }
  }
}
