internal import Backtesting

/// Rows and columns laid out for a width: what fits, how wide each column is, and what had to be left out.
struct TextBlock: Sendable {
  /// Names are not cut below this while there is still a column to leave out.
  private static let readableName = 24

  private(set) var columns: [LeagueColumn]
  /// Names of the columns that did not fit.
  private(set) var leftOut: [String] = []
  private let rows: [BacktestSummary]
  private let names: [String]
  private let nameWidth: Int
  /// Cells between columns.
  private let gap: Int

  init(rows: [BacktestSummary], columns: [LeagueColumn], width: Int, gap: Int) {
    let names = rows.map { TerminalText.printable($0.strategy) }
    let longest = max("strategy".count, names.map(TerminalText.width).max() ?? 0)
    var kept = columns
    var space = TextBlock.space(for: kept, rows: rows, in: width, gap: gap)
    // Symbol and one figure stay, whatever the width.
    while space < min(longest, TextBlock.readableName), kept.count > 2,
      let least = kept.indices.dropFirst().min(by: { kept[$0].weight < kept[$1].weight })
    {
      leftOut.append(kept[least].name)
      kept.remove(at: least)
      space = TextBlock.space(for: kept, rows: rows, in: width, gap: gap)
    }
    self.gap = gap
    self.rows = rows
    self.columns = kept
    self.names = names
    nameWidth = max(4, min(longest, space))
  }

  /// Whether a strategy's name is cut.
  var shortened: Bool { names.contains { TerminalText.width($0) > nameWidth } }

  /// Whether there is more than the symbol.
  var hasFigures: Bool { columns.count > 1 }

  func lines(colour: Bool) -> [String] {
    let widths = TextBlock.widths(of: columns, rows: rows, gap: gap)
    var lines = heads(widths).map { TerminalColour.dim.paint($0, when: colour) }
    let rule = String(repeating: "─", count: lineWidth(widths))
    var symbol: String?
    for (row, name) in zip(rows, names) {
      if symbol != row.symbol { lines.append(TerminalColour.dim.paint(rule, when: colour)) }
      symbol = row.symbol
      var line = TerminalText.left(TerminalText.truncated(name, to: nameWidth), nameWidth)
      for (index, column) in columns.enumerated() {
        let figure = column.figure(row)
        let text = figure ?? Figures.undefined
        let cell = index == 0 ? TerminalText.left(text, widths[index]) : TerminalText.right(text, widths[index])
        line += TerminalText.spaces(gap)
        let tone: TerminalColour = text.hasPrefix("-") ? .loss : .gain
        line += tone.paint(cell, when: colour && column.tinted && figure != nil)
      }
      lines.append(line)
    }
    return lines
  }

  /// The head's two lines; a group's name stands once, to the right over its last column.
  private func heads(_ widths: [Int]) -> [String] {
    var upper = TerminalText.spaces(nameWidth)
    var lower = TerminalText.left("strategy", nameWidth)
    var index = 0
    while index < columns.count {
      let group = columns[index].group
      let end = TextBlock.groupEnd(from: index, in: columns)
      let span = widths[index..<end].reduce(0, +) + gap * (end - index - 1)
      upper += TerminalText.spaces(gap) + TerminalText.right(group, span)
      for column in index..<end {
        let head = columns[column].head
        lower += TerminalText.spaces(gap)
        lower += column == 0 ? TerminalText.left(head, widths[column]) : TerminalText.right(head, widths[column])
      }
      index = end
    }
    return upper.allSatisfy { $0 == " " } ? [lower] : [upper, lower]
  }

  private func lineWidth(_ widths: [Int]) -> Int { nameWidth + widths.reduce(0) { $0 + $1 + gap } }

  private static func widths(of columns: [LeagueColumn], rows: [BacktestSummary], gap: Int) -> [Int] {
    var widths = columns.map { column in
      rows.reduce(column.head.count) { max($0, TerminalText.width(column.figure($1) ?? Figures.undefined)) }
    }
    // A group's last column grows where the group's name needs it.
    var index = 0
    while index < columns.count {
      let end = groupEnd(from: index, in: columns)
      let span = widths[index..<end].reduce(0, +) + gap * (end - index - 1)
      widths[end - 1] += max(0, columns[index].group.count - span)
      index = end
    }
    return widths
  }

  private static func groupEnd(from index: Int, in columns: [LeagueColumn]) -> Int {
    let group = columns[index].group
    guard !group.isEmpty else { return index + 1 }
    return columns[index...].firstIndex { $0.group != group } ?? columns.count
  }

  private static func space(for columns: [LeagueColumn], rows: [BacktestSummary], in width: Int, gap: Int) -> Int {
    width - widths(of: columns, rows: rows, gap: gap).reduce(0) { $0 + $1 + gap }
  }
}
