import PluginKit
import Storage
import Testing
import Trading

@testable import Notifications

/// How price alerts are told.
@Suite struct AlertNoticeTests {
  private func alert(
    _ rule: String = "price_drop", _ direction: Direction = .sell, price: Double = 96.75, base: Double = 100
  ) -> SignalRecord {
    SignalRecord(
      strategy: "price-monitor.\(rule)", version: "1", symbol: "^IXIC", timeframe: Timeframe(1, .hour),
      signal: Signal(
        time: noon.advanced(by: -3_600_000), bar: 7, direction: direction, confidence: 100, price: price,
        reason: "close 96.75 is 3.25 % below the previous session's close 100; threshold 1 %", base: base))
  }

  private func context(_ priority: ChannelMessage.Priority, _ history: [OutboxEntry] = []) -> NoticeContext {
    NoticeContext(
      now: noon, knownAt: noon,
      strategy: StrategyNotices(title: "Price monitor", priority: priority, channels: ["a"], cooldown: 3_600_000),
      profile: profile(), history: history.reduce(into: SymbolHistory()) { $0.add($1) })
  }

  private func body(_ locale: String, _ record: SignalRecord, _ priority: ChannelMessage.Priority = .medium) -> String {
    MarkedText.written(
      writer(locale).notice(of: record, context(priority), channel: "a", isLate: false, heldBack: 0).body, in: .plain)
  }

  @Test func `it says the price, the base, the change and both clocks`() {
    // 96.75 / 100 = 0.9675; noon UTC is 21:00 in Seoul.
    let code = NoticeWriter.code(of: Notices.key(of: alert()))
    #expect(
      body("en", alert()) == """
        📉 Price alert: price drop

        📊 ^IXIC · Nasdaq & Co (index)
        💰 Current price: 96.75 USD
        📌 Base price: 100.00 USD
        📐 Change: -3.25 %

        📝 close 96.75 is 3.25 % below the previous session's close 100; threshold 1 %

        ⏰ 2026-01-05 12:00 UTC · 2026-01-05 21:00 Asia/Seoul
        🔖 \(code)
        """)
    #expect(
      body("ko", alert()) == """
        📉 가격 알림: 가격 하락

        📊 ^IXIC · 나스닥 (index)
        💰 현재가: 96.75 USD
        📌 기준가: 100.00 USD
        📐 변동률: -3.25 %

        📝 close 96.75 is 3.25 % below the previous session's close 100; threshold 1 %

        ⏰ 발생 시간: 2026-01-05 12:00 UTC · 2026-01-05 21:00 Asia/Seoul
        🔖 \(code)
        """)
    #expect(body("ko", alert("surge", .buy, price: 112), .high).hasPrefix("🚨 가격 알림: 급등\n"))
    #expect(body("en", alert("surge", .buy, price: 112)).contains("Change: +12.00 %"))
  }

  @Test(arguments: ["en", "ko"]) func `every rule has words of its own`(_ locale: String) {
    // The rules of the seed, and the two gaps.
    let rules = [
      "price_rise", "price_drop", "break_prev_high", "break_prev_low", "new_high", "drop_from_high", "surge", "plunge",
      "gap_up", "gap_down",
    ]
    let words = rules.map { NoticeWords(locale: locale).rule($0) }
    #expect(Set(words).count == rules.count && Set(words).isDisjoint(with: rules.filter { $0.contains("_") }))
  }

  @Test func `a line of a digest and a correction speak of the rule and not of a call`() {
    let notice = writer().notice(of: alert(), context(.medium), channel: "a", isLate: false, heldBack: 0)
    #expect(notice.title == "^IXIC: price drop")
    #expect(
      notice.line.contains("price drop at 96.75 (-3.25 %) - Price monitor") && !notice.line.contains("confidence"))
    #expect(
      notice.fields["kind"] == "alert" && notice.fields["rule"] == "price_drop" && notice.fields["base"] == "100.0")
    let answer = writer().correction(of: alert(), reason: "a bar was corrected", profile: profile(), channel: "a")
    #expect(MarkedText.written(answer.body, in: .plain).hasPrefix("↩️ Taken back: ^IXIC price drop"))
    let call = writer().notice(of: record(), context(.medium), channel: "a", isLate: false, heldBack: 0)
    #expect(call.line.contains("confidence 85") && call.fields["rule"] == nil)
  }

  @Test func `filters that judge calls let it pass`() {
    var rules = NoticeRules()
    (rules.filters.confidence, rules.filters.quality, rules.filters.missing) = (101, 70, .block)
    let notices = Notices(rules, channels: ["a"], writer: writer())
    #expect(notices.of(alert(), context(.high)).notices.count == 1)
    #expect(notices.of(record(), context(.high)).notices.isEmpty)
  }

  @Test func `it cools down by rule, and what is urgent does not wait for what was not`() {
    func told(_ rule: String, _ minutes: Int64, _ priority: ChannelMessage.Priority) -> OutboxEntry {
      let time = noon.advanced(by: -minutes * 60_000)
      let notice = Notice(
        key: "k", code: "C", channel: "a", priority: priority.rawValue, body: "b", strategy: "price-monitor.\(rule)",
        symbol: "^IXIC", direction: .buy)
      return OutboxEntry(
        id: 1, notice: notice, signal: 1, state: .sent, attempts: 1, doubts: 0, createdAt: time, dueAt: time)
    }
    let notices = Notices(NoticeRules(), channels: ["a"], writer: writer())
    func held(_ priority: ChannelMessage.Priority, _ history: OutboxEntry...) -> Bool? {
      notices.of(alert("surge", .buy, price: 112), context(priority, history)).notices.first.map { $0.heldBack != nil }
    }
    #expect(held(.medium, told("surge", 59, .medium)) == true)
    #expect(held(.medium, told("surge", 60, .medium)) == false)
    #expect(held(.medium, told("price_rise", 5, .medium)) == false)
    #expect(held(.high, told("surge", 5, .medium)) == false)
    #expect(held(.high, told("surge", 5, .high)) == true)
  }
}
