import Foundation
import TestSupport
import Testing

/// Titles that are attacks, from a feed through the store to every channel that there is.
@Suite struct HostileNewsTests {
  private static let titles = HostileText.titles + HostileText.controls

  /// As a reader of the feed is to see it: no control signs, and the signs that bold is kept by are nobody else's.
  private static func shown(_ title: String) -> String {
    let scalars = title.unicodeScalars.map { scalar -> Unicode.Scalar in
      "\r\n".unicodeScalars.contains(scalar) ? " " : scalar
    }
    let quiet = scalars.filter { !["\u{E000}", "\u{E001}"].contains($0) && HostileText.isQuiet(String($0)) }
    return String(String.UnicodeScalarView(quiet)).split(separator: " ").joined(separator: " ")
  }

  /// Two in a title and two in a summary: what a chat takes a minute is little.
  private static let items: [(title: String, summary: String)] = stride(from: 0, to: titles.count, by: 4).map { place in
    let part = titles[place..<min(place + 4, titles.count)]
    return (part.prefix(2).joined(separator: " ¦ "), part.dropFirst(2).joined(separator: " ¦ "))
  }

  /// An Atom feed whose titles are text: what looks like a tag there is none.
  private static func feed() -> String {
    let format = ISO8601DateFormatter()
    let entries = items.enumerated().map { place, item in
      let date = format.string(from: Date().addingTimeInterval(-600 - Double(place) * 30))
      return """
        <entry><id>tag:e.com:\(place)</id><title type="text">\(escaped(item.title))</title>\
        <summary type="text">\(escaped(item.summary))</summary>\
        <link href="https://e.com/\(place)?a=&quot;&gt;&lt;script&gt;&amp;b='x'"/><updated>\(date)</updated></entry>
        """
    }
    return "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title>\(entries.joined())</feed>"
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
  }

  private static func configuration(_ url: String, _ telegram: String, _ mail: UInt16) -> String {
    let limits = "rate: 100000/s, allow_private: true"
    return """
      locale: en
      timezone: UTC
      storage: { sqlite: f.db }
      feeds: [{ name: wire, url: "\(url)/feed", \(limits) }]
      news: { story_window: 1s, rules: [{ name: all, feeds: wire, urgency: high }] }
      channels:
        chat:    { type: telegram, base_url: "\(telegram)", token: "${env:BOT}", chat: "100123", \(limits) }
        slack:   { type: slack, url: "\(url)/slack/T0\(CommandTests.reference)", \(limits) }
        discord: { type: discord, url: "\(url)/discord/1\(CommandTests.reference)", \(limits) }
        topic:   { type: ntfy, base_url: "\(url)/ntfy", topic: "news\(CommandTests.reference)", \(limits) }
        hook:    { type: webhook, url: "\(url)/hook/1", \(limits) }
        mail:    { type: email, host: 127.0.0.1, port: \(mail), security: none, from: host@example.com,
                   to: [me@example.com], allow_private: true }
        screen:  { type: console }
        book:    { type: file, path: told.jsonl }
      routes: [{ channels: [chat, slack, discord, topic, hook, mail, screen, book] }]
      schedule: [{ job: news, every: 1s }]

      """
  }

  private struct Told: Decodable {
    struct Mentions: Decodable { var parse: [String] }

    var title, text, content, message: String?
    var allowed_mentions: Mentions?
  }

  @Test(.timeLimit(.minutes(10)))
  func `what is written to break out of a title stays text in every channel`() throws {
    let feed = Self.feed()
    let server = try FaultServer { request, _ in
      switch request.path {
      case "/feed": .text(feed, type: "application/atom+xml; charset=utf-8")
      case "/slack/T0": .text("ok")
      default: .json("{\"id\":\"1\"}")
      }
    }
    let telegram = try FakeTelegram(token: "42:t", chats: ["100123"])
    let mail = try FakeMailServer()
    defer {
      server.stop()
      telegram.stop()
      mail.stop()
    }
    let count = Self.items.count
    let files = ["config.yaml": Self.configuration(server.url, telegram.url, mail.port), "strategies/.keep": ""]
    try CommandTests.inFolder(files) { folder in
      let program = try RunningProgram(["run"], in: folder, environment: ["BOT": "42:t"])
      defer { if program.isRunning { _ = program.kill9() } }
      func told(_ path: String) -> [FaultServer.Request] { server.requests(of: path) }
      let book = folder.appending(path: "told.jsonl")
      func lines() -> [Substring] { ((try? String(contentsOf: book, encoding: .utf8)) ?? "").split(separator: "\n") }
      let end = Date().addingTimeInterval(120)
      program.wait {
        telegram.messages.count >= count && mail.mails.count >= count && lines().count >= count
          && ["/slack/T0", "/discord/1", "/ntfy", "/hook/1"].allSatisfy { told($0).count >= count } || Date() > end
      }
      let titles = Set(Self.titles.map(Self.shown))
      func bodies(_ path: String) throws -> [Told] {
        try told(path).map { try JSONDecoder().decode(Told.self, from: Data($0.body)) }
      }
      func holdsAll(_ texts: [String], _ channel: String) {
        #expect(texts.count == count, "\(channel): \(texts.count) of \(count); \(program.warned.suffix(1_000))")
        let missing = titles.filter { title in !texts.contains { $0.contains(title) } }
        #expect(missing.isEmpty, "\(channel)")
        #expect(texts.allSatisfy { HostileText.isQuiet($0.replacing("\t", with: "")) }, "\(channel)")
      }

      // Telegram's own reading of HTML has taken each, and finds no tag but ours.
      holdsAll(telegram.messages.map(\.shown), "telegram")
      for message in telegram.messages {
        #expect(message.mode == "HTML" && Set(HTMLSkeleton.of(message.text)).isSubset(of: ["<b>", "</b>"]))
      }
      let slack = try bodies("/slack/T0").compactMap(\.text)
      let read = [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")].reduce(slack) { texts, sign in
        texts.map { $0.replacingOccurrences(of: sign.0, with: sign.1, options: .literal) }
      }
      holdsAll(read, "slack")
      #expect(slack.allSatisfy { !$0.contains("<") && !$0.contains(">") })
      let discord = try bodies("/discord/1")
      holdsAll(discord.compactMap(\.content).map(Self.unescaped), "discord")
      for one in discord {
        #expect(one.allowed_mentions?.parse == [])
        #expect(one.content?.contains("[x]") == false && one.content?.contains("**bold**") == false)
      }
      holdsAll(try bodies("/ntfy").compactMap(\.message), "ntfy")
      let hook = try bodies("/hook/1")
      holdsAll(hook.compactMap(\.text), "webhook")
      #expect(Set(hook.compactMap(\.title)) == Set(Self.items.map { Self.shown($0.title) }))
      holdsAll(try lines().map { try JSONDecoder().decode(Told.self, from: Data($0.utf8)).text ?? "" }, "file")

      // A mail has the headers of ours and no other, each in a line, and goes to whom we say.
      #expect(mail.mails.count == count && mail.mails.allSatisfy { $0.to == ["me@example.com"] })
      for one in mail.mails {
        let head = one.text.prefix(upTo: one.text.firstRange(of: "\r\n\r\n")?.lowerBound ?? one.text.endIndex)
        let names = head.components(separatedBy: "\r\n").filter { !$0.hasPrefix(" ") && !$0.hasPrefix("\t") }
          .map { $0.prefix { $0 != ":" }.lowercased() }
        #expect(Set(names).count == names.count && !names.contains("bcc"), "\(head)")
        #expect(head.lowercased().contains("content-type: text/plain"), "\(head)")
      }

      kill(program.pid, SIGTERM)
      let answer = try program.end()
      #expect(answer.code == 0 && HostileText.isQuiet(answer.output) && HostileText.isQuiet(answer.messages))
      #expect(titles.filter { !answer.output.contains($0) }.isEmpty, "console")
      for arguments in [["news"], ["news", "--format", "json"], ["news", "feeds"], ["outbox", "list"]] {
        let listed = try CommandTests.run(arguments, in: folder)
        #expect(listed.code == 0 && HostileText.isQuiet(listed.output), "\(arguments): \(listed)")
      }
    }
  }

  /// Discord's signs without the strokes before them.
  private static func unescaped(_ text: String) -> String {
    var plain = ""
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if scalar == "\\", !isEscaped {
        isEscaped = true
        continue
      }
      plain.unicodeScalars.append(scalar)
      isEscaped = false
    }
    return plain
  }

  @Test func `what a server says in place of a feed steers no terminal`() throws {
    let server = try FaultServer([
      "/a": [.text("<\u{1B}[31mx></x>", type: "text/xml")], "/b": [.text("{\"\u{1B}]0;x\u{7}\": 1}")],
      "/c": [.text("<rss><channel><title>\u{1B}[2J</title><item><pubDate>\u{1B}[1m</pubDate></item></channel></rss>")],
      "/d": [.status(503, headers: [("Retry-After", "\u{1B}[31m")])],
    ])
    defer { server.stop() }
    let feeds = ["a", "b", "c", "d"].map { "  - { name: \($0), url: \"\(server.url)/\($0)\", allow_private: true }" }
    let config = "storage: { sqlite: f.db }\nfeeds:\n\(feeds.joined(separator: "\n"))\n"
    try CommandTests.inFolder(["config.yaml": config, "strategies/.keep": ""]) { folder in
      for arguments in [["news", "fetch"], ["news", "feeds"], ["news"]] {
        let answer = try CommandTests.run(arguments, in: folder)
        #expect(HostileText.isQuiet(answer.output) && HostileText.isQuiet(answer.messages), "\(arguments): \(answer)")
      }
    }
  }

  @Test func `names of companies steer no terminal`() throws {
    let rows = HostileText.controls.enumerated().map { place, text in
      "{\"symbol\": \"S\(place)\", \"name\": \(Self.quoted(text)), \"sector\": \(Self.quoted(text))}"
    }
    try CommandTests.inFolder([
      "config.yaml": "storage: { sqlite: f.db }\n", "c.json": "[\(rows.joined(separator: ","))]",
    ]) { folder in
      #expect(try CommandTests.run(["companies", "import", "c.json"], in: folder).code == 0)
      for arguments in [["companies"], ["companies", "S0"], ["companies", "--format", "json"]] {
        let answer = try CommandTests.run(arguments, in: folder)
        #expect(answer.code == 0 && HostileText.isQuiet(answer.output), "\(arguments): \(answer)")
      }
      #expect(try CommandTests.run(["companies", "S0"], in: folder).output.contains("[31mred"))
    }
  }

  private static func quoted(_ text: String) -> String {
    (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
