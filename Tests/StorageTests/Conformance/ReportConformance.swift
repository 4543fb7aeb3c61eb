import Foundation
import Testing
import Trading

@testable import Storage

/// What every engine says of how things stood at an earlier moment.
@Suite struct ReportConformance {
  private func moment(_ number: Int) -> Instant { day(2026, 1, number) }

  private func store(_ engine: StoreEngine, _ body: (any Store) async throws -> Void) async throws {
    try await inFolder { folder in try await body(try engine.open(folder)) }
  }

  @Test(arguments: StoreEngine.all)
  func `insights are those that had been made by a moment, as far as ten are kept`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      func insights(_ day: Int, _ symbol: String = "X") -> InsightRecord {
        let made = moment(day)
        return InsightRecord(symbol: symbol, timeframe: .day, last: made, madeAt: made, document: "{\"day\": \(day)}")
      }
      #expect(try await store.insights(knownAt: moment(28)) == [])
      for day in 1...14 { try await store.save(insights(day)) }
      try await store.save(insights(9, "Y"))
      #expect(try await store.insights() == [insights(14), insights(9, "Y")])
      #expect(try await store.insights(knownAt: moment(28)) == [insights(14), insights(9, "Y")])
      #expect(try await store.insights(knownAt: moment(13)) == [insights(13), insights(9, "Y")])
      #expect(try await store.insights(knownAt: moment(8)) == [insights(8)])
      #expect(try await store.insights(knownAt: moment(4)) == [insights(4)])
      // Before the ten that are kept.
      #expect(try await store.insights(knownAt: moment(3)) == [])
      // The same again is no edition of itself.
      try await store.save(insights(14))
      #expect(try await store.insights(knownAt: moment(14)) == [insights(14), insights(9, "Y")])
    }
  }

  @Test(arguments: StoreEngine.all)
  func `signals stand as they stood, whatever became of them later`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      func signal(_ price: Double) -> Signal {
        Signal(time: day(2026, 1, 2), bar: 7, direction: .buy, confidence: 85, price: price, reason: "r")
      }
      let record = SignalRecord(strategy: "s", version: "1", symbol: "X", timeframe: .day, signal: signal(10))
      let id = try #require(try await store.save(record, notices: [], at: moment(3)))
      #expect(try await store.signals(knownAt: moment(2)) == [])
      _ = try await store.correct(SignalCorrection(id: id, signal: signal(11), cause: "a"), at: moment(5))
      _ = try await store.correct(SignalCorrection(id: id, signal: nil, cause: "b"), at: moment(7))
      func known(_ date: Int) async throws -> KnownSignal? {
        try await store.signals(knownAt: moment(date)).first
      }
      #expect(try await known(4)?.stored.record.signal.price == 10)
      #expect(try await known(6)?.stored.record.signal.price == 11)
      let between = try #require(try await known(6))
      #expect(between.stored.retractedAt == nil && between.savedAt == moment(3))
      #expect(try await known(8)?.stored.retractedAt == moment(7))
    }
  }

  @Test(arguments: StoreEngine.all)
  func `news are those that were here, about what they were known to be about`(_ engine: StoreEngine) async throws {
    try await store(engine) { store in
      func item(_ identifier: String, published: Int, fetched: Int, _ symbols: Set<String>) -> NewsItem {
        NewsItem(
          feed: "f", identifier: identifier, title: "t \(identifier)", publishedAt: moment(published),
          fetchedAt: moment(fetched), symbols: symbols)
      }
      _ = try await store.save([
        item("a", published: 4, fetched: 4, ["X"]), item("old", published: 2, fetched: 4, ["X"]),
        item("later", published: 4, fetched: 6, ["X"]), item("b", published: 5, fetched: 5, []),
      ])
      _ = try await store.save([item("a", published: 4, fetched: 8, ["Y"])])
      let found = try await store.news(broughtAfter: moment(3), knownAt: moment(5), limit: 10)
      #expect(found.map(\.title) == ["t b", "t a"] && found.map(\.symbols) == [[], ["X"]])
      #expect(try await store.news(broughtAfter: moment(3), knownAt: moment(5), limit: 1).count == 1)
      let now = try await store.news(broughtAfter: moment(3), knownAt: moment(9), limit: 10)
      #expect(now.map(\.title) == ["t b", "t later", "t a"] && now.last?.symbols == ["X", "Y"])
    }
  }
}
