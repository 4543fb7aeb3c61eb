import Foundation
import Notifications
import PluginKit
import Storage
import Testing
import Trading

/// `report` as a user runs it.
@Suite struct ReportCommandTests {
  /// 17:00 in Seoul; New York closed on the 26th the night before, and the 27th is still to come.
  static let at = "2018-09-27T08:00:00Z"

  @Test(arguments: ["en", "ko"]) func `the report reads as it was read and found good`(locale: String) async throws {
    try await ReportFixture.inFolder { fixture in
      let answer = try fixture.report("daily", "--at", ReportCommandTests.at, "--locale", locale)
      let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Reports/daily.\(locale).txt")
      if ProcessInfo.processInfo.environment["FINSTAGE_GOLDEN"] != nil {
        try answer.output.write(to: file, atomically: true, encoding: .utf8)
      }
      #expect(answer.output == (try String(contentsOf: file, encoding: .utf8)))
    }
  }

  @Test func `what comes later changes nothing of yesterday's report`() async throws {
    try await ReportFixture.inFolder { fixture in
      let before = try fixture.report("daily", "--at", ReportCommandTests.at, "--format", "json")
      for symbol in ReportFixture.symbols {
        let file = fixture.folder.appending(path: "prices/\(symbol).csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { $0 < "2018-09-27" }
        let later = "2018-09-27T00:00:00Z,1,2,1,1,1\n2018-09-28T00:00:00Z,9,9,9,9,9\n"
        let head = "timestamp,open,high,low,close,volume\n"
        let kept = lines.filter { !$0.hasPrefix("timestamp") }.joined(separator: "\n")
        try (head + kept + "\n" + later).write(to: file, atomically: true, encoding: .utf8)
      }
      let store = try SQLiteStore(SQLiteSettings(path: fixture.database), for: .writing)
      let later = try #require(Instant("2018-09-27T20:30:00Z"))
      let known = try await store.signals(strategy: nil, symbol: nil, limit: 10_000)
      // One that the report names is changed, another is taken back, and there is a new one.
      let shown = known.filter { "\($0.record.signal.time)".hasPrefix("2018-09-2") }
      for (place, one) in shown.enumerated() {
        let said = one.record.signal
        let signal = Signal(
          time: said.time, bar: said.bar, direction: said.direction, confidence: 1, price: 1, reason: "other")
        _ = try await store.correct(
          SignalCorrection(id: one.id, signal: place.isMultiple(of: 2) ? signal : nil, cause: "c"), at: later)
      }
      #expect(shown.count > 1)
      var record = try #require(known.first).record
      record.strategy = "later"
      #expect(try await store.save(record, notices: [], at: later) != nil)
      // News that came later, an old item that is found to be about another symbol, and insights in place of those kept.
      let old = try #require(try await store.news(NewsQuery(symbol: "GSPC")).first).item
      for (identifier, title) in [("new", "New"), (old.identifier, old.title)] {
        _ = try await store.save([
          NewsItem(
            feed: "wire", identifier: identifier, title: title, publishedAt: old.publishedAt, fetchedAt: later,
            symbols: ["IXIC", "GSPC", "OTHER"])
        ])
      }
      try await store.save(
        InsightRecord(
          symbol: "IXIC", timeframe: .day, last: later, madeAt: later,
          document: ReportFixture.insights(until: "\(later)", pattern: 0.9)))
      try store.close()
      let after = try fixture.report("daily", "--at", ReportCommandTests.at, "--format", "json")
      #expect(before.code == 0 && after.output == before.output)
      // At a later moment the report does differ.
      let now = try fixture.report("daily", "--at", "2018-09-28T08:00:00Z", "--format", "json")
      #expect(now.code == 0 && now.output.contains("\"later\"") && now.output.contains("\"New\""))
      #expect(now.output.contains("0.9,") && !now.output.contains("0.031"))
    }
  }

  @Test func `a sent report is queued once, and the next one goes on behind it`() async throws {
    try await ReportFixture.inFolder { fixture in
      let first = try fixture.report("daily", "--at", "2018-09-26T08:00:00Z", "--send")
      #expect(first.code == 0 && first.messages.contains("queued for book"), "\(first.messages)")
      func entries() async throws -> [OutboxEntry] {
        let store = try SQLiteStore(SQLiteSettings(path: fixture.database), for: .reading)
        return try await store.entries(in: [], limit: 100)
      }
      let queued = try await entries()
      #expect(!queued.isEmpty && queued.allSatisfy { $0.notice.key.hasPrefix("report/daily/2018-09-25T23:00:00Z/") })
      // Of the same slot, although a minute later.
      let again = try fixture.report("daily", "--at", "2018-09-26T08:01:00Z", "--send")
      #expect(again.code == 0 && again.messages.contains("queued before"))
      #expect(try await entries().count == queued.count)
      let next = try ReportFixture.json(fixture.report("daily", "--at", ReportCommandTests.at, "--format", "json"))
      #expect(next["follows_report"] as? Bool == true && next["from"] as? String == "2018-09-26T08:00:00Z")
      let kept = try fixture.report("daily", "--at", ReportCommandTests.at, "--send")
      #expect(kept.messages.contains("queued for book"))
      let both = try await entries()
      #expect(both.count > queued.count)
      // As Telegram gets them.
      let writer = NoticeWriter(templates: NoticeTemplates.load(locale: "en").templates)
      for entry in both {
        let message = writer.message(
          of: ClaimedMessage(entries: [entry]), in: .telegramHTML, at: Instant(seconds: 0))
        let text = try #require(message).text
        #expect(text.utf16.count <= 4_096)
        #expect(text.components(separatedBy: "<b>").count == text.components(separatedBy: "</b>").count)
        #expect(!text.contains("<again>"))
      }
    }
  }

  @Test func `a week has seven days, and signals alone have no more than their results`() async throws {
    try await ReportFixture.inFolder { fixture in
      let weekly = try ReportFixture.json(
        fixture.report("weekly", "--at", ReportCommandTests.at, "--format", "json"))
      let dates = try #require(fixture.dates["IXIC"])
      let last = try #require(dates.firstIndex { "\($0)".hasPrefix("2018-09-26") })
      let first = try #require(dates.firstIndex { "\($0)".hasPrefix("2018-09-20") })
      let fired = fixture.stored.filter { $0.bar >= first && $0.bar <= last }
      let ended = fixture.stored.filter { $0.bar + 1 >= first && $0.bar + 1 <= last }
      #expect((weekly["fired"] as? [Any])?.count == fired.count && fired.count > 2)
      let closed = try #require(weekly["closed"] as? [[String: Any]])
      #expect(closed.count == ended.count && ended.count > 2)
      let sum = closed.compactMap { $0["return"] as? Double }.reduce(0, +)
      #expect(abs(sum - ended.map(fixture.result).reduce(0, +)) < 1e-9)
      let signals = try ReportFixture.json(
        fixture.report("signals", "--at", ReportCommandTests.at, "--format", "json"))
      let daily = try ReportFixture.json(fixture.report("daily", "--at", ReportCommandTests.at, "--format", "json"))
      #expect((signals["fired"] as? [Any])?.count == (daily["fired"] as? [Any])?.count)
      #expect((signals["markets"] as? [Any])?.isEmpty == true && signals["backtest"] is NSNull)
    }
  }

  @Test func `a weekend without news is one line`() async throws {
    try await ReportFixture.inFolder { fixture in
      // Sunday to Monday morning in Seoul; the last session closed on Friday.
      let answer = try fixture.report("daily", "--at", "2018-09-23T23:00:00Z")
      #expect(answer.code == 0 && answer.output.contains("No market was open since the last report"))
      #expect(!answer.output.contains("📈") && answer.output.split(separator: "\n").count == 4, "\(answer.output)")
    }
  }

  @Test func `without signals, without a symbol's prices and after one day it says what is not known`() async throws {
    try await ReportFixture.inFolder { fixture in
      try FileManager.default.removeItem(at: fixture.folder.appending(path: "prices/GSPC.csv"))
      let missing = try fixture.report("daily", "--at", ReportCommandTests.at)
      #expect(missing.code == 0 && missing.output.contains("without prices: GSPC"), "\(missing)")
      #expect(missing.output.contains("results of GSPC: no prices"))
      // Its news are told of, and its signal, but no price and no figure of it.
      #expect(!missing.output.contains("▪ S&P 500") && !missing.output.contains("• S&P 500 (GSPC) 2"))
    }
    try await ReportFixture.inFolder(from: "2019-01-01") { fixture in
      // A database without a row, and files without a bar.
      let empty = try fixture.report("daily", "--at", ReportCommandTests.at)
      #expect(empty.code == 0 && empty.output.contains("no call has been judged"), "\(empty.messages)")
      #expect(empty.output.contains("No strategy made a call") && empty.output.contains("No symbol has a bar"))
    }
    try await ReportFixture.inFolder(from: "2018-12-31") { fixture in
      let day = try fixture.report("daily", "--at", "2019-01-01T08:00:00Z")
      #expect(day.code == 0 && day.output.contains("🔔 Fired: nothing") && day.output.contains("no signal is stored"))
      #expect(day.output.contains("no call has been judged") && !day.output.contains("n 0"))
      // One bar has no change.
      #expect(day.output.contains("6,635.28 (–)") && day.output.contains("regime not known"), "\(day.output)")
      #expect(day.output.contains("no strategy could be replayed") || day.output.contains("No strategy made a call"))
      let json = try fixture.report("daily", "--at", "2019-01-01T08:00:00Z", "--format", "json")
      #expect(!json.output.lowercased().contains("nan") && !json.output.contains("inf"))
      try FileManager.default.removeItem(at: fixture.folder.appending(path: "var"))
      let none = try fixture.report("daily")
      #expect(none.code == 3 && none.messages.contains("finstage.db"))
    }
  }
}
