internal import Mustache

/// Blocks as HTML. What they say is escaped; what they lead to is checked.
extension DashboardFrame {
  private struct Table: Sendable {
    struct Cell: Sendable {
      let isWord: Bool
      let content: Markup
      /// The head of its column, which a narrow screen shows beside it.
      let label: String
    }
    struct Row: Sendable { let cells: [Cell] }

    let name, empty: String
    let hasRows: Bool
    /// Whether a narrow screen shows a row as a list: what is read is, what is compared is not.
    let isStacked: Bool
    let heads: [Cell]
    let rows: [Row]
  }

  private struct Facts: Sendable {
    struct Fact: Sendable {
      let label: String
      let value: Markup
    }
    let facts: [Fact]
  }

  private struct Form: Sendable {
    struct Choice: Sendable {
      let value, label: String
      let isChosen: Bool
    }
    struct Field: Sendable {
      let id, name, label, value, hint, placeholder, kind: String
      let isInput, isChoice, isChoices, isLines, isHidden, isRequired, hasHint: Bool
      let choices: [Choice]
    }

    let action, method, button, ticket: String
    let isQuestion: Bool
    let fields: [Field]
  }

  private struct Chart: Sendable {
    let source, caption: String
    let drawing: Markup
  }

  func markup(_ block: DashboardBlock) throws(ReportingError) -> Markup {
    switch block {
    case .text(let sentences):
      return joined(sentences.map { "<p class=\"sentences\">\(Markup.escaped($0))</p>" })
    case .note(let sentence, let tone):
      return Markup(
        trusted: "<p class=\"note \(tone.rawValue)\"><span>\(mark(tone))\(Markup.escaped(sentence))</span></p>")
    case .facts(let facts):
      return try render(
        Facts(facts: facts.map { Facts.Fact(label: $0.label, value: markup($0.value)) }), with: "dashboard-facts")
    case .table(let table):
      let words = table.rows.first?.map(\.isWord) ?? []
      let heads = table.heads.enumerated().map { place, head in
        Table.Cell(isWord: place < words.count ? words[place] : true, content: Markup(text: head), label: "")
      }
      return try render(
        Table(
          name: table.name, empty: table.empty, hasRows: !table.rows.isEmpty,
          isStacked: words.count(where: { $0 }) * 2 > words.count, heads: heads,
          rows: table.rows.map { row in
            Table.Row(
              cells: row.enumerated().map { place, cell in
                let label = place < table.heads.count ? table.heads[place] : ""
                return Table.Cell(isWord: cell.isWord, content: markup(cell), label: label)
              })
          }), with: "dashboard-table")
    case .lines(let lines):
      return Markup(
        trusted: "<ul class=\"lines\">" + lines.map { "<li>\(markup($0).html)</li>" }.joined() + "</ul>")
    case .links(let links):
      return Markup(trusted: "<p class=\"links\">" + links.map { markup($0).html }.joined(separator: " ") + "</p>")
    case .form(let form): return try render(shown(form), with: "dashboard-form")
    case .progress(let share, let label):
      let percent = Int((min(max(share.isFinite ? share : 0, 0), 1) * 100).rounded())
      let text = Markup.escaped(label)
      return Markup(
        trusted: "<p class=\"progress\"><progress max=\"100\" value=\"\(percent)\" aria-label=\"\(text)\"></progress> "
          + "<span>\(text)</span></p>")
    case .chart(let chart):
      return try render(
        Chart(source: chart.source, caption: chart.caption, drawing: chart.drawing.markup), with: "dashboard-chart")
    case .fragment(let fragment):
      let language = fragment.language.map { " lang=\"\(Markup.escaped($0))\"" } ?? ""
      return Markup(trusted: "<div class=\"fragment\"\(language)>\(fragment.markup.html)</div>")
    }
  }

  private func render(_ block: some Sendable, with template: String) throws(ReportingError) -> Markup {
    Markup(trusted: try PageTemplates.render(block, with: template))
  }

  private func joined(_ pieces: [String]) -> Markup { Markup(trusted: pieces.joined(separator: "\n")) }

  // MARK: - Cells

  func markup(_ cell: DashboardCell) -> Markup {
    guard let text = cell.text else { return .figure(nil) }
    var html = text.isEmpty ? "" : mark(cell.tone) + Markup.escaped(text)
    if cell.tone != .plain, !text.isEmpty { html = "<span class=\"\(cell.tone.rawValue)\">\(html)</span>" }
    if let link = cell.link.flatMap(DashboardFrame.address) {
      let isOwn = link.hasPrefix("/") || link.hasPrefix("#")
      let rest = isOwn ? "" : " rel=\"noopener noreferrer external\""
      html = "<a href=\"\(Markup.escaped(link))\"\(rest)>\(html)</a>"
    }
    if !cell.detail.isEmpty { html += " <span class=\"quiet\">\(Markup.escaped(cell.detail))</span>" }
    return Markup(trusted: html + cell.buttons.map(button).joined())
  }

  /// What tells a state besides its colour.
  private func mark(_ tone: DashboardTone) -> String {
    switch tone {
    case .good: "<span class=\"sign\" aria-hidden=\"true\">●</span> "
    case .warn: "<span class=\"sign\" aria-hidden=\"true\">▲</span> "
    case .bad: "<span class=\"sign\" aria-hidden=\"true\">■</span> "
    case .plain, .quiet, .gain, .loss: ""
    }
  }

  /// An address that may be led to; nil where a browser could take it for something else than a page.
  static func address(_ link: String) -> String? {
    guard link.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else { return nil }
    if link.hasPrefix("#") { return link }
    if link.hasPrefix("/") { return link.hasPrefix("//") || link.contains("\\") ? nil : link }
    let lower = link.lowercased()
    return lower.hasPrefix("https://") || lower.hasPrefix("http://") ? link : nil
  }

  private func button(_ button: DashboardButton) -> String {
    var html = "<form class=\"inline\" method=\"post\" action=\"\(Markup.escaped(button.action))\">" + hidden
    for field in button.fields {
      html += "<input type=\"hidden\" name=\"\(Markup.escaped(field.name))\" value=\"\(Markup.escaped(field.value))\">"
    }
    let name = button.object.isEmpty ? "" : " aria-label=\"\(Markup.escaped("\(button.label): \(button.object)"))\""
    return html + "<button\(name)>\(Markup.escaped(button.label))</button></form>"
  }

  private var hidden: String { "<input type=\"hidden\" name=\"csrf\" value=\"\(Markup.escaped(ticket))\">" }

  // MARK: - Forms

  private func shown(_ form: DashboardForm) -> Form {
    Form(
      action: form.action, method: form.isQuestion ? "get" : "post", button: form.button, ticket: ticket,
      isQuestion: form.isQuestion, fields: form.fields.map(shown))
  }

  private func shown(_ field: DashboardForm.Field) -> Form.Field {
    var (kind, placeholder) = ("text", "")
    var choices: [(value: String, label: String)] = []
    var (isInput, isChoice, isChoices, isLines, isHidden) = (false, false, false, false, false)
    switch field.kind {
    case .text(let example): (isInput, placeholder) = (true, example)
    case .secret: (isInput, kind) = (true, "password")
    case .date: (isInput, kind) = (true, "date")
    case .lines: isLines = true
    case .choice(let some): (isChoice, choices) = (true, some)
    case .choices(let some): (isChoices, choices) = (true, some)
    case .hidden: isHidden = true
    }
    let chosen = Set(field.value.split(separator: "\n").map(String.init))
    return Form.Field(
      id: "field-\(field.name)", name: field.name, label: field.label, value: field.value, hint: field.hint,
      placeholder: placeholder, kind: kind, isInput: isInput, isChoice: isChoice, isChoices: isChoices,
      isLines: isLines, isHidden: isHidden, isRequired: field.isRequired, hasHint: !field.hint.isEmpty,
      choices: choices.map { choice in
        Form.Choice(
          value: choice.value, label: choice.label,
          isChosen: isChoices ? chosen.contains(choice.value) : choice.value == field.value)
      })
  }
}
