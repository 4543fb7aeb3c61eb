import PluginKit
import Storage
import Testing
import Trading

@testable import Notifications

@Suite struct MessageTests {
  private func notice(
    _ locale: String = "en", _ record: SignalRecord = record(), late: Bool = false,
    _ change: (inout NoticeContext) -> Void = { _ in }
  ) -> Notice {
    var context = NoticeContext(
      now: noon, knownAt: noon, strategy: StrategyNotices(title: "Golden cross", priority: .high), profile: profile())
    change(&context)
    return writer(locale).notice(of: record, context, channel: "a", isLate: late, heldBack: 0)
  }

  private func message(_ notice: Notice, in form: TextForm = .plain, replyTo: String? = nil) -> ChannelMessage? {
    let entry = OutboxEntry(
      id: 1, notice: notice, state: .sending, attempts: 1, doubts: 0, createdAt: noon, dueAt: noon)
    return writer().message(of: ClaimedMessage(entries: [entry], replyTo: replyTo), in: form, at: noon)
  }

  @Test func `a signal of high priority has the shape of the Korean original`() throws {
    let text = try #require(message(notice("ko"))).text
    // By hand from the description of the original, with name, category and both clocks added.
    #expect(
      text == """
        🚨 중요 신호 발생!

        📊 ^IXIC · 나스닥 (index) - Golden cross
        💰 현재가: 101.50 USD
        📈 신뢰도: 85
        🎯 예상 방향: 매수

        📝 분석 내용:
        close 101.5 > sma 100

        ⏰ 발생 시간: 2026-01-05 12:00 UTC · 2026-01-05 21:00 Asia/Seoul
        🔖 \(NoticeWriter.code(of: Notices.key(of: record())))
        """)
  }

  @Test func `what the strategy means to do and what was measured is said where it is known`() {
    let text = notice {
      $0.facts.success = .init(rate: 0.5441, count: 68, base: 0.561)
      $0.order = PlannedOrder(
        isLong: true, entry: .stop(102), expiry: .bars(1), stops: [.price(97.256), .distance(4.5)],
        size: .risk(0.015, distance: 4.5))
    }.body
    #expect(text.contains("Confidence: the author's confidence 85; measured 54 % of 68, base 56 %"))
    #expect(text.contains("Entry: stop order at 102.00, for 1 bar\n"), "\(text)")
    #expect(text.contains("Stop: 97.26 or 4.50 below the fill\n"), "\(text)")
    #expect(text.contains("Size: 1.5 % of equity at risk over 4.50\n"), "\(text)")
    let bare = notice().body
    #expect(!bare.contains("measured") && !bare.contains("Entry") && !bare.contains("Stop"))
  }

  @Test func `a short that is entered at the market says so in Korean too`() {
    let order = PlannedOrder(
      isLong: false, entry: .nextOpen, stops: [.fraction(0.08), .trail(0.03)], size: .volatility(0.1))
    let korean = notice("ko", record(.sell)) { $0.order = order }.body
    #expect(korean.contains("진입: 다음 시가\n") && korean.contains("규모: 연 변동성 10 % 기준\n"), "\(korean)")
    #expect(korean.contains("손절: 체결가보다 8 % 위 또는 체결 후 최저가보다 3 % 위\n"), "\(korean)")
    let english = notice("en", record(.sell)) { $0.order = order }.body
    #expect(english.contains("Entry: at the next open\n"), "\(english)")
    #expect(english.contains("Stop: 8 % above the fill or 3 % above the lowest price since the fill\n"), "\(english)")
  }

  @Test(arguments: TextForm.allCases)
  func `what comes from outside cannot break the markup of a channel`(_ form: TextForm) throws {
    let evil = record(reason: "<b>5 < 6 & \"7\" *x* _y_ \u{E000}z")
    let text = try #require(message(notice("en", evil), in: form)).text
    #expect(text.contains(form.escaped("<b>5 < 6 & \"7\" *x* _y_ z")), "\(text)")
    #expect(text.contains(form.bold(form.escaped("🚨 Important signal!"))), "\(text)")
    #expect(!text.unicodeScalars.contains("\u{E000}") && !text.unicodeScalars.contains("\u{E001}"))
  }

  @Test func `a digest has a line for each signal with its own id, and a message alone is whole`() throws {
    let notices = [notice(), notice("en", record(.sell, symbol: "A<B"), late: true)]
    let entries = notices.map {
      OutboxEntry(id: 1, notice: $0, state: .sending, attempts: 1, doubts: 0, createdAt: noon, dueAt: noon)
    }
    let digest = try #require(
      writer().message(of: ClaimedMessage(entries: entries), in: .telegramHTML, at: noon))
    #expect(digest.text.hasPrefix("<b>📋 2 messages</b>"))
    #expect(digest.text.contains("A&lt;B") && digest.text.contains("⏳ late"))
    for notice in notices { #expect(digest.text.contains("· \(notice.code)\n"), "\(digest.text)") }
    #expect(digest.id == notices[0].code && digest.fields["kind"] == "digest")
    let alone = try #require(message(notices[0])).text
    #expect(alone.hasPrefix("🚨 Important signal!\n") && alone.hasSuffix("🔖 \(notices[0].code)"))
  }

  @Test func `ids are short, without letters that are taken for digits, and of their key alone`() {
    let codes = (0..<2_000).map { NoticeWriter.code(of: "k\($0)") }
    #expect(Set(codes).count == 2_000)
    #expect(codes.allSatisfy { $0.count == 6 && !$0.contains { "01ILO".contains($0) } })
    #expect(NoticeWriter.code(of: "k1") == codes[1])
  }

  @Test func `a user's template replaces the shipped one, that of the language before the other`() {
    let files = [
      (name: "signal.mustache", text: "any {{symbol}}"),
      (name: "signal.ko.mustache", text: "{{#bold}}{{symbol}}{{/bold}}: {{direction}}"),
    ]
    for (locale, expected) in [("ko", "*^IXIC*: 매수"), ("en", "any ^IXIC")] {
      let (templates, faults) = NoticeTemplates.load(locale: locale, files: files)
      #expect(faults.isEmpty)
      let context = NoticeContext(now: noon, knownAt: noon, strategy: StrategyNotices(priority: .high))
      let notice = NoticeWriter(templates: templates).notice(
        of: record(), context, channel: "a", isLate: false, heldBack: 0)
      #expect(message(notice, in: .slackMrkdwn)?.text == expected)
    }
  }

  @Test(arguments: [
    ("signal.mustache", "ok\n{{#late}}never closed", 2), ("signal.mustache", "{{symbl}}", 1),
    ("signal.mustache", "a\n\nb {{> signal}}", 3), ("signal.mustache", "{{=<% %>=}}", 1),
    ("signal.mustache", "{{symbol", 1), ("sginal.mustache", "{{symbol}}", 1), ("line.fr.mustache", "x", 1),
    ("digest.mustache", "{{symbol}}", 1),
  ])
  func `a faulty template is said with its line, and the shipped one is used`(
    _ name: String, _ text: String, _ line: Int
  ) throws {
    let (templates, faults) = NoticeTemplates.load(locale: "en", files: [(name, text)])
    let fault = try #require(faults.first)
    #expect(fault.file == name && fault.line == line && fault.column >= 1, "\(fault)")
    let context = NoticeContext(now: noon, knownAt: noon, strategy: StrategyNotices(priority: .high))
    let notice = NoticeWriter(templates: templates).notice(
      of: record(), context, channel: "a", isLate: false, heldBack: 0)
    #expect(notice.body.contains("Important signal!"))
  }

  @Test func `a template that makes nothing loses no alert`() {
    let (templates, faults) = NoticeTemplates.load(locale: "en", files: [("signal.mustache", "{{#late}}x{{/late}}")])
    #expect(faults.isEmpty)
    #expect(templates.text(.signal, ["symbol": "^IXIC"]).contains("^IXIC"))
  }

  @Test(arguments: ["en", "ko"]) func `every shipped template is sound and says its id`(_ locale: String) {
    let context = NoticeContext(now: noon, knownAt: noon, strategy: StrategyNotices(priority: .medium))
    let writer = writer(locale)
    for direction in Direction.allCases {
      let notice = writer.notice(of: record(direction), context, channel: "a", isLate: false, heldBack: 3)
      #expect(notice.body.contains(notice.code) && notice.line.contains(notice.code) && notice.body.contains("3"))
    }
    let correction = writer.correction(of: record(), reason: "r", profile: nil, channel: "a")
    #expect(correction.body.contains(correction.code))
    let alarm = writer.alarm(about: "telegram", "401", at: noon, channel: "a")
    #expect(alarm.body.contains(alarm.code) && alarm.body.contains("telegram") && alarm.body.contains("401"))
    let drift = writer.notice(of: drift(), channel: "a")
    #expect(drift.body.contains(drift.code) && drift.body.contains("turtle") && drift.body.contains("2026-01-05 12:00"))
    for figure in ["31 %", "61 %", "54 %", "48"] { #expect(drift.body.contains(figure), "\(drift.body)") }
    #expect(drift.key == "drift/turtle/1/1d/1d" && drift.strategy == "turtle")
  }

  private func drift() -> DriftRecord {
    DriftRecord(
      strategy: "turtle", version: "1", timeframe: .day, horizon: "1d", raisedAt: noon, since: noon, rate: 0.3125,
      count: 48, history: 0.61, floor: 0.5412)
  }
}
