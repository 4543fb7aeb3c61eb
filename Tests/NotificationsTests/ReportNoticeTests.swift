import Foundation
import Notifications
import PluginKit
import Storage
import Testing
import Trading

@Suite struct ReportNoticeTests {
  private static func report(_ lines: Int, of length: Int = 60) -> ReportText {
    let line = String(repeating: "<&>\"", count: length / 4)
    return ReportText(
      title: "🌅 T", subtitle: "s", opening: ["one", "two", "three", "four", "five"],
      sections: (0..<4).map { number in
        .init(heading: "H\(number)", sentences: ["S\(number)."], lines: (0..<lines).map { "\(number).\($0) \(line)" })
      }, glossaryHeading: "G", glossary: [.init("RSI", meaning: "r"), .init("MA200", meaning: "m")], footer: "end")
  }

  private func sent(_ notice: Notice) throws -> String {
    let entry = OutboxEntry(
      id: 1, notice: notice, state: .pending, createdAt: Instant(seconds: 0), dueAt: Instant(seconds: 0))
    let writer = NoticeWriter(templates: NoticeTemplates.load(locale: "en").templates)
    return try #require(
      writer.message(of: ClaimedMessage(entries: [entry]), in: .telegramHTML, at: Instant(seconds: 0))
    ).text
  }

  @Test(arguments: ["en", "ko"], [0, 3, 60, 150])
  func `parts stay within Telegram's limit, with their tags in pairs and nothing lost`(
    locale: String, lines: Int
  ) throws {
    let writer = NoticeWriter(templates: NoticeTemplates.load(locale: locale).templates)
    let notices = writer.notices(
      of: ReportNoticeTests.report(lines), called: "daily/x", fields: ["kind": "daily_report"], channel: "t")
    let texts = try notices.map(sent)
    #expect(texts.count == 1 || lines > 3)
    for text in texts {
      #expect(text.utf16.count <= 4_096 && text.utf16.count > 0)
      // `<b>` and `</b>` take turns, and no other `<` is left.
      let tags = text.split(separator: "<").dropFirst(text.hasPrefix("<") ? 0 : 1).map { $0.prefix { $0 != ">" } }
      #expect(tags.enumerated().allSatisfy { place, tag in tag == (place.isMultiple(of: 2) ? "b" : "/b") })
      #expect(tags.count.isMultiple(of: 2))
    }
    for section in 0..<4 {
      #expect(texts.count { $0.contains("<b>H\(section)</b>") } == 1)
      for line in 0..<lines { #expect(texts.contains { $0.contains("\(section).\(line) &lt;") }) }
    }
    #expect(Set(notices.map(\.key)).count == notices.count && Set(notices.map(\.code)).count == notices.count)
    #expect(notices.map(\.key) == notices.map(\.key).sorted())
  }

  @Test func `a line that no message holds goes over several`() throws {
    let writer = NoticeWriter(templates: NoticeTemplates.load(locale: "en").templates)
    let notices = writer.notices(
      of: ReportNoticeTests.report(1, of: 12_000), called: "daily/x", fields: [:], channel: "t")
    for notice in notices { #expect(try sent(notice).utf16.count <= 4_096) }
    // Each four of the 12,000 signs of a section hold one quote.
    let signs = try notices.map { try sent($0).components(separatedBy: "&quot;").count - 1 }.reduce(0, +)
    #expect(signs == 4 * 3_000)
  }

  @Test func `a user's template lays a report out, and a value that there is not is a fault`() {
    let own = NoticeTemplates.load(
      locale: "en", files: [("report.mustache", "{{title}}!{{#sections}} {{heading}}{{/sections}}")])
    #expect(own.faults.isEmpty)
    #expect(
      NoticeWriter(templates: own.templates).text(of: ReportNoticeTests.report(1)) == "🌅 T! H0 H1 H2 H3")
    let wrong = NoticeTemplates.load(locale: "en", files: [("report.mustache", "{{titel}}")])
    #expect(wrong.faults.map(\.found) == ["titel"])
  }
}
