import News
import Testing

/// Documents made to be slow: each is read to its end, and its sound items are there. Were anything read over and over,
/// these documents would take minutes each.
@Suite struct ScannerBoundsTests {
  static let sound = "<item><guid>sound</guid><title>Sound</title></item>"
  static let traps: [(String, String)] = [
    ("comments", "<!--"), ("sections", "<![CDATA["), ("types", "<!DOCTYPE x ["), ("declarations", "<!x "),
    ("instructions", "<?x "), ("tags", "<a b=\""), ("single quotes", "<a b='"), ("ends", "</"), ("references", "&"),
    ("long references", "&aaaaaaaaaaa"), ("numbers", "&#99999999"), ("items", "<item>"), ("titles", "<item><title>"),
    ("sections in items", "<item><title><![CDATA[x</item>"), ("sections and ends", "</item><![CDATA[x"),
    ("attributes", "a='b' "), ("deep", "<a>"), ("media", "<source>"), ("unsigned", "<item><description><b x='>"),
  ]

  @Test(.timeLimit(.minutes(10)), arguments: traps.map(\.0))
  func `a document made to be slow is read to its end`(_ name: String) throws {
    let trap = try #require(ScannerBoundsTests.traps.first { $0.0 == name }).1
    let many = String(repeating: trap, count: 120_000 / trap.utf8.count)
    let limits = FeedLimits()
    for text in [
      "<rss><channel>\(ScannerBoundsTests.sound)<item><title>x\(many)",
      "<rss><channel>\(ScannerBoundsTests.sound)<item><description>&lt;p \(many) &gt;</description></item></channel></rss>",
      "<rss><channel>\(ScannerBoundsTests.sound)<item \(many)",
    ] {
      let feed = try FeedParser(limits: limits).read(Array(text.utf8))
      #expect(feed.items.first?.title == "Sound")
      #expect(feed.items.count <= limits.items && feed.remarks.count <= limits.remarks + 3)
    }
  }

  @Test(
    .timeLimit(.minutes(10)), arguments: ["<b", "<b x='", "<!--", "<script>", "&lt;b x=\"", "<p a='>", "--><!--", "</"])
  func `markup in a text that is made to be slow is read to its end`(_ trap: String) throws {
    let many = String(repeating: trap, count: 12_000)
    let text =
      "<rss><channel><item><title>T</title><description><![CDATA[\(many)>]]></description></item></channel></rss>"
    let feed = try FeedParser().read(Array(text.utf8))
    #expect(feed.items.map(\.title) == ["T"])
  }

  @Test func `what goes beyond the bounds is refused or cut, and said`() throws {
    var limits = FeedLimits()
    limits.bytes = 1_000
    let parser = FeedParser(limits: limits)
    #expect(throws: FeedError.tooLong(1_001, most: 1_000)) { try parser.read([UInt8](repeating: 0x20, count: 1_001)) }
    limits = FeedLimits()
    limits.items = 2
    limits.title = 5
    let feed = try FeedParser(limits: limits).read(Array(rss([("1", "abcdefg"), ("2", "b"), ("3", "c")]).utf8))
    #expect(feed.items.map(\.title) == ["abcde…", "b"])
    #expect(feed.remarks.map(\.description) == ["line 1: 1 items beyond the first 2 are passed over"])
  }

  @Test func `a title of marks without end is cut`() throws {
    let title = "a" + String(repeating: "\u{301}", count: 100_000)
    let feed = try FeedParser().read(Array(rss([("1", title)]).utf8))
    #expect(feed.items.allSatisfy { $0.title.utf8.count < 9_000 })
  }
}
