import News
import Storage
import Testing
import Trading

@Suite struct NewsRuleTests {
  private func words(_ texts: String...) -> [Keyword] { texts.compactMap { Keyword($0) } }

  @Test(arguments: [
    ("fed", "The Fed holds", true), ("fed", "Federal court", false), ("fed*", "Federal court", true),
    ("fed", "FedEx falls", false), ("rate cut", "A rate\n cut is near", true), ("rate cut", "rate of cuts", false),
    ("S&P 500", "the s&p 500 falls", true), ("금리", "기준금리를 동결", true), ("삼성전자", "삼성전자가 오른다", true),
    ("apple", "Apple의 실적", true), ("apple", "Pineapple prices", false), ("AI", "said", false),
    ("C++", "c++ jobs", true),
  ])
  func `a keyword is found as a word`(_ keyword: String, _ title: String, _ isFound: Bool) throws {
    let rule = NewsRule(name: "r", anyOf: [try #require(Keyword(keyword))])
    #expect((rule.match(arrival(title).item) != nil) == isFound)
  }

  @Test func `every list that a rule has must hold`() {
    var rule = NewsRule(name: "r", anyOf: words("gold", "silver"), allOf: words("price*"), noneOf: words("sponsored"))
    #expect(rule.match(arrival("Gold prices", summary: "and silver").item) == ["price*", "gold", "silver"])
    #expect(rule.match(arrival("Gold").item) == nil)
    #expect(rule.match(arrival("Gold price, sponsored").item) == nil)
    rule.symbols = ["GC=F"]
    #expect(rule.match(arrival("Gold price").item) == nil)
    #expect(rule.match(arrival("Gold price", symbols: ["GC=F", "SI=F"]).item) != nil)
    rule.feeds = ["other"]
    #expect(rule.match(arrival("Gold price", symbols: ["GC=F"]).item) == nil)
    (rule.feeds, rule.languages) = (["wire"], ["ko"])
    #expect(rule.match(arrival("Gold price", symbols: ["GC=F"]).item) == nil)
    rule.languages = ["en"]
    #expect(rule.match(arrival("Gold price", symbols: ["GC=F"]).item) != nil)
    #expect(Keyword("--") == nil)
  }
}
