import PluginKit
import Storage
import Testing
import Trading

@testable import Notifications

@Suite struct NewsNoticeTests {
  private static let attack = "<script>alert(1)</script> & \"<img src=x onerror=alert(2)>\" *[x](javascript:alert(3))*"

  private func item(_ title: String = "Fed cuts rates", dating: NewsItem.Dating = .given) -> NewsItem {
    NewsItem(
      feed: "yahoo", identifier: "1", url: "https://e.com/a?b=1&c=2", title: title, summary: "A summary.",
      publishedAt: noon, fetchedAt: noon, symbols: ["^GSPC", "^IXIC"], dating: dating, story: 77)
  }

  private func notices(_ rules: NoticeRules = NoticeRules(), _ locale: String = "en") -> Notices {
    Notices(rules, channels: ["telegram", "console"], writer: writer(locale))
  }

  private func of(
    _ news: RuledNews, _ rules: NoticeRules = NoticeRules(), _ locale: String = "en", after: Int64 = 60_000
  ) -> NoticeDecision {
    notices(rules, locale).of(news, now: noon.advanced(by: after), lateAfter: 3_600_000)
  }

  @Test func `a message of news says what, about whom, when and where`() throws {
    var news = RuledNews(
      item(), rule: "rates", urgency: .high, channels: ["telegram"], words: ["fed"], profiles: [profile()])
    let notice = try #require(of(news).notices.first)
    #expect(
      MarkedText.written(notice.body, in: .plain) == """
        🚨 📰 Fed cuts rates

        A summary.

        📊 ^GSPC, ^IXIC
        🗞 yahoo · rates: fed
        ⏰ 2026-01-05 12:00 UTC · 2026-01-05 21:00 Asia/Seoul
        🔗 https://e.com/a?b=1&c=2
        🔖 \(notice.code)
        """)
    #expect(notice.key == "news/rates/77" && notice.dueAt == nil && notice.batch == nil)
    news.translation = ("연준 금리 인하", nil)
    let korean = try #require(of(news, NoticeRules(), "ko").notices.first)
    #expect(korean.body.contains("🌐 연준 금리 인하") && korean.body.contains("⏰ 게시 시각: 2026-01-05 12:00 UTC"))
    #expect(korean.key == notice.key)
  }

  @Test func `a date that is guessed and an item that is late say so`() throws {
    func body(_ dating: NewsItem.Dating, after: Int64 = 0) throws -> String {
      let news = RuledNews(item(dating: dating), rule: "r", urgency: .high, channels: ["console"])
      return try #require(of(news, after: after).notices.first).body
    }
    #expect(try body(.zoneAssumed).contains("(the feed names no zone)"))
    #expect(try body(.clamped).contains("gives no sound date") && body(.missing).contains("gives no sound date"))
    #expect(try !body(.given).contains("feed names") && !body(.given).contains("⏳"))
    #expect(try body(.given, after: 3_600_001).contains("⏳ Late: published at 2026-01-05 12:00 UTC"))
  }

  @Test(arguments: TextForm.allCases, ["en", "ko"])
  func `markup in a title is text in every channel's form`(_ form: TextForm, _ locale: String) throws {
    var news = RuledNews(item(NewsNoticeTests.attack), rule: "<b>r</b>", urgency: .high, channels: ["telegram"])
    news.item.summary = NewsNoticeTests.attack
    news.item.feed = "<i>f</i>"
    news.translation = (NewsNoticeTests.attack, NewsNoticeTests.attack)
    let notice = try #require(of(news, NoticeRules(), locale).notices.first)
    let entry = OutboxEntry(id: 1, notice: notice, state: .sending, createdAt: noon, dueAt: noon)
    for entries in [[entry], [entry, entry]] {
      let message = try #require(
        writer(locale).message(of: ClaimedMessage(entries: entries), in: form, at: noon))
      switch form {
      case .plain: #expect(message.text.contains(NewsNoticeTests.attack))
      case .telegramHTML, .slackMrkdwn:
        let bare = message.text.replacing("<b>", with: "").replacing("</b>", with: "")
        #expect(!(form == .telegramHTML ? bare : message.text).contains("<"), "\(message.text)")
        #expect(message.text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp;"))
      case .discordMarkdown:
        #expect(message.text.contains("\\<script\\>") && message.text.contains("\\*\\[x\\](javascript"))
        #expect(!message.text.contains("[x]("))
      }
    }
  }

  @Test func `medium waits for the digest, low is told to nobody, and each channel is told once`() {
    var rules = NoticeRules()
    rules.routes = [
      Route(SignalSelection(priorities: [.high]), channels: ["telegram"]),
      Route(SignalSelection(symbols: ["^IXIC"]), channels: ["console", "telegram"]),
      Route(SignalSelection(strategies: ["other"]), channels: ["nowhere"]),
    ]
    func decision(_ urgency: ChannelMessage.Priority) -> NoticeDecision {
      of(RuledNews(item(), rule: "r", urgency: urgency), rules)
    }
    #expect(decision(.high).notices.map(\.channel) == ["telegram", "console"])
    #expect(decision(.medium).notices.map(\.channel) == ["console", "telegram"])
    #expect(decision(.medium).notices.allSatisfy { $0.batch != nil && $0.dueAt == moment("2026-01-05T13:00:00Z") })
    #expect(decision(.low).notices.isEmpty && !decision(.low).remarks.isEmpty)
    rules.silences = [
      Silence(SignalSelection(symbols: ["^GSPC"]), until: noon.advanced(by: 1_000_000), reason: "quiet")
    ]
    #expect(of(RuledNews(item(), rule: "r", urgency: .high), rules).notices.allSatisfy { $0.heldBack != nil })
  }
}
