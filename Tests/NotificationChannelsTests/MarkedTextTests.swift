import PluginKit
import TestSupport
import Testing

@testable import NotificationChannels

@Suite struct MarkedTextTests {
  private func parts(_ form: TextForm, _ limit: Int, _ counts: MarkedText.Count, _ text: String) -> [MarkedText.Part] {
    MarkedText(form, limit: limit, counts: counts).parts(of: ChannelMessage(id: "ID", title: "", text: text))
  }

  @Test func `a text within the limit stays as it is`() {
    #expect(parts(.telegramHTML, 5, .shownUTF16, "<b>1&lt;23</b>4").map(\.source) == ["<b>1&lt;23</b>4"])
    #expect(parts(.telegramHTML, 5, .shownUTF16, "<b>1&lt;23</b>4").map(\.shown) == ["1<234"])
  }

  @Test func `a cut is at the end of a line, and open tags are closed and opened again`() {
    let text = "<b>" + String(repeating: "a", count: 60) + "\n" + String(repeating: "b", count: 60) + "</b>"
    let cut = parts(.telegramHTML, 100, .shownUTF16, text)
    #expect(
      cut.map(\.source) == [
        "<b>" + String(repeating: "a", count: 60) + "</b>\n1/2 · ID",
        "<b>" + String(repeating: "b", count: 60) + "</b>\n2/2 · ID",
      ])
  }

  @Test func `a line that is too long is cut between characters, never within one`() {
    let family = "👩‍👩‍👧‍👦"  // eleven UTF-16 units
    let cut = parts(.plain, 100, .sourceUTF16, String(repeating: family, count: 30))
    #expect(cut.count > 3)
    let shown = cut.map { $0.shown.split(separator: "\n").first.map { String($0) } ?? "" }
    #expect(shown.joined() == String(repeating: family, count: 30))
    #expect(shown.allSatisfy { $0.allSatisfy { String($0) == family } })
  }

  @Test func `signs that are escaped are not cut`() {
    let slack = parts(.slackMrkdwn, 100, .sourceUTF16, String(repeating: "&amp;", count: 40))
    #expect(slack.allSatisfy { part in part.source.split(separator: "\n")[0].count.isMultiple(of: 5) })
    let discord = parts(.discordMarkdown, 101, .sourceUTF16, String(repeating: "\\*", count: 100))
    #expect(discord.allSatisfy { part in part.source.split(separator: "\n")[0].count.isMultiple(of: 2) })
    #expect(discord.map { $0.shown.prefix { $0 == "*" }.count }.reduce(0, +) == 100)
  }

  @Test func `a message of more than ten parts is cut off and says so`() {
    let cut = parts(.plain, 100, .sourceUTF8, String(repeating: "가나다\n", count: 1_000))
    #expect(cut.count == 10)
    #expect(cut.last?.shown.hasSuffix("…\n10/10 · ID") == true)
    #expect(cut.dropLast().allSatisfy { !$0.shown.contains("…") })
  }

  @Test(arguments: 0..<40)
  func `whatever the text, parts keep to the limit, their tags are balanced and nothing is lost`(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    let pieces = [
      "a", "가", "é", "e\u{301}\u{302}", "👩‍👩‍👧‍👦", "&amp;", "&lt;", "<b>", "</b>", "<i>", "</i>", "\n", " ", "\r\n",
      "x\u{200B}",
      String(repeating: "e\u{301}", count: 9), "<a href=\"https://e.example/?a=1&amp;b=2\">", "</a>",
    ]
    var text = ""
    var open: [String] = []
    for _ in 0..<600 {
      let piece = pieces[Int(random.next() % UInt64(pieces.count))]
      if piece.hasPrefix("</") {
        guard let last = open.last, piece == "</\(last)>" else { continue }
        open.removeLast()
      } else if piece.hasPrefix("<") {
        open.append(String(piece.dropFirst().prefix { $0.isLetter }))
      }
      text += piece
    }
    for name in open.reversed() { text += "</\(name)>" }
    let cut = parts(.telegramHTML, 200, .shownUTF16, text)
    var shown = ""
    for part in cut {
      guard case .success(let read) = TelegramHTML.read(part.source, isHTML: true) else {
        Issue.record("\(part.source) cannot be read")
        continue
      }
      #expect(Array(read.utf8) == Array(part.shown.utf8))
      #expect(read.utf16.count <= 200)
      shown += read.split(separator: "\n").dropLast().joined()
    }
    guard case .success(let whole) = TelegramHTML.read(text, isHTML: true) else {
      Issue.record("the case itself cannot be read")
      return
    }
    func signs(_ text: String) -> [Unicode.Scalar] { text.unicodeScalars.filter { !$0.properties.isWhitespace } }
    #expect(signs(shown).elementsEqual(signs(whole)))
  }
}
