import Fetching
import News
import PluginKit
import Storage
import Synchronization
import TestSupport
import Testing
import Trading

@Suite struct FeedCollectorTests {
  private func collect(
    _ sources: [FeedSource], _ store: SQLiteStore, at moment: Instant = noon, leavesAlone: Bool = false
  ) async throws -> [FeedPass] {
    var settings = FeedCollector.Settings()
    settings.leavesAlone = leavesAlone
    return try await FeedCollector(sources, store: store, settings: settings, now: { moment }).run()
  }

  @Test func `a document is asked for again only when it has changed, also after a restart`() async throws {
    let server = try FaultServer { request, _ in
      if request.headers["if-none-match"] == "\"v1\"",
        request.headers["if-modified-since"] == "Mon, 05 Jan 2026 10:00:00 GMT"
      {
        return .status(304)
      }
      return .text(
        rss([("1", "One"), ("2", "Two")]),
        headers: [("ETag", "\"v1\""), ("Last-Modified", "Mon, 05 Jan 2026 10:00:00 GMT")])
    }
    defer { server.stop() }
    try await inFolder { folder in
      for run in 0..<3 {
        let store = try SQLiteStore(SQLiteSettings(path: "\(folder)/f.db"), for: .writing)
        let passes = try await collect([source("wire", server.url + "/feed")], store)
        #expect(passes.map(\.outcome) == [run == 0 ? .read(new: 2, merged: 0, known: 0) : .unchanged])
        #expect(try await store.news(NewsQuery()).count == 2)
        try store.close()
      }
    }
    #expect(server.requests.map { $0.headers["if-none-match"] } == [nil, "\"v1\"", "\"v1\""])
  }

  @Test func `a document that breaks off is asked for whole the next time`() async throws {
    let whole = rss([("1", "One"), ("2", "Two")])
    let server = try FaultServer { _, count in
      .text(count == 0 ? String(whole.dropLast(70)) : whole, headers: [("ETag", "\"v\"")])
    }
    defer { server.stop() }
    try await inStore { store in
      let feed = source("wire", server.url + "/feed")
      let first = try await collect([feed], store)
      let second = try await collect([feed], store)
      #expect(first.map(\.outcome) == [.read(new: 1, merged: 0, known: 0)])
      #expect(second.map(\.outcome) == [.read(new: 1, merged: 0, known: 1)])
      #expect(server.requests.map { $0.headers["if-none-match"] } == [nil, nil])
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `whatever a server does costs the other feeds nothing, and says why`() async throws {
    let faults: [(path: String, answer: FaultAnswer, words: String)] = [
      ("/gigabyte", .endless(), "10485760 bytes"), ("/bomb", .gzipBomb(), "10485760 bytes"),
      ("/gzip", .wrongGzip, "decompressed"), ("/html", .htmlInstead, "<html>"), ("/empty", .empty, "empty"),
      ("/down", .status(503), "503"), ("/silence", .silence, "within"), ("/garbage", .garbage, "no HTTP"),
      ("/reset", .reset(after: "<rss>"), "broke"), ("/partial", .partial("<rss version"), "broke"),
      ("/gone", .status(404), "404"),
    ]
    var answers = Dictionary(uniqueKeysWithValues: faults.map { ($0.path, [$0.answer]) })
    answers["/sound"] = [.text(rss([("1", "One"), ("2", "Two")]))]
    let server = try FaultServer(answers)
    defer { server.stop() }
    try await inStore { store in
      let sources = (faults.map(\.path) + ["/sound"]).map {
        source(String($0.dropFirst()), server.url + $0, timeout: $0 == "/silence" ? 300 : 20_000)
      }
      let passes = try await collect(sources, store)
      #expect(passes.count == faults.count + 1)
      for fault in faults {
        let pass = try #require(passes.first { "/\($0.feed)" == fault.path })
        #expect(pass.failure?.contains(fault.words) == true, "\(fault.path): \(pass.failure ?? "none")")
      }
      #expect(passes.first { $0.feed == "sound" }?.outcome == .read(new: 2, merged: 0, known: 0))
      #expect(try await store.feeds().filter { $0.failures == 1 }.count == faults.count)
    }
  }

  @Test func `a feed that fails keeps what it brought, is stale, and is left alone for longer each time`() async throws
  {
    let server = try FaultServer { _, count in count == 0 ? .text(rss([("1", "One")])) : .status(500) }
    defer { server.stop() }
    try await inStore { store in
      let feed = source("wire", server.url + "/feed", symbols: ["AAPL"])
      _ = try await collect([feed], store)
      var moment = noon.advanced(by: 3_600_000)
      var waits: [Int64] = []
      for _ in 0..<9 {
        let failed = try await collect([feed], store, at: moment, leavesAlone: true)
        #expect(failed.first?.failure == "the server answers 500" && failed.first?.answeredAt == noon)
        let state = try #require(try await store.feeds().first)
        let until = try #require(state.notBefore)
        waits.append((until.milliseconds - moment.milliseconds) / 60_000)
        let early = try await collect([feed], store, at: until.advanced(by: -1), leavesAlone: true)
        #expect(early.map(\.outcome) == [.leftAlone(until: until)])
        moment = until
      }
      #expect(waits == [5, 10, 20, 40, 80, 160, 320, 360, 360])
      #expect(try await store.news(NewsQuery(symbol: "AAPL")).count == 1)
    }
  }

  /// A feed whose addresses, identifiers and dates cannot be relied on: each pass brings the same titles as new items.
  @Test func `an item that loses its identifier and its date after days stays in its story`() async throws {
    let old = "<item><guid>a</guid><title>Fed holds rates steady</title>"
    let bodies = [
      "<rss><channel>\(old)<pubDate>Mon, 05 Jan 2026 11:00:00 GMT</pubDate></item></channel></rss>",
      "<rss><channel>\(old.replacing("a<", with: "b<"))</item></channel></rss>",
      "<rss><channel>\(old.replacing("a<", with: "c<"))<pubDate>Mon, 05 Jan 2026 11:00:00 GMT</pubDate></item></channel></rss>",
    ]
    let server = try FaultServer { _, count in .text(bodies[min(count, 2)]) }
    defer { server.stop() }
    try await inStore { store in
      for day in 0..<3 {
        _ = try await collect(
          [source("wire", server.url + "/feed")], store, at: noon.advanced(by: Int64(day) * 5 * 86_400_000))
      }
      let found = try await store.news(NewsQuery()).map(\.item)
      #expect(found.count == 3 && Set(found.map(\.story)).count == 1)
      #expect(Set(found.map(\.dating)) == [.given, .missing])
    }
  }

  @Test func `symbols go into the address percent-encoded, and into the items`() async throws {
    let addresses = FeedSource.addresses("https://e.com/rss?s={symbol}", symbols: ["^IXIC", "ES=F", "BRK-B"])
    #expect(
      addresses.map(\.url) == [
        "https://e.com/rss?s=%5EIXIC", "https://e.com/rss?s=ES%3DF", "https://e.com/rss?s=BRK-B",
      ])
    #expect(addresses.map(\.symbols) == [["^IXIC"], ["ES=F"], ["BRK-B"]])
    #expect(FeedSource.addresses("https://e.com/all", symbols: ["A", "B"]).map(\.symbols) == [["A", "B"]])
  }

  @Test func `a translator is asked as DeepL and LibreTranslate are, and no message shows its key`() async throws {
    let server = try FaultServer([
      "/v2/translate": [.json("{\"translations\":[{\"text\":\"하나\"},{\"text\":\"둘\"}]}"), .status(403)],
      "/translate": [.json("{\"translatedText\":[\"eins\"]}")],
    ])
    defer { server.stop() }
    let web = source("x", server.url).web
    let deepl = TranslationService(.deepl, baseURL: server.url, key: "k3y", target: "ko")
    let answer = await deepl.translate(["one", "two"], from: "en-us", by: web)
    #expect(answer.texts == ["하나", "둘"])
    let request = try #require(server.requests.first)
    #expect(request.headers["authorization"] == "DeepL-Auth-Key k3y")
    let body = String(decoding: request.body, as: UTF8.self)
    #expect(body.contains("\"target_lang\":\"KO\"") && body.contains("\"source_lang\":\"EN\""))
    let refused = await deepl.translate(["one"], by: web)
    #expect(refused.texts == nil && refused.fault?.contains("403") == true && refused.fault?.contains("k3y") == false)
    let libre = TranslationService(.libretranslate, baseURL: server.url, key: nil, target: "de")
    #expect(await libre.translate(["one"], by: web).texts == ["eins"])
    #expect(await libre.translate(["one", "two"], by: web).texts == nil)
  }
}
