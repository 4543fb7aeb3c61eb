public import Backtesting

/// What the symbols and strategies of a rotation or a portfolio brought, and how their returns go together, as text for
/// a terminal.
public struct PortfolioTable: Sendable {
  private let result: BacktestResult
  private let figures: PortfolioFigures

  /// Nil for a result of one symbol.
  public init?(_ result: BacktestResult) {
    guard let figures = result.portfolio else { return nil }
    (self.result, self.figures) = (result, figures)
  }

  /// The tables; no line is longer than `width` cells, 40 at least.
  public func text(width: Int = 80, colour: Bool = false) -> String {
    let width = max(40, width)
    var lines = [TerminalColour.bold.paint(TerminalText.printable(result.strategy), when: colour), ""]
    lines += block("symbol", figures.members, width, colour)
    if !figures.strategies.isEmpty { lines += [""] + block("strategy", figures.strategies, width, colour) }
    lines += correlations(width, colour)
    for note in result.notes {
      lines += TerminalText.wrapped(note, to: width).map { TerminalColour.dim.paint($0, when: colour) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func block(_ head: String, _ members: [PortfolioFigures.Member], _ width: Int, _ colour: Bool) -> [String] {
    let write = Figures.terminal
    let rows = members.map { member in
      [
        TerminalText.truncated(TerminalText.printable(member.name), to: 24), write.count(member.trades),
        write.number(member.fees, digits: 2) ?? Figures.undefined,
        write.percent(member.contribution) ?? Figures.undefined,
      ]
    }
    return table([[head, "trades", "fees", "contribution"]] + rows, width, colour)
  }

  private func correlations(_ width: Int, _ colour: Bool) -> [String] {
    guard let matrix = figures.correlations, matrix.symbols.count > 1 else { return [""] }
    let names = matrix.symbols.map { TerminalText.truncated(TerminalText.printable($0), to: 10) }
    let rows = zip(names, matrix.values).map { name, values in
      [name] + values.map { Figures.terminal.number($0, digits: 2) ?? Figures.undefined }
    }
    let all = [["correlation"] + names] + rows
    guard table(all, .max, false).allSatisfy({ TerminalText.width($0) <= width }) else {
      return ["", "The correlations of \(names.count) symbols do not fit this width: --format json has them.", ""]
    }
    return [""] + table(all, width, colour) + [""]
  }

  private func table(_ rows: [[String]], _ width: Int, _ colour: Bool) -> [String] {
    let widths = rows[0].indices.map { column in rows.reduce(0) { max($0, TerminalText.width($1[column])) } }
    return rows.enumerated().map { place, row in
      let cells = row.enumerated().map { column, text in
        column == 0 ? TerminalText.left(text, widths[0]) : TerminalText.right(text, widths[column])
      }
      let line = TerminalText.truncated(cells.joined(separator: "  "), to: width)
      return place == 0 ? TerminalColour.dim.paint(line, when: colour) : line
    }
  }
}
