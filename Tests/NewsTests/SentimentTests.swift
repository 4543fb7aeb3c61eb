import Foundation
import MarketData
import Testing
import Trading

@testable import News

/// The scores are reckoned by hand from the words in Sources/News/Lexicons; `reckoning` in the file shows how.
@Suite struct SentimentTests {
  static let cases: [Record] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/sentiment.csv")
    return (try? Record.read([UInt8](Data(contentsOf: file)), file: "sentiment.csv")) ?? []
  }()

  @Test func `there are cases to check`() {
    #expect(Self.cases.count >= 25)
  }

  @Test(arguments: cases) func `a text has the score that its words make, by hand`(_ record: Record) throws {
    let text = try #require(record.text("text"))
    let tone = Lexicon.bundled.tone(of: text)
    guard let score = record.text("score").flatMap(Double.init) else {
      #expect(tone == nil)
      return
    }
    let found = try #require(tone)
    #expect(abs(found.score - score) < 0.000_000_6, "\(text): \(found)")
    #expect(found.label.rawValue == record.text("label"))
    let words = found.words.map { "\($0.text) \(Self.plain($0.contribution))" }.joined(separator: "; ")
    #expect(words == record.text("words") ?? "", "\(text)")
  }

  private static func plain(_ value: Double) -> String {
    Int(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  @Test func `the lexicon that comes along is read without a fault, in both languages`() throws {
    var lexicon = Lexicon()
    try lexicon.add(String(decoding: PackageResources.english_txt, as: UTF8.self), file: "english.txt")
    let english = lexicon.count
    try lexicon.add(String(decoding: PackageResources.korean_txt, as: UTF8.self), file: "korean.txt")
    #expect(english > 400 && lexicon.count > english + 100)
    #expect(Lexicon.bundled.count == lexicon.count)
  }

  @Test func `a file laid over another changes a weight and adds words`() throws {
    var lexicon = Lexicon.bundled
    try lexicon.add("[words]\n-1 soars\n4 moon*  # to the moon\n[settings]\ndamping 2", file: "mine.txt")
    // (-1 + 4) / (5 + 2)
    #expect(try abs(#require(lexicon.tone(of: "Coin soars, mooning")).score - 3.0 / 7) < 1e-12)
  }

  @Test(arguments: [
    ("+2 gains", 1, "a lexicon begins with a section: [words]"),
    ("[wrods]", 1, "there is no section [wrods]"),
    ("[words]\n\n+5 gains", 3, "a number from -4 to 4"), ("[words]\ngains", 2, "a number from -4 to 4"),
    ("[words]\n0 gains", 2, "a weight of 0 says nothing"), ("[words]\n1 gains\n2 gains", 3, "\"gains\" stands twice"),
    ("[words]\n1 12a", 2, "\"12a\" is no word"), ("[words]\n1 *gain", 2, "a part of a word is written *so*"),
    ("[settings]\nspeed 3", 2, "there is no setting \"speed\""),
    ("[settings]\nthreshold 2", 2, "threshold lies from 0.0 to 1.0; found 2"),
    ("[words]\nnan gains", 2, "a number from -4 to 4"),
  ]) func `a fault of a lexicon says its line`(_ text: String, _ line: Int, _ message: String) throws {
    var lexicon = Lexicon()
    do throws(LexiconFault) {
      try lexicon.add(text, file: "mine.txt")
      Issue.record("no fault")
    } catch {
      #expect(error.line == line)
      #expect(error.message.contains(message), "\(error)")
    }
  }

  @Test func `a long text is read as far as ten thousand characters`() throws {
    let long = String(repeating: "word ", count: 2_000) + "crash"
    #expect(try #require(Lexicon.bundled.tone(of: long)).words.isEmpty)
    let endless = String(repeating: "a", count: 3_000_000)
    #expect(try #require(Lexicon.bundled.tone(of: endless)).score == 0)
  }

  @Test func `a summary that begins with the title is not counted twice`() throws {
    let once = try #require(Lexicon.bundled.tone(ofTitle: "Chip maker soars", summary: "Chip maker soars on news"))
    #expect(once.words.count == 1)
    let both = try #require(Lexicon.bundled.tone(ofTitle: "Chip maker soars", summary: "Shares rally"))
    #expect(both.words.map(\.text) == ["soars", "rally"])
  }
}
