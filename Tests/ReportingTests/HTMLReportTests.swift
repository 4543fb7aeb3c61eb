@testable import Backtesting
import TestSupport
import Testing
import Trading

@testable import Reporting

@Suite struct HTMLReportTests {
  func page(
    _ results: [BacktestResult], strategies: [String: (title: String, description: String)] = [:]
  ) throws -> String {
    let candles = ["^IXIC": Fabricated.candles()]
    return try HTMLReport(results: results, candles: candles, strategies: strategies, version: "1.2.3").render()
  }

  @Test func `the page never says NaN or infinity`() throws {
    let html = try page([Fabricated.result(), Fabricated.result("quiet", signals: 0, held: nil, trades: 0)])
    #expect(!html.contains("NaN") && !html.contains("nan\"") && !html.contains(">nan") && !html.contains("inf\""))
    #expect(html.contains("<span class=\"undefined\" title=\"not defined\">–</span>"))
  }

  @Test func `the page asks for nothing from outside and needs no script`() throws {
    let html = try page([Fabricated.result()])
    #expect(!html.contains("http:") && !html.contains("https:") && !html.contains("src=") && !html.contains("@import"))
    #expect(!html.contains("<script") && !html.contains("<link"))
    #expect(html.contains("default-src 'none'"))
  }

  @Test func `everything from the data is escaped`() throws {
    let evil = "<script>alert(\"x\")</script>"
    var result = Fabricated.result(evil, "\"\u{301}onload='y'", reason: evil)
    result.notes = [evil]
    let html = try page([result], strategies: [evil: (title: evil, description: evil)])
    #expect(!html.contains("<script"))
    #expect(html.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"))
    #expect(!html.unicodeScalars.split(separator: "\"").dropFirst().contains { $0.first == "\u{301}" })
  }

  @Test func `no text of the data changes the tags of the page`() throws {
    func skeleton(_ text: String) throws -> [String] {
      var result = Fabricated.result(text, reason: text)
      result.notes = [text]
      let html = try page([result], strategies: [text: (title: text, description: text)])
      #expect(HTMLSkeleton.dangers(in: html).isEmpty, "\(text)")
      return HTMLSkeleton.of(html)
    }
    let plain = try skeleton(HostileText.harmless)
    #expect(plain.count > 100)
    for text in HostileText.titles { #expect(try skeleton(text) == plain, "\(text)") }
  }

  @Test func `the skeleton of a page shows what was let in`() {
    #expect(HTMLSkeleton.of("<p class=x>a &lt;b&gt; <br/></p>") == ["<p class>", "<br>", "</p>"])
    for text in ["<p>\(HostileText.titles[2])</p>", "<p title='\(HostileText.titles[3])'>"] {
      #expect(HTMLSkeleton.of(text) != ["<p>", "</p>"] && !HTMLSkeleton.dangers(in: text).isEmpty, "\(text)")
    }
    #expect(HTMLSkeleton.dangers(in: "<a href=\" java\tscript&colon;x\">") == ["<a href=javascript:>"])
    #expect(HTMLSkeleton.of("<title></title><b></title>").contains("<b>"))
    #expect(HTMLSkeleton.of("<script>\"<b>\"</script>") == ["<script>", "</script>"])
    #expect(HTMLSkeleton.dangers(in: "<a href='https://e.com/x:y'>").isEmpty)
  }

  @Test func `every template asks for our escaping`() {
    for (name, text) in PageTemplates.sources {
      #expect(String(decoding: text, as: UTF8.self).hasPrefix("{{% CONTENT_TYPE:MARKUP}}\n"), "\(name)")
    }
  }

  @Test func `each signal has one marker`() throws {
    let html = try page([Fabricated.result(signals: 12)])
    #expect(html.matches(of: /<use href="#mark-/).count == 12)
    #expect(!html.contains("are not drawn"))
  }

  @Test func `beyond the limit the page says how many markers are not drawn`() throws {
    let html = try page([Fabricated.result(signals: PriceChart.markerLimit + 50)])
    #expect(html.matches(of: /<use href="#mark-/).count == PriceChart.markerLimit)
    #expect(html.contains("The latest 400 signals are marked; 50 are not drawn."))
  }

  @Test func `prices are drawn once for a symbol`() throws {
    let html = try page([Fabricated.result("a"), Fabricated.result("b"), Fabricated.result("c")])
    #expect(html.matches(of: /class="line price"/).count == 1)
    #expect(html.matches(of: /<use href="#prices-ixic"\/>/).count == 3)
  }

  @Test func `the drawings are well-formed and every link and drawing has its target`() throws {
    let html = try page([Fabricated.result("a"), Fabricated.result("a", "A & B"), Fabricated.result("b")])
    for drawing in html.matches(of: /<svg(?s:.*?)<\/svg>/) { #expect(isWellFormed(String(drawing.output))) }
    let ids = html.matches(of: /\sid="([^"]*)"/).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count)
    for link in html.matches(of: /href="#([^"]*)"/) { #expect(ids.contains(String(link.output.1)), "\(link.output.1)") }
  }

  @Test func `a symbol without prices still shows its equity`() throws {
    let html = try page([Fabricated.result("a", "OTHER")])
    #expect(!html.contains("class=\"line price\"") && html.contains("class=\"line equity\""))
  }

  @Test func `months, grades and regimes are shown, and intervals where they were made`() throws {
    var result = Fabricated.result()
    result.outcomes[1].grade = .c
    result.outcomes[1].favourableExcursion = 0.0345
    var regime = result.outcomes[1]
    regime.count = 7
    result.outcomes[1].regimes = [RegimeOutcome(regime: .bearTurbulent, outcome: regime)]
    let plain = try page([result])
    #expect(plain.contains("Returns by month") && plain.contains("<th scope=\"row\" class=\"word\">1999</th>"))
    #expect(plain.contains("<td>C</td>") && plain.contains("<td>+3.45%</td>"))
    #expect(plain.contains("falling, turbulent") && plain.contains(" of 7</span>"))
    #expect(!plain.contains("rising, calm</th>") && !plain.contains("stationary bootstrap"))
    result.periodsPerYear = 252
    result.intervals = BootstrapIntervals(of: result, replications: 10)
    let html = try page([result])
    #expect(html.contains("stationary bootstrap") && html.contains("replayed 10 times"))
    #expect(!html.contains("drawn by lot"))
    result.randomEntries = RandomEntries(mean: 0.0123, randomMean: 0.004, p: 0.125, positions: 3, draws: 1_000)
    let compared = try page([result])
    #expect(compared.contains("earned +1.23%") && compared.contains("a share of 0.125 of the draws"))
    #expect(!html.contains("NaN"))
  }

  @Test func `no results, no bars and one bar make a page`() throws {
    #expect(try page([]).contains("There are no results to show."))
    var result = Fabricated.result()
    result.times = []
    result.equity = []
    result.buyHoldEquity = nil
    #expect(try page([result]).contains("no bars"))
    result.times = [Instant(seconds: 915_408_000)]
    result.equity = [0]
    #expect(try !page([result]).contains("NaN"))
  }

  @Test func `the same results make the same page`() throws {
    let results = [Fabricated.result(), Fabricated.result("b")]
    #expect(try page(results) == page(results))
  }

  /// Whether tags open and close in pairs, attributes are quoted, and `&` begins an entity.
  func isWellFormed(_ text: String) -> Bool {
    var open: [Substring] = []
    for tag in text.matches(of: /<(\/?)([A-Za-z]+)((?:\s+[-A-Za-z]+="[^"<]*")*)\s*(\/?)>/) {
      if !tag.output.1.isEmpty {
        guard open.popLast() == tag.output.2 else { return false }
      } else if tag.output.4.isEmpty {
        open.append(tag.output.2)
      }
    }
    let tags = text.matches(of: /<(\/?)([A-Za-z]+)((?:\s+[-A-Za-z]+="[^"<]*")*)\s*(\/?)>/).count
    return open.isEmpty && tags == text.count { $0 == "<" } && text.matches(of: /&(?!(lt|gt|amp|quot|#39);)/).isEmpty
  }
}
