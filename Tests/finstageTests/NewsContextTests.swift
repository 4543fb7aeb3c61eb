import Foundation
import Storage
import TestSupport
import Testing
import Trading

/// The news of a signal: in its message and in its explanation.
@Suite struct NewsContextTests {
  private static func item(_ title: String, _ at: Instant, symbol: String = "X", fetched: Instant? = nil) -> NewsItem {
    NewsItem(
      feed: "wire", identifier: title, url: "https://e.com/1", title: title, publishedAt: at, fetchedAt: fetched ?? at,
      symbols: [symbol])
  }

  /// The bar of 2 January is known at midnight behind it; a day before that the window begins.
  @Test func `explain of a stored signal shows the news before it and its values`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "context-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder.appending(path: "s"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = [
      "X.csv": "timestamp,open,high,low,close,volume\n2024-01-01,10,10,10,10,1\n2024-01-02,10,11,10,11,1\n",
      "config.yaml": """
      storage: { sqlite: f.db }
      strategies: s
      sources: { f: { type: csv, path: X.csv } }
      collect: [{ source: f, symbols: [X], timeframe: 1d }]
      """,
      "s/up.yaml":
        "name: up\ntimeframe: 1d\nsymbols: [X]\npipeline:\n  - { id: a, buy: close > 10.5, sell: close < 1 }\n",
    ]
    for (name, text) in files {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    let close = try #require(Instant("2024-01-03T00:00:00Z"))
    var id: Int64?
    do {
      let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "f.db").path()), for: .writing)
      let signal = Signal(
        time: close.advanced(by: -86_400_000), bar: 1, direction: .buy, confidence: 70, price: 11, reason: "up")
      let record = Storage.SignalRecord(
        strategy: "up", version: "1", symbol: "X", timeframe: .day, signal: signal)
      id = try await store.save(record, notices: [], at: close)
      _ = try await store.save([
        Self.item("Before it", close.advanced(by: -1)), Self.item("A day before", close.advanced(by: -86_400_000)),
        Self.item("Too long ago", close.advanced(by: -86_400_001)), Self.item("Behind it", close.advanced(by: 1)),
        Self.item("Of another", close.advanced(by: -2), symbol: "Y"),
      ])
      try store.close()
    }
    let number = try #require(id)
    let text = try CommandTests.run(["explain", "\(number)"], in: folder)
    #expect(text.code == 0, "\(text.messages)")
    #expect(text.output.contains("signal \(number): up X 1d") && text.output.contains("close > 10.5"), "\(text)")
    #expect(text.output.contains("Before it (wire)") && text.output.contains("A day before (wire)"))
    for absent in ["Too long ago", "Behind it", "Of another"] { #expect(!text.output.contains(absent), "\(text)") }
    let json = try CommandTests.run(["explain", "\(number)", "--format", "json"], in: folder)
    let found = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let news = try #require(found["news"] as? [[String: Any]])
    #expect(news.map { $0["title"] as? String } == ["Before it", "A day before"])
    #expect(found["explanation"] is [String: Any])
    let lost = try CommandTests.run(["explain", "99"], in: folder)
    #expect(lost.code == 2 && lost.messages.contains("there is no signal 99"), "\(lost)")
  }

  @Test func `the message of a signal has the latest news about its symbol`() throws {
    // Bar 30 closes 31 minutes behind the first, which is an hour ago.
    let close = Int64(Date().timeIntervalSince1970) / 60 * 60 - 29 * 60
    func feed(_ items: [(String, Int64)]) -> FaultAnswer {
      let entries = items.map { title, seconds in
        """
        <entry><id>tag:e.com:\(title)</id><title>\(title)</title>\
        <updated>\(Instant(seconds: close + seconds))</updated></entry>
        """
      }
      return .text("<feed xmlns=\"http://www.w3.org/2005/Atom\">\(entries.joined())</feed>")
    }
    let own = (1...5).map { ("Headline \($0)", Int64($0) * -60) } + [("Not yet", 61)]
    let server = try FaultServer(["/x": [feed(own)], "/y": [feed([("Other", -1)])]])
    defer { server.stop() }
    let channels = """
      channels: { book: { type: file, path: told.jsonl } }
      routes: [{ channels: [book] }]
      notify: { max_age: 365d }
      feeds:
        - { name: wire, url: "\(server.url)/x", symbols: [X], allow_private: true }
        - { name: other, url: "\(server.url)/y", symbols: [Y], allow_private: true }

      """
    let bars = Array(repeating: 10.0, count: 30)
    let strategy = """
      name: swing
      timeframe: 1m
      symbols: ["@index"]
      pipeline:
        - { id: up, buy: close > 10.5, sell: close < 5 }
      notify: { priority: high }

      """
    try ServiceFixture.inFolder(channels, strategies: ["swing": strategy], closes: bars) { service in
      let fetched = try CommandTests.finstage("news", "fetch", in: service.folder)
      #expect(fetched.code == 0, "\(fetched)")
      try service.runAndStop { program in
        try service.price(bars + [11])
        service.within(program) { service.told().count == 1 }
      }
      let told = try #require(service.told().first)
      for number in 1...3 { #expect(told.contains("• Headline \(number) · "), "\(told)") }
      for absent in ["Headline 4", "Not yet", "Other"] { #expect(!told.contains(absent), "\(told)") }
    }
  }
}
