public import Backtesting

/// The league of strategies as text for a terminal: one row for each strategy and symbol.
///
/// Where all columns do not fit side by side, the table stands in two blocks, trading and signals; where a block does
/// not fit, its least important columns are left out and named below it. No line is longer than the width.
public struct LeagueTable: Sendable {
  let standings: Standings

  /// `selections` are what luck leaves of the results, where they were corrected for it.
  public init(_ results: [BacktestResult], selections: [Selection] = []) {
    self.init(summaries: results.map(\.summary), selections: selections)
  }

  /// The same of what is shown alone.
  public init(summaries: [BacktestSummary], selections: [Selection] = []) {
    standings = Standings(summaries, selections: selections)
  }

  /// The table. `width` is in cells of the terminal (a Korean character takes two), 40 at least.
  public func text(width: Int = 80, colour: Bool = false) -> String {
    let width = max(40, width)
    guard !standings.rows.isEmpty else { return "No results.\n" }
    var lines = [TerminalColour.bold.paint("League table", when: colour)]
    lines += TerminalText.wrapped("Ordered \(standings.order).", to: width).map {
      TerminalColour.dim.paint($0, when: colour)
    }

    let columns = LeagueColumn.all(
      horizons: standings.horizons, corrected: standings.isCorrected, dated: standings.isDated)
    let whole = TextBlock(rows: standings.rows, columns: columns, width: width, gap: 2)
    let blocks =
      whole.leftOut.isEmpty && !whole.shortened
      ? [whole]
      : LeagueColumn.Part.allCases.map { part in
        let own = columns.filter { $0.part == part || $0.part == nil }
        let loose = TextBlock(rows: standings.rows, columns: own, width: width, gap: 2)
        // Closer columns are still readable; a missing one is not.
        return loose.leftOut.isEmpty ? loose : TextBlock(rows: standings.rows, columns: own, width: width, gap: 1)
      }.filter(\.hasFigures)
    for block in blocks { lines += [""] + block.lines(colour: colour) }

    let leftOut = blocks.flatMap(\.leftOut)
    lines.append("")
    for verdict in standings.verdicts {
      lines += TerminalText.wrapped(verdict, to: width).map { TerminalColour.bold.paint($0, when: colour) }
    }
    var notes = [standings.caution, BirthWords(forTerminal: true).league(standings.rows) ?? ""].filter { !$0.isEmpty }
    if !leftOut.isEmpty {
      notes.append("Left out at this width: \(leftOut.joined(separator: ", ")). A wider terminal shows them.")
    }
    for note in notes {
      lines += TerminalText.wrapped(note, to: width).map { TerminalColour.dim.paint($0, when: colour) }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
