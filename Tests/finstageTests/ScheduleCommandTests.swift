import Foundation
import Testing

@Suite struct ScheduleCommandTests {
  private func answer(
    _ items: [String], _ arguments: String..., head: String = ""
  ) throws -> (code: Int32, output: String) {
    let config = "\(head)schedule:\n" + items.map { "  - { \($0) }\n" }.joined()
    var said: (Int32, String) = (-1, "")
    try CommandTests.inFolder(["config.yaml": config, "strategies/.keep": ""]) { folder in
      let answer = try CommandTests.run(arguments, in: folder)
      said = (answer.code, answer.output + answer.messages)
    }
    return said
  }

  @Test func `jobs are listed with their next runs`() throws {
    // 26 November 2026 is Thanksgiving, on the 27th New York closes at 18:00 UTC. Seoul is nine hours ahead of UTC.
    let listing = try answer(
      [
        "job: news, every: 90m", "job: snapshots, at: session_close + 15m, exchange: XNYS",
        "job: daily_report, cron: \"0 8 * * *\"", "job: collect, cron: \"@daily\", timezone: UTC, after: [news]",
        "job: evaluate, after: collect",
      ], "schedule", "--next", "2", "--from", "2026-11-26", head: "timezone: Asia/Seoul\n")
    #expect(
      listing.output == """
        job           when                      next
        news          every 90m                 2026-11-26T01:30:00Z  2026-11-26T03:00:00Z
        snapshots     session_close + 15m XNYS  2026-11-27T18:15:00Z  2026-11-30T21:15:00Z
        daily_report  0 8 * * * Asia/Seoul      2026-11-26T23:00:00Z  2026-11-27T23:00:00Z
        collect       @daily UTC, after news    2026-11-27T00:00:00Z  2026-11-28T00:00:00Z
        evaluate      after collect

        """)
    #expect(listing.code == 0)
  }

  @Test func `the schedule that ships is the seed's, and is read as JSON`() throws {
    let answer = try CommandTests.finstage("schedule", "--format", "json", "--next", "1", "--from", "2026-11-22")
    #expect(answer.code == 0, "\(answer.messages)")
    let root = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
    let jobs = try #require(root?["jobs"] as? [[String: Any]])
    let next = Dictionary(
      uniqueKeysWithValues: jobs.map { ($0["name"] as? String ?? "", $0["next"] as? [String] ?? []) })
    #expect(next["daily_report"] == ["2026-11-22T23:00:00Z"])  // 08:00 in Seoul
    #expect(next["patterns"] == ["2026-11-22T21:00:00Z"])
    #expect(next["highs"] == ["2026-11-22T04:00:00Z"])
    #expect(next["snapshots"] == ["2026-11-23T21:15:00Z"])
    #expect(next["evaluate"] == [])
  }

  @Test(arguments: [
    ("job: colect, every: 1h", "did you mean \"collect\"?"),
    ("every: 1h", "needs the key \"job\""),
    ("job: news", "says when: every, cron, at or after"),
    ("job: news, evry: 1h", "did you mean \"every\"?"),
    ("job: news, every: 1mo", "months differ in length"),
    ("job: news, every: 500ms", "1s to 366d"),
    ("job: news, every: 1h, cron: \"0 8 * * *\"", "one of every, cron, at; found 2"),
    ("job: news, cron: \"0 25 * * *\"", "config.yaml:2:27: error[E026 bad-time]: the hour is 0 to 23; found 25"),
    ("job: news, cron: \"0 0 30 2 *\"", "no such day ever comes"),
    ("job: news, cron: \"0 8 * * *\", timezone: Asia/Soul", "did you mean \"Asia/Seoul\"?"),
    ("job: news, every: 1h, timezone: UTC", "\"timezone\" goes with \"cron\""),
    ("job: news, at: session_close + 15m", "needs the key \"exchange\""),
    ("job: news, at: session_closed, exchange: XNYS", "no moment of a session"),
    ("job: news, at: session_close, exchange: XNYX", "there is no calendar"),
    ("job: news, after: collect", "the schedule has no job \"collect\""),
    ("job: news, after: news", "would run only after itself"),
    ("job: news, after: []", "after is empty"),
    ("job: news, after: [collect, highs]", "follows one other; found 2"),
    ("job: news, every: 1h, misfire: run_twice", "did you mean \"run_once\"?"),
    ("job: news, every: 1h, grace: soon", "no length of time"),
    ("job: news, every: 1h, grace: 31d", "at most 30d"),
    ("job: news, every: 1h, retries: many", "retries is a number"),
    ("job: news, every: 1h, retries: { backoff: 1m }", "needs the key \"count\""),
    ("job: news, every: 1h, max_instances: 0", "from 1 to 64"),
    ("job: news, every: 1h, lost: again", "lost is one of run_again, fail"),
  ])
  func `what cannot be meant is a fault at its place`(_ item: String, _ words: String) throws {
    let answer = try answer([item], "validate", "config.yaml")
    #expect(answer.code == 1)
    #expect(answer.output.contains(words), "\(answer.output)")
    #expect(answer.output.contains("config.yaml:2:") || answer.output.contains("config.yaml:1:"), "\(answer.output)")
    #expect(try self.answer([item], "schedule").code == 3)
  }

  @Test func `jobs with one name and jobs in a circle are faults`() throws {
    let twice = try answer(["job: news, every: 1h", "job: news, every: 2h"], "validate", "config.yaml")
    #expect(twice.output.contains("E015 duplicate-id") && twice.output.contains("name: news_2"), "\(twice.output)")
    let named = try answer(["job: news, every: 1h", "job: news, name: late, every: 2h"], "validate", "config.yaml")
    #expect(named.code == 0, "\(named.output)")
    let circle = try answer(
      ["job: collect, every: 1h, after: notify", "job: evaluate, after: collect", "job: notify, after: evaluate"],
      "validate", "config.yaml")
    #expect(circle.output.contains("E017 cycle"), "\(circle.output)")
  }

  @Test func `without a schedule it says so`() throws {
    try CommandTests.inFolder(["config.yaml": "locale: en\n"]) { folder in
      let answer = try CommandTests.finstage("schedule", in: folder)
      #expect(answer.code == 0 && answer.output.isEmpty && answer.messages.contains("has no schedule"))
      #expect(try CommandTests.finstage("schedule", "--next", "0", in: folder).code == 2)
      #expect(try CommandTests.finstage("schedule", "--from", "soon", in: folder).code == 2)
    }
  }
}
