import Foundation
import Notifications
import PluginKit
import Storage
import Testing
import Trading

/// `report` as a user runs it.
@Suite struct ReportCommandTests {
  /// 17:00 in Seoul; New York closed on the 26th the night before, and the 27th is still to come.
  private static let at = "2018-09-27T08:00:00Z"

  /// A percentage as the text has it.
  private static func percent(_ value: Double, _ digits: Int, signed: Bool = false) -> String {
    let text = String(format: "%.\(digits)f%%", abs(value) * 100)
    return (value < 0 ? "−" : signed ? "+" : "") + text
  }

  private static func near(_ value: Any?, _ expected: Double, by most: Double = 1e-9) -> Bool {
    (value as? Double).map { abs($0 - expected) <= most } ?? false
  }

  /// Holds the figures of calls to the prices that they were made at.
  private static func check(
    _ outcome: [String: Any], _ calls: [ReportFixture.Call], among all: [ReportFixture.Call], _ fixture: ReportFixture,
    last: Int
  ) throws -> (rate: Double, mean: Double, interval: (Double, Double), base: Double) {
    let results = calls.map(fixture.result)
    let count = Double(results.count)
    let rate = Double(results.count { $0 > 0 }) / count
    let mean = results.reduce(0, +) / count
    let base = calls.map { fixture.base($0, since: all, last: last) }.reduce(0, +) / count
    let interval = ReportArithmetic.interval(zip(calls, results).map { (bar: $0.bar, isRight: $1 > 0) })
    #expect(outcome["count"] as? Int == results.count && !results.isEmpty)
    #expect(near(outcome["success_rate"], rate) && near(outcome["mean_return"], mean))
    #expect(near(outcome["base_rate"], base) && near(outcome["excess"], rate - base))
    let deviation = (results.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    #expect(near(outcome["sharpe"], mean / deviation))
    let found = try #require(outcome["interval"] as? [Double])
    #expect(abs(found[0] - interval.0) < 1e-6 && abs(found[1] - interval.1) < 1e-6, "\(found) \(interval)")
    return (rate, mean, interval, base)
  }

  @Test func `every figure is what the prices and the stored signals come to`() async throws {
    try await ReportFixture.inFolder { fixture in
      let answer = try fixture.report("daily", "--at", ReportCommandTests.at, "--format", "json")
      #expect(answer.code == 0, "\(answer.messages)")
      let report = try ReportFixture.json(answer)
      let last = try #require(fixture.dates["IXIC"]?.firstIndex { "\($0)".hasPrefix("2018-09-26") })
      let english = try fixture.report("daily", "--at", ReportCommandTests.at).output
      let (percent, near) = (
        ReportCommandTests.percent(_:_:signed:), { (a: Any?, b: Double) in ReportCommandTests.near(a, b) }
      )

      let fired = try #require(report["fired"] as? [[String: Any]])
      let expected = fixture.calls.filter { $0.bar == last }
      #expect(fired.count == expected.count && fired.count == 2)
      for call in expected {
        let row = try #require(fired.first { $0["symbol"] as? String == call.symbol })
        #expect(row["strategy"] as? String == call.strategy && row["direction"] as? String == call.direction.rawValue)
        #expect(near(row["price"], fixture.closes[call.symbol]?[last] ?? 0))
        let past = ReportFixture.ended(fixture.calls, call.strategy, call.symbol, last: last)
        let record = try #require((row["record"] as? [String: Any])?["outcome"] as? [String: Any])
        _ = try ReportCommandTests.check(record, past, among: fixture.calls, fixture, last: last)
      }
      #expect(english.contains("🔔 Fired: 2 signals of 2 strategies: 1 buy, 1 sell, 0 exits; 1 price alert"))

      let alerts = try #require(report["alerts"] as? [[String: Any]])
      let nasdaq = try #require(fixture.closes["IXIC"])
      #expect(alerts.count == 1 && near(alerts[0]["change"], nasdaq[last] / nasdaq[last - 1] - 1))

      let results = fixture.calls.filter { $0.bar == last - 1 }
      let closed = try #require(report["closed"] as? [[String: Any]])
      #expect(closed.count == results.count && closed.count == 2)
      for call in results {
        let row = try #require(
          closed.first {
            $0["symbol"] as? String == call.symbol && $0["strategy"] as? String == call.strategy
          })
        #expect(near(row["return"], fixture.result(call)))
        #expect(near(row["price"], fixture.closes[call.symbol]?[call.bar] ?? 0))
        #expect(near(row["end_price"], fixture.closes[call.symbol]?[call.bar + 1] ?? 0))
      }
      let mean = results.map(fixture.result).reduce(0, +) / Double(results.count)
      let right = results.count { fixture.result($0) > 0 }
      #expect(english.contains("🏁 Closed: 2 calls, \(right) right, mean \(percent(mean, 2, true))"))

      let markets = try #require(report["markets"] as? [[String: Any]])
      #expect(markets.map { $0["symbol"] as? String } == ["GSPC", "IXIC"])
      let pairs = ["cross", "dip"].flatMap { name in ["GSPC", "IXIC"].map { (name, $0) } }
      let first = fixture.calls.filter { $0.bar < last }.map(\.bar).min() ?? 0
      let latest = fixture.calls.filter { $0.bar < last }.map(\.bar).max() ?? 0
      let columns = pairs.map { strategy, symbol in
        var column = Array(repeating: 0.0, count: latest - first + 1)
        for call in ReportFixture.ended(fixture.calls, strategy, symbol, last: last) {
          let base = fixture.base(call, since: fixture.calls, last: last)
          column[call.bar - first] += (fixture.result(call) > 0 ? 1 : 0) - base
        }
        return column
      }
      let adjusted = ReportArithmetic.stepdown(columns)
      for market in markets {
        let symbol = try #require(market["symbol"] as? String)
        #expect(market["bars"] as? Int == last + 1)
        let all = ReportFixture.ended(fixture.calls, nil, symbol, last: last)
        let every = try ReportCommandTests.check(
          try #require(market["all"] as? [String: Any]), all, among: fixture.calls, fixture, last: last)
        let means = ["cross", "dip"].map { name in
          let own = ReportFixture.ended(fixture.calls, name, symbol, last: last)
          return (name, own.map(fixture.result).reduce(0, +) / Double(own.count), own)
        }
        let best = try #require(means.max { $0.1 < $1.1 })
        let found = try #require(market["best"] as? [String: Any])
        #expect(found["strategy"] as? String == best.0 && market["rated"] as? Int == 2)
        let own = try ReportCommandTests.check(
          try #require(found["outcome"] as? [String: Any]), best.2, among: fixture.calls, fixture, last: last)
        let place = try #require(pairs.firstIndex { $0 == (best.0, symbol) })
        #expect(ReportCommandTests.near(found["p_value"], adjusted[place], by: 0.06), "\(adjusted[place]) \(found)")
        // The text says the same.
        #expect(english.contains("best of 2 by mean return: \(best.0)"))
        #expect(english.contains("mean return after 1d: \(percent(best.1, 2, true))"))
        let low = percent(own.interval.0, 1, false).dropLast()
        #expect(
          english.contains(
            "win rate: \(percent(own.rate, 1, false)) (95%: \(low)–\(percent(own.interval.1, 1, false)), n \(best.2.count)); on every bar \(percent(own.base, 1, false))"
          ))
        #expect(english.contains("all signals right: \(percent(every.rate, 1, false)) (95%: "))
      }
      for (name, calls) in [("backtest", fixture.calls), ("total", fixture.stored)] {
        // So many of a strategy on a symbol are tested.
        let tested = pairs.count { ReportFixture.ended(calls, $0.0, $0.1, last: last).count >= 10 }
        let total = try #require(report[name] as? [String: Any])
        _ = try ReportCommandTests.check(
          try #require(total["outcome"] as? [String: Any]), ReportFixture.ended(calls, nil, nil, last: last),
          among: calls, fixture, last: last)
        #expect(total["open"] as? Int == expected.count && total["tested"] as? Int == tested)
      }
      // All of them were said with 70.
      let bins = try #require((report["total"] as? [String: Any])?["calibration"] as? [[String: Any]])
      let ended = ReportFixture.ended(fixture.stored, nil, nil, last: last)
      #expect(bins.count == 1 && bins[0]["count"] as? Int == ended.count && near(bins[0]["lower"], 0.7))
      #expect(near(bins[0]["success_rate"], Double(ended.count { fixture.result($0) > 0 }) / Double(ended.count)))

      let data = try #require(report["data"] as? [[String: Any]])
      let readings = try #require(report["readings"] as? [[String: Any]])
      #expect(data.count == 2 && readings.count == 2)
      for row in data + readings {
        let closes = try #require(fixture.closes[row["symbol"] as? String ?? ""])
        #expect(near(row["close"], closes[last]) && near(row["change"], closes[last] / closes[last - 1] - 1))
        #expect(row["state"] == nil || row["state"] as? String == "fresh")
      }
      for row in readings {
        let symbol = try #require(row["symbol"] as? String)
        let closes = try #require(fixture.closes[symbol]?[...last])
        let high = try #require(fixture.highs[symbol]?[...last].max())
        #expect(near(row["from_high"], closes[last] / high - 1))
        #expect(near(row["from_ma200"], closes[last] / (closes.suffix(200).reduce(0, +) / 200) - 1))
        #expect((row["regime"] as? String)?.hasPrefix("bull") == true)
      }
      let news = try #require(report["news"] as? [String: Any])
      #expect(news["count"] as? Int == 3)
      let shares = try #require(news["symbols"] as? [[String: Any]])
      #expect(shares.map { $0["symbol"] as? String } == ["IXIC", "GSPC"])
      #expect(shares.map { $0["count"] as? Int } == [2, 1])
      // 08:00 in Seoul is 23:00 UTC.
      #expect(report["next"] as? String == "2018-09-27T23:00:00Z")
    }
  }

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

  @Test func `the page stands alone, links its terms and draws the symbols`() async throws {
    try await ReportFixture.inFolder { fixture in
      for locale in ["en", "ko"] {
        let page = try fixture.report("daily", "--at", ReportCommandTests.at, "--format", "html", "--locale", locale)
        #expect(page.code == 0 && page.output.contains("<html lang=\"\(locale)\">"), "\(page.messages)")
        for outside in ["<script", "src=", "url(", "@import", "href=\"http"] { #expect(!page.output.contains(outside)) }
        #expect(page.output.contains("href=\"#term-win-rate\"") && page.output.contains("id=\"term-win-rate\""))
        #expect(page.output.components(separatedBy: "<svg").count - 1 == 4)
        #expect(page.output.contains("S&amp;P 500") || locale == "en")
      }
      let wrong = try fixture.report("daily", "--at", "noon")
      #expect(wrong.code == 2 && wrong.messages.contains("noon"))
      let unknown = try fixture.report("hourly")
      #expect(unknown.code == 2)
    }
  }

  @Test func `a signal is explained on a page, with what became of those before it`() async throws {
    try await ReportFixture.inFolder { fixture in
      let store = try SQLiteStore(SQLiteSettings(path: fixture.database), for: .writing)
      let stored = try await store.signals(strategy: "dip", symbol: "GSPC", limit: 1_000)
      try store.close()
      let one = try #require(stored.first { "\($0.record.signal.time)".hasPrefix("2018-09-26") })
      func explain(_ arguments: String...) throws -> CommandTests.Answer {
        try CommandTests.run(["explain"] + arguments, in: fixture.folder)
      }
      let answer = try explain("\(one.id)", "--html", "pages/signal.html")
      #expect(answer.code == 0, "\(answer.messages)")
      let file = fixture.folder.appending(path: "pages/signal.html")
      let page = try String(contentsOf: file, encoding: .utf8)
      for outside in ["<script", "src=", "url(", "@import", "href=\"http"] { #expect(!page.contains(outside)) }
      #expect(page.components(separatedBy: "<svg").count - 1 == 2 && page.contains("S&amp;P 500 (GSPC)"))
      #expect(page.contains("every(close &lt; close[1], 3)") && page.contains("Fed raises rates &lt;again&gt;"))
      // What became of the calls before it, by the prices alone.
      let bar = one.record.signal.bar
      let past = ReportFixture.ended(fixture.calls, "dip", "GSPC", last: bar)
      let rate = Double(past.count { fixture.result($0) > 0 }) / Double(past.count)
      let base = past.map { fixture.base($0, since: fixture.calls, last: bar) }.reduce(0, +) / Double(past.count)
      let mean = past.map(fixture.result).reduce(0, +) / Double(past.count)
      let percent = ReportCommandTests.percent(_:_:signed:)
      #expect(page.contains("After 1d: right in \(percent(rate, 1, false)) (95%: "))
      #expect(page.contains("n \(past.count)), on every bar \(percent(base, 1, false)); mean return"))
      #expect(page.contains("mean return \(percent(mean, 2, true))."))
      for call in past.suffix(11) {
        let result = percent(fixture.result(call), 2, true)
        #expect(page.contains(">\(result)</span>"), "\(fixture.time(call)) \(result)")
      }
      // Later bars change nothing of it.
      let prices = fixture.folder.appending(path: "prices/GSPC.csv")
      let lines = try String(contentsOf: prices, encoding: .utf8).split(separator: "\n")
      let kept = lines.filter { $0 < "2018-09-27" || $0.hasPrefix("timestamp") }.joined(separator: "\n")
      try (kept + "\n2018-09-27T00:00:00Z,1,2,1,1,1\n").write(to: prices, atomically: true, encoding: .utf8)
      #expect(try explain("\(one.id)", "--format", "html").output == page)
      // A bar without a signal has a page too.
      let silent = try explain("cross", "--symbol", "GSPC", "--at", "2018-09-26", "--format", "html")
      #expect(silent.code == 0 && silent.output.contains("No signal stands on this bar."))
      #expect(silent.output.contains("✗"))
    }
  }
}
