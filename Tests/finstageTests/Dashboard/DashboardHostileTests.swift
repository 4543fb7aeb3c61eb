import Foundation
import TestSupport
import Testing

/// Texts that are attacks, from a feed and a strategy's file into every page of a running service.
@Suite struct DashboardHostileTests {
  private static let texts = HostileText.titles.filter { !$0.contains("${") }

  private static func feed(_ texts: [String]) -> String {
    let format = ISO8601DateFormatter()
    let entries = texts.enumerated().map { place, text in
      let date = format.string(from: Date().addingTimeInterval(-600 - Double(place) * 30))
      return "<entry><id>tag:e.com:\(place)</id><title type=\"text\">\(escaped(text))</title>"
        + "<link href=\"https://e.com/\(place)?a=&quot;&gt;&lt;script&gt;&amp;b='x'\"/><updated>\(date)</updated></entry>"
    }
    return "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title>\(entries.joined())</feed>"
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
  }

  /// In quotes of YAML.
  private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  /// Every page over those texts, by its path.
  private func pages(_ texts: [String]) throws -> [String: String] {
    let feed = Self.feed(texts)
    let server = try FaultServer { _, _ in .text(feed, type: "application/atom+xml; charset=utf-8") }
    let all = texts.joined(separator: " ¦ ")
    let strategy = """
      name: each
      title: \(Self.quoted(all))
      description: \(Self.quoted(all))
      timeframe: 1m
      symbols: ["@index"]
      pipeline:
        - { id: up, buy: close > 1, confidence: 80, reason: \(Self.quoted(all.replacing("{", with: "(").replacing("}", with: ")"))) }
      emit: level
      notify: { priority: high, cooldown: 1m }

      """
    let configuration = """
      storage: { sqlite: f.db }
      feeds: [{ name: wire, url: "\(server.url)/feed", rate: 100000/s, allow_private: true }]
      channels: { book: { type: file, path: told.jsonl } }
      routes: [{ channels: [book] }]
      notify: { max_age: 365d, hourly_cap: 1000 }
      api: { listen: "127.0.0.1:0", rate: 10000, burst: 100000 }

      """
    var found: [String: String] = [:]
    try ServiceFixture.inFolder(
      configuration, strategies: ["each": strategy],
      closes: Array(repeating: 10, count: 50)
    ) { service in
      let sources = ServiceFixture.sources.replacing(
        "[{ job: evaluate, every: 1s }]", with: "[{ job: evaluate, every: 1s }, { job: news, every: 1s }]")
      try service.write(sources + configuration, to: "config.yaml")
      try service.runAndStop { program in
        let line = program.warned.split(separator: "\n").first { $0.contains("api: http://127.0.0.1:") }
        let port = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
        func get(_ path: String) throws -> String { try #require(RawClient.ask(port, "GET", path)).body }
        try service.price(Array(repeating: 10, count: 52))
        service.within(program) { service.told().count == 2 }
        service.within(program) { try get("/news").components(separatedBy: "https://e.com/").count > texts.count }
        for path in [
          "/", "/signals", "/signals/1", "/strategies", "/strategies/each", "/news", "/outbox", "/backtests",
        ] {
          found[path] = try get(path)
        }
      }
    }
    return found
  }

  @Test(.timeLimit(.minutes(3)))
  func `news titles, names and reasons that are attacks are text on every page`() throws {
    let hostile = try pages(Self.texts)
    let harmless = try pages(Self.texts.indices.map { "\(HostileText.harmless) \($0)" })
    for (path, html) in hostile {
      #expect(HTMLSkeleton.dangers(in: html).isEmpty, "\(path): \(HTMLSkeleton.dangers(in: html))")
      #expect(HTMLSkeleton.misfit(in: html) == nil, "\(path): \(HTMLSkeleton.misfit(in: html) ?? "")")
      let (found, wanted) = (HTMLSkeleton.of(html), HTMLSkeleton.of(harmless[path] ?? ""))
      #expect(Set(found) == Set(wanted), "\(path): \(Set(found).symmetricDifference(Set(wanted)))")
    }
    #expect(hostile["/news"]?.contains("&lt;script&gt;alert(1)&lt;/script&gt;") == true)
    #expect(hostile["/strategies/each"]?.contains("&lt;script&gt;alert(1)&lt;/script&gt;") == true)
    #expect(hostile["/signals"]?.contains("&lt;script&gt;alert(1)&lt;/script&gt;") == true)
  }
}
