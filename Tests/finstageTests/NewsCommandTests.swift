import Foundation
import Storage
import TestSupport
import Testing
import Trading

/// News from the configuration to the outbox, by the program itself.
@Suite struct NewsCommandTests {
  private static func feed(_ items: [(title: String, minutes: Double)]) -> String {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: "UTC")
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    let written = items.map { item in
      let date = format.string(from: Date().addingTimeInterval(-item.minutes * 60))
      return """
        <item><title>\(item.title)</title><link>https://e.com/\(item.title.count)?utm_source=rss</link>\
        <guid isPermaLink="false">\(item.title)</guid><pubDate>\(date)</pubDate></item>
        """
    }
    return "<rss version=\"2.0\"><channel><title>T</title>\(written.joined())</channel></rss>"
  }

  private func configuration(_ url: String, _ rules: String = "[{ name: rates, any: [fed], urgency: high }]") -> String
  {
    """
    storage: { sqlite: data/f.db }
    channels: { book: { type: file, path: told.jsonl } }
    routes: [{ channels: [book] }]
    feeds:
      - { name: wire, url: "\(url)/rss?s={symbol}", symbols: [AAPL, "^GSPC"], allow_private: true }
      - { name: broken, url: "\(url)/html", allow_private: true }
    news: { rules: \(rules) }

    """
  }

  @Test func `news are fetched, merged, listed, searched, and told once`() throws {
    let first = NewsCommandTests.feed([("Fed <b>cuts</b> rates", 5), ("삼성전자가 오른다", 10), ("Old fed story", 180)])
    let second = NewsCommandTests.feed([("Fed &lt;script&gt;holds", 1), ("Fed <b>cuts</b> rates", 5)])
    let server = try FaultServer { request, count in
      if request.path == "/html" { return .htmlInstead }
      return .text(count < 2 ? first : second, type: "application/rss+xml")
    }
    defer { server.stop() }
    try CommandTests.inFolder(["config.yaml": configuration(server.url)]) { folder in
      let fetched = try CommandTests.finstage("news", "fetch", in: folder)
      #expect(fetched.code == 4 && fetched.messages.contains("broken: this is no feed"), "\(fetched.messages)")
      #expect(server.requests.map(\.target).sorted() == ["/html", "/rss?s=%5EGSPC", "/rss?s=AAPL"])
      let listed = try CommandTests.finstage("news", "--format", "json", in: folder)
      let news = try #require(try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any])
      let items = try #require(news["news"] as? [[String: Any]])
      #expect(items.map { $0["title"] as? String } == ["Fed cuts rates", "삼성전자가 오른다", "Old fed story"])
      #expect(items.allSatisfy { $0["symbols"] as? [String] == ["AAPL", "^GSPC"] })
      #expect(try CommandTests.finstage("news", "--search", "삼성", in: folder).output.contains("삼성전자"))
      #expect(try CommandTests.finstage("news", "--search", "bitcoin", in: folder).output.contains("no such news"))
      #expect(try CommandTests.finstage("news", "--symbol", "MSFT", in: folder).output.contains("no such news"))
      #expect(try CommandTests.finstage("news", "--search=-x", in: folder).code == 3)
      #expect(try CommandTests.finstage("news", "--from", "soon", in: folder).code == 2)
      let feeds = try CommandTests.finstage("news", "feeds", in: folder)
      #expect(feeds.output.contains("stale") && feeds.output.contains("^GSPC"), "\(feeds.output)")

      // At the first reading only what is fresh is told; of two symbols once.
      let told = try CommandTests.finstage("outbox", "list", "--format", "json", in: folder)
      #expect(told.output.contains("Fed cuts rates") && !told.output.contains("Old fed story"))
      #expect(told.output.contains("\"pending\": 1"), "\(told.output)")
      #expect(try CommandTests.finstage("news", "fetch", "wire", in: folder).code == 0)
      let more = try CommandTests.finstage("outbox", "list", "--format", "json", in: folder)
      #expect(more.output.contains("\"pending\": 2"), "\(more.output)")
      #expect(try CommandTests.finstage("news", "fetch", "wier", in: folder).messages.contains("did you mean \"wire\""))
      #expect(try CommandTests.finstage("news", "fetch", "broken", in: folder).code == 3)
    }
  }

  @Test func `a configuration of feeds and rules is read without a word`() throws {
    let config = """
      channels: { console: { type: console } }
      watchlists: { index: ["^IXIC"] }
      feeds:
        - { name: a, type: rss, url: "https://e.com/?s={symbol}", symbols: ["@index", AAPL], timezone: Asia/Seoul,
            language: ko, rate: [1/s, 10/m], timeout: 10s }
        - { name: b, url: "https://e.com/atom" }
      news:
        late: 30m
        max_age: 2d
        story_window: 1d
        around: 12h
        rules:
          - { name: r, any: [fed, "rate cut", 금리], all: x, none: [y], symbols: ["@index"], feeds: a, languages: [ko],
              urgency: high, channels: [console] }
        translate: { type: libretranslate, base_url: "https://t.example", to: ko }

      """
    try CommandTests.inFolder(["config.yaml": config, "strategies/.keep": ""]) { folder in
      let answer = try CommandTests.run(["validate", "config.yaml"], in: folder)
      #expect(answer.code == 0 && answer.output.contains("0 errors, 0 warnings"), "\(answer.output)")
    }
  }

  @Test(arguments: [
    ("feeds: [{ url: \"https://e.com\" }]", "needs the key \"name\""),
    ("feeds: [{ name: a }]", "needs the key \"url\""),
    ("feeds: [{ name: a, url: \"javascript:x\" }]", "no address of the web"),
    ("feeds: [{ name: a, url: \"https://e.com/{symbol}\" }]", "the feed has no symbols"),
    ("feeds: [{ name: a, url: \"https://e.com\", type: rsss }]", "did you mean \"rss\"?"),
    ("feeds: [{ name: a, url: \"https://e.com\", timezone: Asia/Seol }]", "there is no time zone"),
    ("feeds: [{ name: a, url: \"https://e.com\", symbols: [\"@x\"] }]", "there is no watchlist \"x\""),
    ("feeds: [{ name: a, url: \"https://e.com\", rate: often }]", "such as 2/s"),
    ("feeds: [{ name: a, url: \"https://e.com\", lang: en }]", "has no key \"lang\""),
    ("feeds: [{ name: a, url: \"https://e.com\" }, { name: a, url: \"https://f.com\" }]", "two feeds \"a\""),
    ("news: { rules: [{ name: r }] }", "holds for all news"),
    ("news: { rules: [{ any: [x] }] }", "needs the key \"name\""),
    ("news: { rules: [{ name: r, any: [\"--\"] }] }", "is no keyword"),
    ("news: { rules: [{ name: r, any: [x], urgency: hihg }] }", "did you mean \"high\"?"),
    ("news: { rules: [{ name: r, any: [x], feeds: [y] }] }", "no \"y\" under feeds"),
    ("news: { rules: [{ name: r, any: [x], channels: [y] }] }", "no \"y\" under channels"),
    ("news: { late: soon }", "no length of time"), ("news: { translate: { type: deepl } }", "needs the key \"key\""),
  ])
  func `a fault is told with its line and what was meant`(_ line: String, _ words: String) throws {
    try CommandTests.inFolder(["config.yaml": "locale: en\n\(line)\n", "strategies/.keep": ""]) { folder in
      let answer = try CommandTests.run(["validate", "config.yaml"], in: folder)
      #expect(answer.code == 1, "\(answer.output)")
      #expect(answer.output.contains("config.yaml:2:") && answer.output.contains(words), "\(answer.output)")
    }
  }

  @Test(arguments: [
    ("", true), ("routes: [{ channels: [console], strategies: [golden-cross] }]", true),
    ("routes: [{ channels: [console], priority: [high] }]", true), ("routes: [{ channels: [console] }]", false),
    ("routes: [{ channels: [console], strategies: [r] }]", false),
  ])
  func `a rule that no route takes up is warned of`(_ routes: String, isWarned: Bool) throws {
    let config = "channels: { console: { type: console } }\n\(routes)\nnews: { rules: [{ name: r, any: [fed] }] }\n"
    try CommandTests.inFolder(["config.yaml": config, "strategies/.keep": ""]) { folder in
      let answer = try CommandTests.run(["validate", "config.yaml"], in: folder)
      #expect(answer.code == 0, "\(answer.output)")
      #expect(answer.output.contains("config.yaml:3:19: warning[W002") == isWarned, "\(answer.output)")
      #expect(answer.output.contains("nobody is told by the rule \"r\"") == isWarned, "\(answer.output)")
    }
  }

  @Test func `news are judged by the words of the configuration`() throws {
    let server = try FaultServer(["/rss": [.text(NewsCommandTests.feed([("Chip maker soars", 5), ("12345", 6)]))]])
    defer { server.stop() }
    let config = configuration(server.url).replacing("/rss?s={symbol}", with: "/rss")
      .replacing("  - { name: broken, url: \"\(server.url)/html\", allow_private: true }\n", with: "")
    try CommandTests.inFolder([
      "config.yaml": config + "sentiment: { lexicon: [bundled, mine.txt] }\n", "mine.txt": "[words]\n-3 soars\n",
    ]) { folder in
      #expect(try CommandTests.finstage("news", "fetch", in: folder).code == 0)
      let listed = try CommandTests.finstage("news", "--format", "json", in: folder)
      let news = try #require(try JSONSerialization.jsonObject(with: Data(listed.output.utf8)) as? [String: Any])
      let items = try #require(news["news"] as? [[String: Any]])
      let tone = try #require(items.first?["sentiment"] as? [String: Any], "\(listed)")
      // -3 / (3 + 1)
      #expect(tone["score"] as? Double == -0.75 && tone["label"] as? String == "negative")
      #expect((tone["words"] as? [[String: Any]])?.map { $0["text"] as? String } == ["soars"])
      #expect(items.last?["sentiment"] is NSNull)
    }
  }

  @Test func `nothing is translated unless it is asked for, and what cannot be goes out as it is`() async throws {
    let server = try FaultServer { request, count in
      if request.path == "/rss" { return .text(NewsCommandTests.feed([("Fed cuts rates", 5)])) }
      if count > 0 { return .status(500) }
      return .json("{\"translatedText\":[\"연준 \\u001b[31m금리 인하\"]}")
    }
    defer { server.stop() }
    let off = configuration(server.url).replacing("/rss?s={symbol}", with: "/rss")
      .replacing("  - { name: broken, url: \"\(server.url)/html\", allow_private: true }\n", with: "")
    let on = off.replacing(
      "news: {",
      with: """
        news: { translate: { type: libretranslate, base_url: "\(server.url)", key: "k3y\(CommandTests.reference)", to: ko, retries: 0,
          allow_private: true },
        """)
    func told(_ config: String) async throws -> String {
      let folder = FileManager.default.temporaryDirectory.appending(path: "translated-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      try config.write(to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
      let fetched = try CommandTests.finstage("news", "fetch", in: folder)
      #expect(fetched.code == 0 && !fetched.messages.contains("k3y"), "\(fetched)")
      let store = try SQLiteStore(SQLiteSettings(path: folder.appending(path: "data/f.db").path()), for: .reading)
      let entries = try await store.entries(in: [.pending], limit: 10)
      #expect(entries.count == 1)
      return entries.first?.notice.body ?? ""
    }
    let plain = try await told(off)
    #expect(plain.contains("Fed cuts rates") && !plain.contains("🌐"))
    #expect(server.requests(of: "/translate").isEmpty)
    let translated = try await told(on)
    #expect(translated.contains("Fed cuts rates") && translated.contains("🌐 연준 [31m금리 인하\n"), "\(translated)")
    let request = try #require(server.requests(of: "/translate").first)
    #expect(String(decoding: request.body, as: UTF8.self).contains("\"api_key\":\"k3y\""))
    let failed = try await told(on)
    #expect(failed.contains("Fed cuts rates") && !failed.contains("🌐"), "\(failed)")
    #expect(server.requests(of: "/translate").count == 2)
  }

  @Test func `the job news runs in the service and tells`() throws {
    let server = try FaultServer { request, _ in
      request.path == "/html" ? .htmlInstead : .text(NewsCommandTests.feed([("Fed cuts rates", 1)]))
    }
    defer { server.stop() }
    let config = configuration(server.url) + "schedule: [{ job: news, every: 1s }]\n"
    try CommandTests.inFolder(["config.yaml": config, "strategies/.keep": ""]) { folder in
      let program = try RunningProgram(["run"], in: folder)
      defer { if program.isRunning { _ = program.kill9() } }
      let book = folder.appending(path: "told.jsonl")
      let end = Date().addingTimeInterval(120)
      program.wait {
        FileManager.default.fileExists(atPath: book.path()) && server.requests.count > 6 || Date() > end
      }
      let lines = (try? String(contentsOf: book, encoding: .utf8))?.split(separator: "\n") ?? []
      #expect(lines.count == 1 && lines.first?.contains("Fed cuts rates") == true, "\(program.warned.suffix(800))")
      // What failed is left alone.
      #expect(server.requests(of: "/html").count == 1)
    }
  }
}
