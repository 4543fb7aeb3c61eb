import Foundation
import Storage
import Testing
import Trading

@Suite struct NotificationConfigurationTests {
  private func validate(_ lines: String, _ more: [String: String] = [:]) throws -> CommandTests.Answer {
    var answer = CommandTests.Answer(code: -1, output: "", messages: "")
    let config = "channels: { console: { type: console } }\nwatchlists: { index: [\"^IXIC\"] }\n" + lines
    var files = ["config.yaml": config, "strategies/.keep": ""]
    files.merge(more) { _, new in new }
    try CommandTests.inFolder(files) { folder in answer = try CommandTests.run(["validate", "config.yaml"], in: folder)
    }
    return answer
  }

  @Test func `routes and all that goes with them are read without a word`() throws {
    let answer = try validate(
      """
      timezone: Asia/Seoul
      routes:
        - { priority: high, channels: [console] }
        - { strategies: [a, b], symbols: ["@index", AAPL], categories: index, priority: [medium, low],
            channels: [console], delivery: at_most_once, cooldown: 0 }
      notify:
        match: first
        digest: 30m
        cooldown: 2h
        hourly_cap: 5
        max_age: 1d
        group_by: [category, direction, correlation]
        correlation: { above: 0.6, sessions: 90 }
        group_wait: 90s
        alarms: console
        delivery: at_least_once
        quiet_hours: { from: 23:00, to: "07:00", except: [high, medium], timezone: America/New_York }
        filters: { types: [buy, sell], confidence: 70, success_rate: 60%, samples: 5, quality: 70, strength: 1,
          volume: 1.5, market_fit: true, missing: block }
        silences: [{ symbols: [AAPL], from: 2026-01-01, until: 2026-02-01T08:00Z, reason: earnings }]
      heartbeat: { url: "https://watch.example/${env:PATH}", every: 5m, method: post, timeout: 10s }
      """)
    #expect(answer.code == 0, "\(answer.output)")
    #expect(answer.output.contains("0 errors, 0 warnings"), "\(answer.output)")
  }

  @Test(arguments: [
    ("routes: [{ priority: hihg, channels: [console] }]", "did you mean \"high\"?"),
    ("routes: [{ channels: [consol] }]", "did you mean \"console\"?"),
    ("routes: [{ priority: high }]", "needs the key \"channels\""),
    ("routes: [{ symbols: [\"@indx\"], channels: [console] }]", "did you mean \"index\"?"),
    ("routes: [{ channel: [console] }]", "did you mean \"channels\"?"),
    ("routes: [{ channels: [console], delivery: exactly_once }]", "at_least_once, at_most_once"),
    ("notify: { cooldwn: 1h }", "did you mean \"cooldown\"?"), ("notify: { cooldown: often }", "no length of time"),
    ("notify: { hourly_cap: 0 }", "from 1 to 10000"), ("notify: { digest: 0 }", "no length of time"),
    ("notify: { quiet_hours: { from: 25:00, to: \"07:00\" } }", "no time of day"),
    ("notify: { quiet_hours: { from: \"23:00\" } }", "needs the key \"to\""),
    ("notify: { quiet_hours: { from: \"23:00\", to: \"07:00\", timezone: Asia/Seol } }", "there is no time zone"),
    ("notify: { filters: { confidence: 170 } }", "from 0 to 100"), ("notify: { filters: { types: [by] } }", "buy"),
    ("notify: { filters: { success_rate: 60 } }", "from 0 to 1"),
    ("notify: { silences: [{ reason: x }] }", "needs the key \"until\""),
    ("notify: { silences: [{ until: tomorrow, reason: x }] }", "no time"),
    ("timezone: Mars/Olympus", "there is no time zone"), ("notify: { group_by: correlatoin }", "correlation"),
    ("notify: { correlation: { above: 1.5 } }", "from 0 to 1"),
    ("notify: { correlation: { sessions: 5 } }", "from 10 to 1000"),
    ("notify: { alarms: consol }", "did you mean \"console\"?"), ("heartbeat: { every: 5m }", "needs the key \"url\""),
    ("heartbeat: { url: \"ftp://x/y\" }", "url is https://host/path"),
    ("heartbeat: { url: \"https://x/${env:HOME}\", every: 100ms }", "from 1s to 1d"),
    ("heartbeat: { url: \"https://x/${env:HOME}\", method: put }", "get, head or post"),
    ("heartbeat: { url: \"https://x/${env:HOME}\", evry: 5m }", "did you mean \"every\"?"),
  ])
  func `a fault is told with its line and what was meant`(_ line: String, _ words: String) throws {
    let answer = try validate(line)
    #expect(answer.code == 1, "\(answer.output)")
    #expect(answer.output.contains("config.yaml:3:") && answer.output.contains(words), "\(answer.output)")
  }

  @Test func `an address that beats is a secret, and one that stands in the file is a fault`() throws {
    let answer = try validate("heartbeat: { url: \"https://hc-ping.com/S3CRET\" }")
    #expect(answer.code == 1 && answer.output.contains("E051"), "\(answer.output)")
  }

  @Test func `a faulty template is a warning with its line`() throws {
    let files = ["messages/signal.mustache": "fine {{symbol}}\n{{symbl}}\n", "messages/digets.mustache": "x"]
    let answer = try validate("notify: { templates: messages }", files)
    #expect(answer.code == 0)
    #expect(answer.output.contains("messages/signal.mustache:2:1: warning[W008 bad-template]"), "\(answer.output)")
    #expect(answer.output.contains("did you mean \"symbol\"?"), "\(answer.output)")
    #expect(answer.output.contains("did you mean \"digest\"?"), "\(answer.output)")
    let empty = try validate("notify: { templates: nowhere }")
    #expect(empty.output.contains("there is no template in this folder"), "\(empty.output)")
  }

  @Test func `the outbox is shown, tried again and emptied by hand`() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "outbox-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let now = Instant(seconds: 1_767_600_000)
    let store = try SQLiteStore(
      SQLiteSettings(path: folder.appending(path: "var/finstage.db").path()), for: .writing)
    for (key, channel) in [("1", "a"), ("1", "b"), ("2", "a")] {
      try await store.add(
        Notice(key: key, code: "CODE\(key)", channel: channel, priority: "high", title: "^IXIC: buy", body: "b"),
        at: now)
    }
    let claimed = try #require(try await store.claim(channel: "a", at: now, lateBefore: now, limit: 1))
    try await store.note(.dead("too long"), of: claimed.entries.map(\.id), at: now)
    try store.close()
    func run(_ arguments: String...) throws -> CommandTests.Answer {
      try CommandTests.run(["outbox"] + arguments, in: folder)
    }
    let list = try run("list")
    #expect(list.code == 0 && list.output.contains("pending 2 · dead 1"), "\(list)")
    #expect(list.output.contains("CODE1") && list.output.contains("too long"), "\(list)")
    #expect(try !run("list", "--state", "dead").output.contains("CODE2"))
    let json = try run("list", "--state", "dead", "--format", "json")
    let answer = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let messages = try #require(answer["messages"] as? [[String: Any]])
    #expect(
      messages.count == 1 && messages[0]["id"] as? String == "CODE1" && messages[0]["reason"] as? String == "too long")
    #expect((answer["counts"] as? [String: Int])?["pending"] == 2)
    #expect(try run("list", "--state", "ded").messages.contains("did you mean \"dead\"?"))
    let retry = try run("retry", "code1")
    #expect(retry.code == 4 && retry.output.contains("CODE1 to a: due again"), "\(retry)")
    #expect(retry.messages.contains("CODE1 to b: is pending, and stays so"), "\(retry)")
    #expect(try run("drop", "CODE2").output.contains("CODE2 to a: dropped"))
    let missing = try run("drop", "CODE9")
    #expect(missing.code == 1 && missing.messages.contains("there is no message of this id"), "\(missing)")
    #expect(try run("list").output.contains("pending 2 · dropped 1"))
  }
}
