import News
import Testing
import Trading

/// Titles as newsrooms write them; which of them tell of the same was said by hand.
@Suite struct StoryTests {
  static let same = [
    ("Gold prices rise as dollar slips", "Gold prices rise as the dollar slips - Reuters"),
    ("Fed holds rates steady, signals cuts in 2024", "Fed holds rates steady and signals cuts in 2024"),
    ("UPDATE 1-Apple beats quarterly estimates on iPhone sales", "Apple beats quarterly estimates on iPhone sales"),
    ("Oil settles lower on demand worries, rising supply", "Oil settles lower on rising supply and demand worries"),
    ("삼성전자, 3분기 영업이익 9조원…반도체 회복", "삼성전자 3분기 영업이익 9조원, 반도체 회복"),
    ("코스피, 외국인 매수에 2,600선 회복", "코스피 외국인 매수에 2,600선 회복 마감"),
    ("日経平均が続伸、終値は3万3000円", "日経平均続伸 終値は3万3000円"),
  ]
  static let different = [
    ("Apple earnings beat estimates, shares rise", "Microsoft earnings beat estimates, shares rise"),
    ("Tesla shares fall 5% after deliveries miss", "Tesla shares fall 12% after deliveries miss"),
    ("Gold prices rise as dollar slips", "Oil prices rise as dollar slips"),
    ("Nasdaq closes higher", "Nasdaq closes lower"),
    ("Stocks to watch today", "What to know about the jobs report"),
    ("삼성전자 3분기 영업이익 9조원", "LG전자 3분기 영업이익 9조원"),
    ("현대차 3분기 실적 발표", "기아 3분기 실적 발표"), ("삼성전자 3분기 영업이익 발표", "삼성전기 3분기 영업이익 발표"),
    ("코스피 2,600선 회복 마감", "코스피 2,500선 붕괴 마감"),
  ]

  @Test(arguments: same)
  func `titles of one story are put together`(_ one: String, _ other: String) {
    var index = StoryIndex()
    #expect(index.story(of: one, at: noon, key: 1) == 1)
    #expect(index.story(of: other, at: noon.advanced(by: 3_600_000), key: 2) == 1)
  }

  @Test(arguments: different)
  func `titles of two stories stay apart`(_ one: String, _ other: String) {
    var index = StoryIndex()
    #expect(index.story(of: one, at: noon, key: 1) == 1)
    #expect(index.story(of: other, at: noon, key: 2) == 2)
  }

  @Test func `a story ends with its window, and what is forgotten is the oldest`() {
    var index = StoryIndex(window: 3_600_000, most: 4)
    #expect(index.story(of: "Nasdaq opens higher on chips", at: noon, key: 1) == 1)
    #expect(index.story(of: "Nasdaq opens higher on chips", at: noon.advanced(by: 3_600_001), key: 2) == 2)
    for number in 10..<20 {
      #expect(
        index.story(of: "Wholly other title number\(number) x\(number)", at: noon, key: Int64(number)) == Int64(number))
    }
    #expect(index.story(of: "Nasdaq opens higher on chips", at: noon, key: 3) == 3)
    #expect(index.story(of: "Wholly other title number19 x19", at: noon, key: 4) == 19)
  }

  @Test func `an item without a date of its own is the one of the same words, however long ago`() {
    var index = StoryIndex(window: 3_600_000)
    #expect(index.story(of: "Fed holds rates steady", at: noon, key: 1) == 1)
    let later = noon.advanced(by: 86_400_000)
    #expect(index.story(of: "Fed holds rates steady", at: later, key: 2, isDated: false) == 1)
    #expect(index.story(of: "Fed holds rates steady again", at: later, key: 3, isDated: false) == 3)
    // First without a date, then with its own, which is long past.
    #expect(index.story(of: "Oil falls below sixty", at: later, key: 4, isDated: false) == 4)
    #expect(index.story(of: "Oil falls below sixty", at: later.advanced(by: -40 * 86_400_000), key: 5) == 4)
    #expect(index.story(of: "Fed holds rates steady", at: later, key: 4) == 3)
  }

  @Test func `a title without words is a story of its own`() {
    var index = StoryIndex()
    #expect(index.story(of: "…", at: noon, key: 1) == 1)
    #expect(index.story(of: "…", at: noon, key: 2) == 2)
  }
}
