import Foundation
import Storage
import Testing
import Trading

/// Reports and signals as pages and pictures.
@Suite struct ReportPageTests {
  @Test func `the page stands alone, links its terms and draws the symbols`() async throws {
    try await ReportFixture.inFolder { fixture in
      for locale in ["en", "ko"] {
        let page = try fixture.report("daily", "--at", ReportCommandTests.at, "--format", "html", "--locale", locale)
        #expect(page.code == 0 && page.output.contains("<html lang=\"\(locale)\">"), "\(page.messages)")
        for outside in ["<script", "src=", "url(", "@import", "href=\"http"] { #expect(!page.output.contains(outside)) }
        #expect(page.output.contains("href=\"#term-win-rate\"") && page.output.contains("id=\"term-win-rate\""))
        #expect(page.output.components(separatedBy: "<svg").count - 1 == 5)
        #expect(page.output.contains("S&amp;P 500") || locale == "en")
      }
      let wrong = try fixture.report("daily", "--at", "noon")
      #expect(wrong.code == 2 && wrong.messages.contains("noon"))
      let unknown = try fixture.report("hourly")
      #expect(unknown.code == 2)
    }
  }

  #if Cairo
  @Test func `charts go into a folder as pictures`() async throws {
    try await ReportFixture.inFolder { fixture in
      let answer = try fixture.report(
        "daily", "--at", ReportCommandTests.at, "--pictures", "pictures", "--locale", "ko")
      #expect(answer.code == 0 && answer.messages.contains("pictures/GSPC-1d.png"), "\(answer.messages)")
      for symbol in ReportFixture.symbols {
        let picture = try Data(contentsOf: fixture.folder.appending(path: "pictures/\(symbol)-1d.png"))
        // The signature, and the width of the first chunk.
        #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]) && picture.count > 5_000)
        #expect(picture[16..<20].reduce(0) { $0 * 256 + Int($1) } == 960)
      }
    }
  }

  @Test(arguments: [true, false])
  func `a chat that takes pictures gets the charts behind the words, other channels the words alone`(
    takes: Bool
  ) async throws {
    try await ReportFixture.inFolder { fixture in
      let chat = "chat: { type: telegram, token: \"${env:HOME}\", chat: \"7\"\(takes ? "" : ", pictures: false") }"
      try ReportFixture.configuration.replacing("channels: { ", with: "channels: { \(chat), ")
        .write(to: fixture.folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
      let answer = try fixture.report("daily", "--at", ReportCommandTests.at, "--send", "--locale", "ko")
      #expect(answer.code == 0, "\(answer.messages)")
      let store = try SQLiteStore(SQLiteSettings(path: fixture.database), for: .writing)
      let late = Instant(seconds: 4_000_000_000)
      func claimed(_ channel: String) async throws -> [Notice] {
        var notices: [Notice] = []
        while let next = try await store.claim(channel: channel, at: late, lateBefore: Instant(seconds: 0), limit: 10) {
          notices += next.entries.map(\.notice)
        }
        return notices
      }
      let (book, told) = (try await claimed("book"), try await claimed("chat"))
      try store.close()
      #expect(book.allSatisfy { $0.picture == nil } && told.prefix(book.count).map(\.body) == book.map(\.body))
      let pictures = told.dropFirst(book.count)
      #expect(pictures.count == (takes ? 2 : 0))
      #expect(pictures.allSatisfy { $0.picture?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true })
      let captions = pictures.map { $0.body.split(separator: "\n").first.map { String($0) } ?? "" }
      for symbol in takes ? ReportFixture.symbols : [] {
        #expect(captions.contains { $0.hasPrefix("\(symbol) 1d · 2018-09-2") }, "\(captions)")
      }
    }
  }
  #endif

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
      let percent = ReportFigureTests.percent(_:_:signed:)
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
