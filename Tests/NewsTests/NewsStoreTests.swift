import Foundation
import News
import Storage
import Testing
import Trading

@Suite struct NewsStoreTests {
  private func titles(_ store: SQLiteStore, _ query: NewsQuery) async throws -> [String] {
    try await store.news(query).map(\.item.title)
  }

  @Test func `one item of several feeds is kept once, with the symbols of all and each of its sources`() async throws {
    try await inStore { store in
      let uuid = "a0f1d2c3-1111-3333-8888-0123456789ab"
      let first = try await store.save(
        [arrival("Chips fall", id: uuid, url: "https://e.com/1", feed: "yahoo", symbols: ["AAPL"])], of: nil, at: noon)
      #expect(first.outcomes == [.new])
      // Its feed for another symbol, another feed by the same identifier, a third by address and title.
      let more = try await store.save(
        [
          arrival("Chips fall", id: uuid, url: "https://e.com/1", feed: "yahoo", symbols: ["NVDA"]),
          arrival("Chips fall!", id: uuid, url: "https://f.com/9", feed: "other", symbols: ["AAPL"]),
          arrival("CHIPS FALL", url: "http://www.e.com/1?utm_source=x", feed: "third", symbols: ["AMD"]),
          arrival("Chips fall", id: uuid, url: "https://e.com/1", feed: "yahoo", symbols: ["AAPL"]),
        ], of: nil, at: noon)
      #expect(more.outcomes == [.merged, .merged, .merged, .known] && Set(more.ids + first.ids).count == 1)
      let stored = try await store.news(NewsQuery())
      #expect(stored.count == 1 && stored[0].item.symbols == ["AAPL", "NVDA", "AMD"])
      #expect(try await store.sources(of: stored[0].id).map(\.feed).sorted() == ["other", "third", "yahoo"])
      for symbol in ["AAPL", "NVDA", "AMD"] {
        #expect(try await store.news(NewsQuery(search: "chips", symbol: symbol)).count == 1)
      }
      #expect(try await store.news(NewsQuery(search: "chips", symbol: "MSFT")).isEmpty)
      let day: Int64 = 86_400_000
      let around = try await store.newsSymbols(from: noon.advanced(by: -day), to: noon)
      #expect(around == ["AAPL", "NVDA", "AMD"])
      #expect(try await store.newsSymbols(from: noon.advanced(by: day), to: noon.advanced(by: 2 * day)).isEmpty)
      #expect(try await store.news(NewsQuery(feed: "third")).count == 1)
    }
  }

  @Test func `items that only look alike stay two`() async throws {
    try await inStore { store in
      let receipt = try await store.save(
        [
          // One feed tells its items apart by its own identifiers.
          arrival("Market update", id: "1", url: "https://e.com/live", feed: "a"),
          arrival("Market update", id: "2", url: "https://e.com/live", feed: "a"),
          // A number is no identifier of the whole world.
          arrival("Other", id: "1", url: "https://f.com/x", feed: "b"),
          // A front page is no address of an article.
          arrival("Daily brief", url: "https://g.com/", feed: "c", summary: "Monday"),
          arrival("Daily brief", url: "https://g.com", feed: "d", summary: "Tuesday"),
          // Without an identifier, address and title are one.
          arrival("Same", url: "https://h.com/1?utm_medium=rss", feed: "e"),
          arrival("Same", url: "https://h.com/1?utm_medium=mail", date: noon.advanced(by: -1_000), feed: "e"),
        ], of: nil, at: noon)
      #expect(receipt.outcomes == [.new, .new, .new, .new, .new, .new, .known])
    }
  }

  @Test func `dates of the future are taken back, and each date says what it is worth`() {
    let future = arrival("x", date: noon.advanced(by: 86_400_000)).item
    #expect(future.publishedAt == noon && future.dating == .clamped)
    let ahead = arrival("x", date: noon.advanced(by: 60_000)).item
    #expect(ahead.publishedAt == noon && ahead.dating == .given)
    let missing = arrival("x", date: nil).item
    #expect(missing.publishedAt == noon && missing.dating == .missing)
    #expect(arrival("x", date: moment("1960-01-01")).item.dating == .missing)
    let assumed = arrival("x", date: noon.advanced(by: -1), assumed: true).item
    #expect(assumed.publishedAt == noon.advanced(by: -1) && assumed.dating == .zoneAssumed)
  }

  /// The case changing-links: four entries are three items, of which one has no sound date.
  @Test func `links that change are one item, and a date that is still to come is marked`() async throws {
    let bytes = try [UInt8](Data(contentsOf: FeedCaseTests.folder.appending(path: "changing-links.feed")))
    let arrivals = try FeedParser().read(bytes).items.map {
      $0.arrival(of: "wire", language: nil, symbols: [], fetchedAt: noon)
    }
    try await inStore { store in
      let receipt = try await store.save(arrivals, of: nil, at: noon)
      #expect(receipt.outcomes == [.new, .known, .new, .new])
      let found = try await store.news(NewsQuery()).map(\.item).sorted { $0.title < $1.title }
      #expect(found.map(\.dating) == [.given, .given, .clamped])
      #expect(found.map(\.publishedAt) == [noon.advanced(by: -7_200_000), noon, noon])
    }
  }

  @Test func `words are found in both languages, in the order of time and within its bounds`() async throws {
    try await inStore { store in
      func at(_ hour: Int64) -> Instant { noon.advanced(by: hour * 3_600_000 - 86_400_000) }
      _ = try await store.save(
        [
          arrival("Fed cuts interest rates", id: "1", date: at(3), summary: "Café society"),
          arrival("Rates: Fed holds", id: "2", date: at(1), symbols: ["^GSPC"]),
          arrival("한국은행, 기준금리 동결…환율 안정", id: "3", date: at(2), symbols: ["^KS11"]),
          arrival("삼성전자가 반도체에 투자", id: "4", date: at(4)),
          arrival("Inflation slows \"again\" <b>", id: "5", date: at(5), summary: "OR AND NOT NEAR(x) title:x"),
        ], of: nil, at: noon)
      let wanted: [(NewsQuery, [String])] = [
        (NewsQuery(search: "fed rates"), ["1", "2"]), (NewsQuery(search: "\"interest rates\""), ["1"]),
        (NewsQuery(search: "\"rates interest\""), []), (NewsQuery(search: "FED -cuts"), ["2"]),
        (NewsQuery(search: "infla*"), ["5"]), (NewsQuery(search: "infla"), []), (NewsQuery(search: "cafe"), ["1"]),
        (NewsQuery(search: "금리"), ["3"]), (NewsQuery(search: "기준금리"), ["3"]), (NewsQuery(search: "환율"), ["3"]),
        (NewsQuery(search: "반도체"), ["4"]), (NewsQuery(search: "삼성전자"), ["4"]), (NewsQuery(search: "전자"), ["4"]),
        (NewsQuery(search: "동"), ["3"]), (NewsQuery(search: "결"), ["3"]), (NewsQuery(search: "금환"), []),
        (NewsQuery(search: "금리 fed"), []), (NewsQuery(search: "OR"), ["5"]), (NewsQuery(search: "title:x"), ["5"]),
        (NewsQuery(search: "fed", symbol: "^GSPC"), ["2"]), (NewsQuery(symbol: "^KS11"), ["3"]),
        (NewsQuery(search: "fed", from: at(2)), ["1"]), (NewsQuery(search: "fed", to: at(1)), ["2"]),
        (NewsQuery(from: at(2), to: at(4)), ["4", "1", "3"]), (NewsQuery(limit: 2), ["5", "4"]),
        (NewsQuery(search: "삼성전자가"), ["4"]),
        (NewsQuery(search: "\u{1100}\u{1173}\u{11B7}\u{1105}\u{1175}"), ["3"]),
      ]
      for (query, ids) in wanted {
        #expect(try await store.news(query).map(\.item.identifier) == ids, "\(query)")
      }
      for nothing in ["", "  ", "-", "\"", "*", "-fed", "+++"] {
        await #expect(throws: StoreError.self) { try await store.news(NewsQuery(search: nothing)) }
      }
      for odd in ["a\"b", "fed\" OR \"x", "NEAR(a b, 2)", "{title}: x", "fed^2", "(((", "'; DROP TABLE news; --"] {
        _ = try? await store.news(NewsQuery(search: odd))
      }
      #expect(try await store.news(NewsQuery()).count == 5)
    }
  }

  @Test func `what is pruned is found no more, by any way`() async throws {
    try await inStore { store in
      let old = noon.advanced(by: -40 * 86_400_000)
      _ = try await store.save(
        [arrival("Old gold", id: "1", date: old, symbols: ["G"]), arrival("New gold", id: "2")], of: nil, at: noon)
      _ = try await store.prune([RetentionRule(.news, olderThan: 30 * 86_400_000)], now: noon)
      #expect(try await titles(store, NewsQuery(search: "gold")) == ["New gold"])
      #expect(try await titles(store, NewsQuery(symbol: "G")).isEmpty)
      // Its keys and sources have gone with it.
      let again = try await store.save([arrival("Old gold", id: "1", date: old)], of: nil, at: noon)
      #expect(again.outcomes == [.new])
    }
  }

  @Test func `items of one moment keep their order and lose nobody`() async throws {
    try await inStore { store in
      let arrivals = (0..<300).map { arrival("Item \($0)", id: "\($0)", date: noon) }
      _ = try await store.save(arrivals, of: nil, at: noon)
      #expect(
        try await store.news(NewsQuery(limit: 1_000)).map(\.item.identifier) == (0..<300).reversed().map { "\($0)" })
    }
  }

  @Test func `notices go out with what is new, and nothing is saved where they cannot be`() async throws {
    try await inStore { store in
      var one = arrival("A", id: "1", symbols: ["X"])
      one.notices = [Notice(key: "news/r/1", code: "C", channel: "console", priority: "high", body: "b")]
      let state = FeedState(feed: "wire", address: "#1", entityTag: "v1", askedAt: noon)
      _ = try await store.save([one], of: state, at: noon)
      _ = try await store.save([one], of: state, at: noon)
      #expect(try await store.counts() == [.pending: 1])
      #expect(try await store.feeds() == [state])
      var two = arrival("B", id: "2")
      two.notices = one.notices + one.notices
      var later = state
      later.entityTag = "v2"
      let unsaved = later
      await #expect(throws: StoreError.self) { try await store.save([two], of: unsaved, at: noon) }
      #expect(try await store.news(NewsQuery()).count == 1)
      #expect(try await store.feeds() == [state])
    }
  }
}
