import Calendars
import PluginKit
import Storage
import Testing
import Trading

@testable import Notifications

@Suite struct NoticesTests {
  private func rules(_ change: (inout NoticeRules) -> Void = { _ in }) -> NoticeRules {
    var rules = NoticeRules()
    rules.routes = [Route(channels: ["a"])]
    change(&rules)
    return rules
  }

  private func notices(_ rules: NoticeRules, channels: Set<String> = ["a", "b", "c"]) -> Notices {
    Notices(rules, channels: channels, writer: writer())
  }

  private func context(
    _ priority: ChannelMessage.Priority = .high, now: Instant = noon, closed: Instant = noon,
    channels: [String] = [], category: String? = "index", history: [OutboxEntry] = []
  ) -> NoticeContext {
    NoticeContext(
      now: now, knownAt: closed,
      strategy: StrategyNotices(title: "Golden cross", priority: priority, channels: channels),
      profile: profile(category: category),
      history: history.reduce(into: SymbolHistory()) { $0.add($1) })
  }

  private func told(
    _ minutesAgo: Int64, _ direction: Direction = .buy, strategy: String = "golden-cross",
    state: OutboxEntry.State = .sent, channel: String = "a"
  ) -> OutboxEntry {
    let notice = Notice(
      key: "\(minutesAgo)", code: "C", channel: channel, priority: "high", body: "b", strategy: strategy,
      symbol: "^IXIC", direction: direction, heldBack: state == .dropped ? "cap" : nil)
    let time = noon.advanced(by: -minutesAgo * 60_000)
    return OutboxEntry(
      id: minutesAgo, notice: notice, signal: 1, state: state, attempts: 1, doubts: 0, createdAt: time, dueAt: time)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let selection: SignalSelection
    let holds: Bool
  }

  @Test(arguments: [
    Case(testDescription: "nothing named", selection: SignalSelection(), holds: true),
    Case(testDescription: "strategy", selection: SignalSelection(strategies: ["golden-cross"]), holds: true),
    Case(testDescription: "another", selection: SignalSelection(strategies: ["x"]), holds: false),
    Case(testDescription: "symbol", selection: SignalSelection(symbols: ["AAPL", "^IXIC"]), holds: true),
    Case(testDescription: "category", selection: SignalSelection(categories: ["stock"]), holds: false),
    Case(
      testDescription: "all must hold", selection: SignalSelection(symbols: ["^IXIC"], priorities: [.medium]),
      holds: false),
  ])
  func `a route holds a signal where each of its lists does`(_ example: Case) {
    let rules = rules { $0.routes = [Route(example.selection, channels: ["a"])] }
    let decision = notices(rules).of(record(), context())
    #expect((decision.notices.map(\.channel) == ["a"]) == example.holds)
    #expect(decision.remarks.isEmpty == example.holds)
  }

  @Test func `a signal without a category is in no list of categories`() {
    let rules = rules { $0.routes = [Route(SignalSelection(categories: ["index"]), channels: ["a"])] }
    #expect(notices(rules).of(record(), context(category: nil)).notices.isEmpty)
  }

  @Test func `all routes that hold count, or the first alone, and each channel once`() {
    let routes = [
      Route(SignalSelection(symbols: ["x"]), channels: ["c"]), Route(channels: ["a"], policy: .atMostOnce),
      Route(channels: ["b", "a"]),
    ]
    let all = notices(rules { $0.routes = routes }).of(record(), context()).notices
    #expect(all.map(\.channel) == ["a", "b"] && all.map(\.policy) == [.atMostOnce, .atLeastOnce])
    let first = rules {
      $0.routes = routes
      $0.matching = .first
    }
    #expect(notices(first).of(record(), context()).notices.map(\.channel) == ["a"])
  }

  @Test func `a strategy's own channels go instead of the routes, and one that is not there is remarked`() {
    let decision = notices(rules()).of(record(), context(channels: ["c", "lost"]))
    #expect(decision.notices.map(\.channel) == ["c"])
    #expect(decision.remarks == ["there is no channel lost"])
  }

  @Test func `high goes at once, medium into the digest of its window, low to nobody`() {
    let late = noon.advanced(by: 20 * 60_000)
    let high = notices(rules()).of(record(), context(now: late)).notices
    #expect(high.map(\.batch) == [nil] && high.map(\.dueAt) == [nil])
    let medium = notices(rules()).of(record(), context(.medium, now: late)).notices
    #expect(medium.map(\.dueAt) == [moment("2026-01-05T13:00:00Z")])
    #expect(medium.map(\.batch) == ["digest:2026-01-05T13:00:00Z"])
    let low = notices(rules()).of(record(), context(.low))
    #expect(low.notices.isEmpty && low.remarks == ["priority low: kept for the daily report"])
  }

  @Test func `a signal later than a bar goes into the digest and says so`() {
    let context = context(now: noon.advanced(by: 3_600_001))
    let late = notices(rules()).of(record(), context).notices
    #expect(late.map(\.dueAt) == [moment("2026-01-05T14:00:00Z")])
    #expect(late[0].line.contains("late") && late[0].body.contains("Late: the bar closed at 2026-01-05 12:00 UTC"))
    let onTime = notices(rules()).of(record(), self.context(now: noon.advanced(by: 3_600_000))).notices
    #expect(onTime.map(\.batch) == [nil] && !onTime[0].body.contains("Late"))
    let patient = notices(rules { $0.maxAge = 7_200_000 }).of(record(), context).notices
    #expect(patient.map(\.batch) == [nil])
  }

  @Test func `a first start tells nothing that was known before it`() {
    var context = context()
    context.toldFrom = noon.advanced(by: 1)
    #expect(notices(rules()).of(record(), context).notices.isEmpty)
    context.toldFrom = noon
    #expect(notices(rules()).of(record(), context).notices.count == 1)
  }

  @Test func `within the cooldown of a strategy, symbol and direction a signal is held back`() {
    let notices = notices(rules())
    func held(_ history: OutboxEntry...) -> Bool {
      notices.of(record(), context(history: history)).notices[0].heldBack != nil
    }
    #expect(held(told(59)))
    #expect(!held(told(60)))
    #expect(!held(told(59, .sell)))
    #expect(!held(told(59, strategy: "other")))
    #expect(!held(told(59, channel: "b")))
    // What was held back itself holds nothing back.
    #expect(!held(told(59, state: .dropped)))
    #expect(held(told(30, state: .unknown)))
    var own = context(history: [told(59)])
    own.strategy.cooldown = 600_000
    #expect(notices.of(record(), own).notices[0].heldBack == nil)
  }

  @Test func `bars that come together after a pause keep the distance that they have`() {
    var earlier = told(0)
    earlier.notice.fields["time"] = "\(noon.advanced(by: -3_600_000))"
    let notices = notices(rules())
    #expect(notices.of(record(), context(history: [earlier])).notices[0].heldBack == nil)
    earlier.notice.fields["time"] = "\(noon.advanced(by: -3_599_000))"
    #expect(notices.of(record(), context(history: [earlier])).notices[0].heldBack?.contains("cooldown") == true)
  }

  @Test func `three messages an hour about a symbol are the most, and the next one says what was held back`() throws {
    let others = [told(50, strategy: "x"), told(40, strategy: "y"), told(30, strategy: "z")]
    let held = try #require(notices(rules()).of(record(), context(history: others)).notices.first)
    #expect(held.heldBack == "cap: 3 messages about ^IXIC within the hour")
    let past = [told(61, strategy: "x")] + others.dropFirst()
    let free = try #require(notices(rules()).of(record(), context(history: past)).notices.first)
    #expect(free.heldBack == nil && !free.body.contains("Held back"))
    let after = past + [told(20, strategy: "v", state: .dropped), told(10, strategy: "w", state: .dropped)]
    let saying = try #require(notices(rules()).of(record(), context(history: after)).notices.first)
    #expect(saying.heldBack == nil && saying.body.contains("Held back since the last message: 2"))
  }

  @Test func `an exit is not held back, replies to its entry and says the result`() throws {
    let entry = record(closed: noon.advanced(by: -36_000_000), price: 100)
    let older = record(closed: noon.advanced(by: -72_000_000), price: 50)
    let exit = record(.exitLong, price: 104.5)
    let ended = record(.exitLong, closed: noon.advanced(by: -50_000_000))
    let signals: [(id: Int64?, record: SignalRecord)] = [(1, older), (2, entry), (4, exit), (5, ended)]
    #expect(Notices.entry(ended: exit, openedBy: .buy, among: signals)?.id == 2)
    // A further call while the position is held opens nothing; a call the other way round ends it.
    #expect(Notices.entry(ended: exit, openedBy: .buy, among: [(1, older), (2, entry)])?.id == 1)
    let turned = record(.sell, closed: noon.advanced(by: -50_000_000))
    #expect(Notices.entry(ended: exit, openedBy: .buy, among: [(1, older), (2, entry), (3, turned)])?.id == 2)
    let short = record(.exitShort, price: 90)
    #expect(Notices.entry(ended: short, openedBy: .sell, among: [(2, entry)]) == nil)
    var context = context(.medium, history: [told(1), told(2), told(3)])
    context.entry = (2, entry)
    let notice = try #require(notices(rules()).of(exit, context).notices.first)
    #expect(notice.answers == 2 && notice.heldBack == nil && notice.batch == nil)
    #expect(notice.body.contains("+4.50 %"), "\(notice.body)")
    context.entry = (9, record(.sell, closed: noon.advanced(by: -36_000_000), price: 100))
    // Sold at 100, bought back at 90: a gain of a tenth.
    #expect(notices(rules()).of(short, context).notices[0].body.contains("+10.00 %"))
  }

  @Test func `an exit does not overtake an entry that waits in a digest`() throws {
    let entry = record(closed: noon.advanced(by: -3_600_000), price: 100)
    var waiting = told(10, state: .pending)
    (waiting.signal, waiting.notice.key) = (2, Notices.key(of: entry))
    (waiting.notice.batch, waiting.dueAt) = ("digest:x", noon.advanced(by: 60_000))
    var context = context(.medium, history: [waiting])
    context.entry = (2, entry)
    let notice = try #require(notices(rules()).of(record(.exitLong), context).notices.first)
    #expect(notice.batch == "digest:x" && notice.dueAt == noon.advanced(by: 60_000))
  }

  @Test func `a silence has an end and a reason`() throws {
    let silence = Silence(
      SignalSelection(symbols: ["^IXIC"]), until: noon.advanced(by: 60_000), reason: "maintenance")
    let silent = notices(rules { $0.silences = [silence] })
    #expect(
      silent.of(record(), context()).notices[0].heldBack == "silence until 2026-01-05T12:01:00Z: maintenance")
    #expect(silent.of(record(symbol: "AAPL"), context()).notices[0].heldBack == nil)
    let after = noon.advanced(by: 60_000)
    #expect(silent.of(record(), context(now: after)).notices[0].heldBack == nil)
  }

  @Test func `signals of a group within a minute go as one message`() {
    let grouped = notices(rules { $0.groupBy = [.category, .direction] })
    let first = grouped.of(record(), context()).notices[0]
    let second = grouped.of(record(symbol: "^GSPC"), context(now: noon.advanced(by: 59_000))).notices[0]
    let sale = grouped.of(record(.sell), context()).notices[0]
    #expect(first.batch == second.batch && first.batch != sale.batch)
    #expect(first.dueAt == noon.advanced(by: 60_000))
  }

  @Test func `a correction answers what was told, and takes out what was not`() {
    var waiting = told(1, state: .pending)
    waiting.id = 5
    let answer = notices(rules()).correction(
      of: 9, record(), told: [told(2), waiting, told(3, state: .dead, channel: "b")], reason: "the close is 99.1",
      profile: profile())
    #expect(answer.drop == [5])
    #expect(answer.notices.map(\.channel) == ["a"] && answer.notices.map(\.answers) == [9])
    #expect(answer.notices[0].body.contains("the close is 99.1"))
    #expect(answer.notices[0].key != Notices.key(of: record()))
  }

  @Test func `a changed text of a strategy tells nothing twice`() {
    var changed = record()
    changed.version = "2"
    #expect(Notices.key(of: changed) == Notices.key(of: record()))
    let others = [
      record(.sell), record(symbol: "A"), record(strategy: "t"), record(closed: noon.advanced(by: 3_600_000)),
      record(timeframe: .day),
    ]
    #expect(Set(others.map(Notices.key) + [Notices.key(of: record())]).count == 6)
  }
}

@Suite struct QuietHoursTests {
  private func quiet(_ from: Int, _ to: Int, _ zone: String) throws -> QuietHours {
    QuietHours(from: from, to: to, zone: try ZoneDatabase().zone(zone))
  }

  @Test(arguments: [
    // Seoul is nine hours ahead: 23:00 there is 14:00 UTC, and 07:00 is 22:00 UTC of the day before.
    ("2026-01-05T13:59:59Z", nil), ("2026-01-05T14:00:00Z", "2026-01-05T22:00:00Z"),
    ("2026-01-05T21:59:59Z", "2026-01-05T22:00:00Z"), ("2026-01-05T22:00:00Z", nil),
  ])
  func `quiet hours go over midnight by the clocks of their place`(_ now: String, _ end: String?) throws {
    let hours = (try quiet(23 * 60, 7 * 60, "Asia/Seoul"))
    #expect(hours.end(at: moment(now)) == end.map(moment))
  }

  @Test func `their end follows the clocks of a place that change in the night`() throws {
    let hours = (try quiet(22 * 60, 7 * 60, "America/New_York"))
    // Clocks go from 02:00 to 03:00 on 2026-03-08: 07:00 is then UTC-4; the evening before, 22:00 was UTC-5.
    #expect(hours.end(at: moment("2026-03-08T03:30:00Z")) == moment("2026-03-08T11:00:00Z"))
    // The second time that 01:10 is shown on that night, 01:30 is twenty minutes away.
    let early = try quiet(22 * 60, 90, "America/New_York")
    #expect(early.end(at: moment("2026-11-01T06:10:00Z")) == moment("2026-11-01T06:30:00Z"))
    // Back on 2026-11-01: 07:00 is UTC-5 again.
    #expect(hours.end(at: moment("2026-11-01T03:30:00Z")) == moment("2026-11-01T12:00:00Z"))
  }

  @Test func `in quiet hours medium waits and high passes`() throws {
    var rules = NoticeRules()
    rules.routes = [Route(channels: ["a"])]
    rules.quietHours = try quiet(11 * 60, 18 * 60, "UTC")
    let notices = Notices(rules, channels: ["a"], writer: writer())
    func notice(_ priority: ChannelMessage.Priority) -> Notice? {
      notices.of(
        record(), NoticeContext(now: noon, knownAt: noon, strategy: StrategyNotices(priority: priority))
      ).notices.first
    }
    #expect(notice(.high)?.dueAt == nil)
    #expect(notice(.medium)?.dueAt == moment("2026-01-05T18:00:00Z"))
    #expect(notice(.medium)?.batch == "quiet:2026-01-05T18:00:00Z")
  }
}

@Suite struct SignalFiltersTests {
  private func objection(
    _ facts: SignalFacts = SignalFacts(), _ direction: Direction = .buy, confidence: Double = 70,
    _ change: (inout SignalFilters) -> Void
  ) -> String? {
    var filters = SignalFilters()
    change(&filters)
    return filters.objection(to: record(direction, confidence: confidence).signal, facts)
  }

  @Test func `each filter lets pass what reaches it`() {
    #expect(objection { $0.confidence = 70 } == nil)
    #expect(objection(confidence: 69.5) { $0.confidence = 70 } == "filters: confidence 69.5 is below 70")
    #expect(objection { $0.types = [.sell] } == "filters: types: buy is not told")
    #expect(objection(SignalFacts(volume: 1.4)) { $0.volume = 1.5 } != nil)
    #expect(objection(SignalFacts(volume: 1.5)) { $0.volume = 1.5 } == nil)
    #expect(objection(SignalFacts(quality: 69)) { $0.quality = 70 } != nil)
    #expect(objection(SignalFacts(strength: 10)) { $0.strength = 11 } != nil)
  }

  @Test func `a success rate counts with enough samples`() {
    func facts(_ rate: Double, _ count: Int) -> SignalFacts { SignalFacts(success: .init(rate: rate, count: count)) }
    #expect(objection(facts(0.59, 5)) { $0.success = 0.6 } == "filters: success 0.59 is below 0.6")
    #expect(objection(facts(0.6, 5)) { $0.success = 0.6 } == nil)
    #expect(objection(facts(0.1, 4)) { $0.success = 0.6 } == nil)
  }

  @Test func `what is not known passes, or blocks where that is said`() {
    #expect(objection { $0.volume = 1.5 } == nil)
    #expect(
      objection {
        $0.volume = 1.5
        $0.missing = .block
      } == "filters: volume is not known")
  }

  @Test func `no buy in a falling market, no sell in a rising one`() {
    #expect(objection(SignalFacts(market: .bear)) { $0.market = true } != nil)
    #expect(objection(SignalFacts(market: .bear), .sell) { $0.market = true } == nil)
    #expect(objection(SignalFacts(market: .bull), .sell) { $0.market = true } != nil)
    #expect(objection(SignalFacts(market: .sideways)) { $0.market = true } == nil)
  }

  @Test func `an exit of what was told passes`() {
    #expect(objection(.init(), .exitLong, confidence: 0) { $0.confidence = 70 } == nil)
  }
}
