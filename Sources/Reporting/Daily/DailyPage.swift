internal import Trading

/// A report as one HTML page that needs nothing else: no request, no script. Charts are inline SVG, for light and dark.
public struct DailyPage: Sendable {
  private let report: DailyReport
  private let content: ReportContent
  private let locale, version: String

  /// - Parameters:
  ///   - locale: `en` or `ko`, as the content is.
  ///   - version: Of the program.
  public init(_ report: DailyReport, _ content: ReportContent, locale: String, version: String) {
    self.report = report
    self.content = content
    self.locale = locale
    self.version = version
  }

  /// As its template sees it: the field names are the template's tags.
  private struct Page: Sendable {
    struct Cell: Sendable {
      let isWord: Bool
      let text: Markup
    }

    struct Row: Sendable { let cells: [Cell] }

    struct Section: Sendable {
      let anchor, heading: String
      let sentences: [Markup]
      let hasTable, hasLines: Bool
      let heads: [Cell]
      let rows: [Row]
      let lines: [Line]
      let diagram: Markup?
    }

    struct Line: Sendable {
      let isHead: Bool
      let text: Markup
    }

    struct Picture: Sendable { let day, night: Markup }
    struct Term: Sendable { let anchor, term, meaning: String }

    let language, title, subtitle, origin, footer: String
    let style: Markup
    let opening: [String]
    let charts: [Picture]
    let sections: [Section]
    let hasGlossary: Bool
    let glossaryHeading: String
    let glossary: [Term]
  }

  /// The page.
  public func render() throws(ReportingError) -> String {
    let linker = TermLinks(content.glossary)
    return try PageTemplates.render(
      Page(
        language: locale == "ko" ? "ko" : "en", title: bare(content.title), subtitle: content.subtitle,
        origin: version.isEmpty ? "Finstage" : "Finstage \(version)", footer: content.footer,
        style: Markup(trusted: PageTemplates.style + PageTemplates.dailyStyle), opening: content.opening.map(bare),
        charts: report.isQuiet ? [] : report.charts.compactMap(picture),
        sections: content.sections.map { section($0, linker) }, hasGlossary: !content.glossary.isEmpty,
        glossaryHeading: bare(content.glossaryHeading),
        glossary: content.glossary.map { Page.Term(anchor: $0.anchor, term: $0.term, meaning: $0.meaning) }),
      with: "daily")
  }

  private func section(_ section: ReportContent.Section, _ linker: TermLinks) -> Page.Section {
    var links = linker
    let sentences = section.sentences.map { links.linked($0) }
    let table = section.table
    let words = table?.words ?? 0
    let heads = (table?.heads ?? []).enumerated().map { place, head in
      Page.Cell(isWord: place < words, text: links.linked(head))
    }
    let rows = (table?.rows ?? []).map { row in
      Page.Row(
        cells: row.enumerated().map { place, text in
          Page.Cell(isWord: place < words, text: .figure(text == Figures.undefined ? nil : text, tinted: true))
        })
    }
    // A table says what the lines say; on a narrow screen the lines are read instead.
    if table != nil { links = linker }
    let lines = section.lines.map { line in
      Page.Line(isHead: line.hasPrefix("▪ "), text: links.linked(bare(line)))
    }
    return Page.Section(
      anchor: section.anchor, heading: bare(section.heading), sentences: sentences, hasTable: table != nil,
      hasLines: !lines.isEmpty, heads: heads, rows: rows, lines: lines,
      diagram: section.anchor == "figures" ? diagram : nil)
  }

  /// How often the confidence of stored calls was right, where there are enough of them.
  private var diagram: Markup? {
    guard let calibration = report.total?.calibration else { return nil }
    let diagram = ReliabilityDiagram(calibration, least: report.leastSamples, locale: locale)
    let title = locale == "ko" ? "말한 신뢰도와 실제 적중률" : "Confidence and what came of it"
    return diagram.isEmpty ? nil : Markup(trusted: diagram.svg(title: title))
  }

  /// A line without the signs that stand before it in a message: a page has its own marks, and not every reader's
  /// machine has a font for them.
  private func bare(_ line: String) -> String {
    let own: Set<Unicode.Scalar> = ["•", "▪", "⏳", "⏭", "⚠", "⚡", "🔹", "\u{FE0F}"]
    let rest = line.unicodeScalars.drop { $0 == " " || own.contains($0) || $0.value >= 0x1F000 }
    return String(rest)
  }

  private func picture(_ chart: DailyReport.Chart) -> Page.Picture? {
    chart.picture(locale: locale).map {
      Page.Picture(
        day: Markup(trusted: $0.svg(locale: locale)), night: Markup(trusted: $0.svg(locale: locale, isDark: true)))
    }
  }
}

/// Links the first mention of each term of the glossary to its meaning.
struct TermLinks {
  private var open: [ReportContent.Term]

  init(_ terms: [ReportContent.Term]) { open = terms }

  /// The text as markup; a term that was linked before stays plain.
  mutating func linked(_ text: String) -> Markup {
    var rest = text[...]
    var html = ""
    while let (term, range) = next(in: rest) {
      html += Markup.escaped(String(rest[..<range.lowerBound]))
      html += "<a class=\"term\" href=\"#term-\(Markup.escaped(term.anchor))\">"
      html += Markup.escaped(String(rest[range])) + "</a>"
      open.removeAll { $0.anchor == term.anchor }
      rest = rest[range.upperBound...]
    }
    return Markup(trusted: html + Markup.escaped(String(rest)))
  }

  private func next(in text: Substring) -> (term: ReportContent.Term, range: Range<String.Index>)? {
    var first: (term: ReportContent.Term, range: Range<String.Index>)?
    for term in open {
      guard let range = place(of: term.term, in: text) else { continue }
      if first.map({ range.lowerBound < $0.range.lowerBound }) ?? true { first = (term, range) }
    }
    return first
  }

  /// Where the text says the term by itself: not within a longer word or a strategy's name.
  private func place(of term: String, in text: Substring) -> Range<String.Index>? {
    var start = text.startIndex
    while start < text.endIndex {
      var (index, rest) = (start, term[...])
      while let sign = rest.first, index < text.endIndex, text[index].lowercased() == sign.lowercased() {
        index = text.index(after: index)
        rest.removeFirst()
      }
      if rest.isEmpty, isEdge(start == text.startIndex ? nil : text[text.index(before: start)]),
        isEdge(index == text.endIndex ? nil : text[index])
      {
        return start..<index
      }
      start = text.index(after: start)
    }
    return nil
  }

  private func isEdge(_ sign: Character?) -> Bool {
    guard let sign else { return true }
    return !(sign.isASCII && (sign.isLetter || sign.isNumber)) && sign != "_" && sign != "-"
  }
}
