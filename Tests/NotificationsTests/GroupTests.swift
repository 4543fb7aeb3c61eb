import PluginKit
import Storage
import Testing
import Trading

@testable import Notifications

/// Messages of high priority that go as one.
@Suite struct GroupTests {
  private func notices(_ change: (inout NoticeRules) -> Void) -> Notices {
    var rules = NoticeRules()
    rules.routes = [Route(channels: ["a"])]
    change(&rules)
    return Notices(rules, channels: ["a"], writer: writer())
  }

  private func context(_ change: (inout NoticeContext) -> Void = { _ in }) -> NoticeContext {
    var context = NoticeContext(
      now: noon, knownAt: noon, strategy: StrategyNotices(title: "Golden cross", priority: .high), profile: profile())
    change(&context)
    return context
  }

  /// The correlations of four symbols, as a user would look them up.
  private static let moves: [String: [String: Double]] = [
    "A": ["B": 0.9, "C": -0.95, "D": 0.2], "B": ["C": -0.8, "D": 0.8], "C": ["D": 0.1],
  ]

  @Sendable private static func correlation(_ one: String, _ other: String) async -> Double? {
    moves[one]?[other] ?? moves[other]?[one]
  }

  @Test func `a symbol joins the first signal that it moves with, and the other way round where it is sold`() async {
    var groups = CorrelatedGroups(above: 0.7, waiting: [])
    func group(_ symbol: String, _ direction: Direction, until end: Instant = noon) async -> String {
      await groups.group(of: record(direction, symbol: symbol), until: end, correlation: Self.correlation)
    }
    #expect(await group("A", .buy) == "A buy")
    #expect(await group("B", .buy) == "A buy")
    #expect(await group("C", .sell) == "A buy")
    // It moves with B and not with A, who leads.
    #expect(await group("D", .buy) == "D buy")
    #expect(await group("C", .buy) == "C buy")
    #expect(await group("unknown", .buy) == "unknown buy")
    // A later group begins anew.
    #expect(await group("B", .buy, until: noon.advanced(by: 60_000)) == "B buy")
  }

  @Test func `a group that waits in the outbox is gone on with`() async throws {
    let decided = notices { $0.groupBy = [.correlation] }.of(record(symbol: "A"), context())
    let notice = try #require(decided.notices.first)
    #expect(notice.batch?.hasPrefix("group:A buy:") == true)
    let end = try #require(notice.dueAt)
    let waiting = OutboxEntry(id: 1, notice: notice, state: .pending, createdAt: noon, dueAt: end)
    var groups = CorrelatedGroups(above: 0.7, waiting: [waiting])
    let word = await groups.group(of: record(symbol: "B"), until: end, correlation: Self.correlation)
    #expect(word == "A buy")
    let joined = notices { $0.groupBy = [.correlation] }.of(record(symbol: "B"), context { $0.group = word })
    #expect(joined.notices.first?.batch == notice.batch)
  }

  @Test func `the message of a group names every symbol once and has a line for each signal`() throws {
    let all = notices { $0.groupBy = [.correlation] }
    let made = try [record(symbol: "A<B"), record(symbol: "^GSPC"), record(.sell, strategy: "other", symbol: "^GSPC")]
      .map { record in
        try #require(all.of(record, context { $0.group = "A<B buy" }).notices.first)
      }
    #expect(Set(made.map(\.batch)).count == 1)
    let entries = made.map { OutboxEntry(id: 1, notice: $0, state: .sending, createdAt: noon, dueAt: noon) }
    let message = try #require(writer().message(of: ClaimedMessage(entries: entries), in: .telegramHTML, at: noon))
    #expect(message.text.hasPrefix("<b>📣 3 signals at once: A&lt;B, ^GSPC</b>\n"), "\(message.text)")
    for notice in made { #expect(message.text.contains("· \(notice.code)\n"), "\(message.text)") }
    #expect(message.fields["kind"] == "group" && message.fields["symbols"] == "A<B ^GSPC")
    #expect(message.title == "📣 3 signals at once: A<B, ^GSPC")
  }

  @Test(arguments: ["en", "ko"]) func `the host's own messages say what they are about`(_ locale: String) {
    let notice = writer(locale).host(
      "config.yaml", "channels: changed\n<b>", priority: .high, at: noon, channel: "a")
    #expect(notice.body.contains("config.yaml") && notice.body.contains("channels: changed\n<b>"))
    #expect(notice.title == "⚙️ config.yaml" && notice.fields["kind"] == "host")
  }
}
