import TestSupport
import Testing

@testable import Reporting

/// Pages of the dashboard: whatever is put into them stays text.
@Suite struct DashboardPageTests {
  /// A page with the text at every place that a page has.
  private func page(_ text: String, language: String = "en") throws -> String {
    var frame = DashboardFrame(language: language, version: "1", assets: DashboardAssets())
    frame.places = [.init(text, "/"), .init("Plain", "/plain")]
    frame.ticket = text
    frame.reader = text
    frame.isSignedIn = true
    frame.isLive = true
    frame.path = "/plain"
    var cell = DashboardCell(text, .good, link: "/x", detail: text)
    cell.buttons = [DashboardButton(text, "/press", object: text, fields: [(text, text)])]
    let form = DashboardForm(
      "/form", button: text,
      fields: [
        .init("a", text, .text(placeholder: text), value: text, hint: text, isRequired: true),
        .init("b", text, .secret, hint: text), .init("c", text, .date), .init("d", text, .lines, value: text),
        .init("e", text, .choice([(text, text), ("x", "y")]), value: text),
        .init("f", text, .choices([(text, text), ("x", "y")]), value: text), .init("g", text, .hidden, value: text),
      ])
    return try frame.render(
      DashboardPage(
        text, subtitle: text,
        sections: [
          DashboardSection(
            "one", text, isLive: true,
            [
              .text([text]), .note(text, .bad), .facts([DashboardFact(text, cell)]), .lines([cell]), .links([cell]),
              .table(DashboardTable(text, heads: [text, text], rows: [[cell, .tinted(text)]], empty: text)),
              .table(DashboardTable(text, heads: [text], rows: [], empty: text)), .form(form), .progress(0.5, text),
              .chart(
                DashboardChart(
                  source: "/charts", caption: text, drawing: DashboardFragment(Markup(trusted: "<svg></svg>")))),
            ])
        ]))
  }

  @Test(arguments: HostileText.titles + HostileText.controls)
  func `a text that is written to break out changes no tag of a page`(_ text: String) throws {
    let harmless = HTMLSkeleton.of(try page(HostileText.harmless))
    let hostile = try page(text)
    #expect(HTMLSkeleton.of(hostile) == harmless)
    #expect(HTMLSkeleton.misfit(in: hostile) == nil)
    #expect(HTMLSkeleton.dangers(in: hostile).isEmpty)
    // No sign that steers, nor one that turns the writing round.
    #expect(!hostile.unicodeScalars.contains { ["\u{1B}", "\u{0}", "\u{202E}", "\u{2066}", "\u{9B}"].contains($0) })
  }

  @Test(arguments: [
    "javascript:alert(1)", "JavaScript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "vbscript:x", "//evil.example", "/\\evil.example", "\u{1}javascript:x", "ftp://example.com", "x",
  ])
  func `what is no address of a page is no link`(_ link: String) {
    #expect(DashboardFrame.address(link) == nil)
  }

  @Test(arguments: ["/signals/1", "https://example.com/a?b=c&d", "http://example.com", "#part"])
  func `an address of a page is a link`(_ link: String) { #expect(DashboardFrame.address(link) == link) }

  @Test func `where one is, and what is not defined, is said to who hears the page`() throws {
    let html = try page("x")
    #expect(html.contains("<a href=\"/plain\" aria-current=\"page\">"))
    #expect(html.contains("class=\"skip\" href=\"#content\""))
    let frame = DashboardFrame(language: "en", version: "1", assets: DashboardAssets())
    #expect(frame.markup(.figure(nil)).html.contains("title=\"not defined\""))
    // A state is told by a sign and a word besides its colour.
    #expect(frame.markup(DashboardCell("failed", .bad)).html.contains("■"))
  }

  @Test func `the address of an asset says which bytes it means`() {
    let assets = DashboardAssets()
    for kind in DashboardAssets.Kind.allCases {
      #expect(assets.bytes(of: kind).count > 100)
      #expect(assets.address(of: kind) == "/assets/\(kind.rawValue)?v=\(assets.mark(of: kind))")
      #expect(assets.mark(of: kind).count == 12)
    }
    let script = String(decoding: assets.bytes(of: .script), as: UTF8.self)
    let style = String(decoding: assets.bytes(of: .style), as: UTF8.self)
    // Nothing is asked of anybody else, and nothing is made into code.
    for word in ["http://", "https://", "//cdn", "eval(", "new Function", "document.write", "@import", "innerHTML = "] {
      #expect(!script.contains(word) && !style.contains(word), "\(word)")
    }
    #expect(!style.contains("url("))
  }
}
