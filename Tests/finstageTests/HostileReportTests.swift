import Foundation
import Storage
import TestSupport
import Testing
import Trading

/// Titles that are attacks, on the pages of a report and of a signal.
@Suite struct HostileReportTests {
  /// Six titles, as many as a report shows, that hold every attack or none.
  private static func titles(_ isHostile: Bool) -> [String] {
    let each = (HostileText.titles.count + 5) / 6
    return stride(from: 0, to: HostileText.titles.count, by: each).map { place in
      let part = HostileText.titles[place..<min(place + each, HostileText.titles.count)]
      return part.map { isHostile ? $0 : HostileText.harmless }.joined(separator: " ¦ ")
    }
  }

  /// The pages of a report and of a signal of a host with these headlines.
  private static func pages(of titles: [String]) async throws -> [String] {
    var pages: [String] = []
    try await ReportFixture.inFolder { fixture in
      let store = try SQLiteStore(SQLiteSettings(path: fixture.database), for: .writing)
      let evening = try #require(Instant("2018-09-26T20:30:00Z"))
      _ = try await store.save(
        titles.enumerated().map { place, title in
          NewsItem(
            feed: "wire", identifier: "hostile \(place)", title: title,
            publishedAt: evening.advanced(by: Int64(place) * 60_000),
            fetchedAt: evening.advanced(by: Int64(place + 1) * 60_000), symbols: ["IXIC", "GSPC"])
        })
      let stored = try await store.signals(strategy: "dip", symbol: "GSPC", limit: 1_000)
      try store.close()
      for locale in ["en", "ko"] {
        let answer = try fixture.report("daily", "--at", ReportCommandTests.at, "--format", "html", "--locale", locale)
        #expect(answer.code == 0, "\(answer.messages)")
        pages.append(answer.output)
      }
      let one = try #require(stored.first { "\($0.record.signal.time)".hasPrefix("2018-09-26") })
      let answer = try CommandTests.run(["explain", "\(one.id)", "--html", "signal.html"], in: fixture.folder)
      #expect(answer.code == 0, "\(answer.messages)")
      pages.append(try String(contentsOf: fixture.folder.appending(path: "signal.html"), encoding: .utf8))
    }
    return pages
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { sign in
      ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;"][sign] ?? String(sign)
    }.joined()
  }

  @Test func `a title adds no tag to a page, and stands there as it was written`() async throws {
    let pages = try await HostileReportTests.pages(of: HostileReportTests.titles(true))
    let tame = try await HostileReportTests.pages(of: HostileReportTests.titles(false))
    #expect(pages.count == 3 && tame.count == 3)
    for (page, other) in zip(pages, tame) {
      #expect(HTMLSkeleton.of(page) == HTMLSkeleton.of(other))
      #expect(HTMLSkeleton.dangers(in: page) == [])
      let shown = HostileText.titles.filter { page.contains(HostileReportTests.escaped($0)) }
      #expect(shown.count == HostileText.titles.count, "\(HostileText.titles.filter { !shown.contains($0) })")
    }
  }
}
