import Foundation
import News
import PluginKit
import SeriesMath
import Storage
import Synchronization
import Testing
import Trading

/// Fifty feeds, half of them faulty, in simulated time: DAYS of it (1 where it is not set), from SEED.
@Suite struct SimulatedWeekTests {
  @Test(.timeLimit(.minutes(10)))
  func `no item of a sound feed is lost and none is sent twice`() async throws {
    let environment = ProcessInfo.processInfo.environment
    let days = environment["DAYS"].flatMap { Int64($0) } ?? 1
    let seed = environment["SEED"].flatMap { UInt64($0) } ?? 7
    // A pass every half hour in the long form, every four hours in the short one.
    let step: Int64 = days > 1 ? 1_800_000 : 14_400_000
    let press = Press(seed: seed, from: noon, days: days)
    var random = SplitMix64(seed: seed &+ 1)
    var sent: [String] = []
    try await inFolder { folder in
      var store = try SQLiteStore(SQLiteSettings(path: "\(folder)/f.db"), for: .writing)
      let sources = (0..<50).map { number in
        FeedSource(
          name: "feed\(number)",
          addresses: [.init(url: "https://feeds.example/\(number)", symbols: ["S\(number % 7)"])],
          web: press)
      }
      for moment in stride(
        from: noon.milliseconds, through: noon.milliseconds + days * 86_400_000 + step, by: Int(step))
      {
        let now = Instant(milliseconds: moment)
        press.clock.withLock { $0 = now }
        let collector = FeedCollector(sources, store: store, now: { now })
        let passes = try await collector.run { item, _ in
          guard item.title.contains("alert") else { return [] }
          let story = item.story.map { "\($0)" } ?? ""
          return [
            Notice(key: "news/r/\(story)", code: "C", channel: "out", priority: "high", title: item.title, body: "b")
          ]
        }
        #expect(passes.allSatisfy { $0.storeFault == nil })
        // The sender, which may be cut off before it notes that a message went out: then it goes again and is counted
        // by the drain's own tests; here each claim ends.
        while let claimed = try await store.claim(
          channel: "out", at: now, lateBefore: Instant(milliseconds: 0), limit: 1)
        {
          sent += claimed.entries.map(\.notice.title)
          try await store.note(.sent(reference: nil), of: claimed.entries.map(\.id), at: now)
        }
        if random.unit() < 0.2 {
          try store.close()
          store = try SQLiteStore(SQLiteSettings(path: "\(folder)/f.db"), for: .writing)
        }
      }
      let stored = try await store.news(NewsQuery(limit: 1_000_000))
      // What a faulty feed garbles is not the same item any more.
      var items: [NewsItem] = []
      for one in stored {
        let feeds = try await store.sources(of: one.id).map(\.feed)
        if feeds.contains(where: { Int($0.dropFirst(4)).map { $0 % 2 == 0 } ?? false }) { items.append(one.item) }
      }
      let byTitle = Dictionary(grouping: items, by: \.title)
      var (missing, twice, wrongSymbols) = (0, 0, 0)
      for (title, feeds) in press.soundTitles {
        missing += byTitle[title] == nil ? 1 : 0
        twice += (byTitle[title]?.count ?? 1) - 1
        let wanted = Set(feeds.map { "S\($0 % 7)" })
        if let item = byTitle[title]?.first, !item.symbols.isSuperset(of: wanted) { wrongSymbols += 1 }
      }
      #expect(missing == 0 && twice == 0 && wrongSymbols == 0)
      #expect(press.soundTitles.count > 100 * Int(days))
      let alerts = Set(press.soundTitles.keys.filter { $0.contains("alert") })
      #expect(alerts.isSubset(of: Set(sent)) && !alerts.isEmpty)
      let repeated = Dictionary(grouping: sent, by: { $0 }).filter { $0.value.count > 1 }.keys.sorted()
      #expect(repeated.isEmpty)
      print(
        "\(days) days from seed \(seed): \(press.requests) requests, \(press.soundTitles.count) items of sound feeds,",
        "\(stored.count) stored, \(sent.count) sent; missing \(missing), twice \(twice)")
      try store.close()
    }
  }
}

/// Servers of the outside world: what each feed holds at a moment, and how it answers.
private final class Press: WebClient {
  struct Story {
    var title: String
    var at: Instant
    var feeds: [Int]
  }

  let clock: Mutex<Instant>
  private let stories: [Story]
  private let random: Mutex<SplitMix64>
  private let counter = Mutex(0)
  let soundTitles: [String: [Int]]

  var requests: Int { counter.withLock { $0 } }

  /// Feeds of even numbers are sound; of the others each has a fault of its own.
  init(seed: UInt64, from start: Instant, days: Int64) {
    var random = SplitMix64(seed: seed)
    var stories: [Story] = []
    for number in 0..<Int(days) * 200 {
      let at = start.advanced(by: Int64(random.unit() * Double(days) * 86_400_000))
      var feeds: Set<Int> = []
      // A wire's story stands in several papers.
      for _ in 0...Int(random.unit() * 3) { feeds.insert(Int(random.unit() * 50)) }
      let kind = random.unit() < 0.2 ? "alert" : "brief"
      stories.append(Story(title: "Story\(number) \(kind) x\(number)", at: at, feeds: feeds.sorted()))
    }
    self.stories = stories.sorted { $0.at < $1.at }
    clock = Mutex(start)
    self.random = Mutex(random)
    var sound: [String: [Int]] = [:]
    for story in stories {
      let feeds = story.feeds.filter { $0 % 2 == 0 }
      if !feeds.isEmpty { sound[story.title] = feeds }
    }
    soundTitles = sound
  }

  func send(_ request: WebRequest) async throws(WebError) -> WebResponse {
    counter.withLock { $0 += 1 }
    let now = clock.withLock { $0 }
    let feed = Int(request.url.split(separator: "/").last ?? "") ?? 0
    let chance = random.withLock { $0.unit() }
    // A sound feed is down now and then, too.
    if feed % 2 == 0, chance < 0.03 { return WebResponse(status: 503, headers: [:], body: []) }
    let held = stories.filter { $0.feeds.contains(feed) && $0.at <= now }.suffix(40)
    let tag = "\"\(feed)-\(held.last?.title ?? "")\""
    let knows = request.headers.contains { $0.name == "If-None-Match" && $0.value == tag }
    if feed % 2 == 0, knows { return WebResponse(status: 304, headers: [:], body: []) }
    let text = feed % 4 == 0 ? atom(held, feed) : rss(held, feed)
    let body = try faulty(Array(text.utf8), feed, chance)
    return WebResponse(status: 200, headers: ["etag": tag, "content-type": "text/xml"], body: body)
  }

  private func faulty(_ body: [UInt8], _ feed: Int, _ chance: Double) throws(WebError) -> [UInt8] {
    guard feed % 2 == 1 else { return body }
    switch (feed / 2) % 8 {
    case 0: throw WebError(.timeout, "feeds.example: no whole answer within 30 s")
    case 1: return Array("<!DOCTYPE html><html><body>Checking your browser</body></html>".utf8)
    case 2: return Array(body.prefix(Int(Double(body.count) * chance)))
    case 3: return body.map { byte in random.withLock { $0.unit() } < 0.01 ? 0xFF : byte }
    case 4: return Array("<!DOCTYPE r [<!ENTITY a \"&a;&a;\">]>".utf8) + body
    case 5: return Array(String(decoding: body, as: UTF8.self).replacing("</title>", with: "").utf8)
    case 6: return []
    default: return chance < 0.5 ? body : body.reversed()
    }
  }

  private func rss(_ stories: some BidirectionalCollection<Story>, _ feed: Int) -> String {
    // One in three gives no identifiers, and counts its readers in the addresses.
    let items = stories.reversed().map { story in
      let name = story.title.replacing(" ", with: "-")
      let count = random.withLock { Int($0.unit() * 1e6) }
      let guid = feed % 3 == 0 ? "" : "<guid isPermaLink=\"false\">\(feed)-\(name)</guid>"
      return """
        <item><title>\(story.title)</title><link>https://wire.example/\(name)?utm_source=f\(feed)&amp;utm_id=\(count)</link>\
        \(guid)<pubDate>\(story.at)</pubDate></item>
        """
    }
    return
      "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>\(feed)</title>\(items.joined())</channel></rss>"
  }

  private func atom(_ stories: some BidirectionalCollection<Story>, _ feed: Int) -> String {
    let items = stories.reversed().map { story in
      let name = story.title.replacing(" ", with: "-")
      return """
        <entry><title>\(story.title)</title><link href="https://wire.example/\(name)"/><id>tag:wire.example:\(name)</id>\
        <updated>\(story.at)</updated></entry>
        """
    }
    return "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>\(feed)</title>\(items.joined())</feed>"
  }
}
