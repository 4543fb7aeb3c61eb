internal import Backtesting
public import Insights

/// What became of stored signals, as text for a terminal: a row a group. Columns that do not fit are left out, the least
/// important first, and named below.
public struct PerformanceTable: Sendable {
  private struct Column {
    var head: String
    /// The least goes first; those of the key stay.
    var weight: Int
    var isWord = false
    var text: (Performance.Group) -> String?
  }

  private let performance: Performance

  public init(_ performance: Performance) { self.performance = performance }

  /// The table. `width` is in cells of the terminal, 40 at least.
  public func text(width: Int = 80, colour: Bool = false) -> String {
    let width = max(40, width)
    guard !performance.groups.isEmpty else { return "No signal has come to its end.\n" }
    var columns = self.columns
    var leftOut: [String] = []
    var rows = performance.groups
    if rows.count > 1, let total = performance.total { rows.append(total) }
    func widths() -> [Int] {
      columns.map { column in
        rows.reduce(column.head.count) { max($0, TerminalText.width(column.text($1) ?? Figures.undefined)) }
      }
    }
    while widths().reduce(0, { $0 + $1 + 2 }) - 2 > width, let least = columns.min(by: { $0.weight < $1.weight }),
      least.weight < 100
    {
      leftOut.append(least.head)
      columns.removeAll { $0.head == least.head }
    }
    let cells = widths()
    func line(_ texts: [String]) -> String {
      var line = ""
      for (place, text) in texts.enumerated() {
        line += place > 0 ? "  " : ""
        line += columns[place].isWord ? TerminalText.left(text, cells[place]) : TerminalText.right(text, cells[place])
      }
      return line
    }
    var lines = [TerminalColour.dim.paint(line(columns.map(\.head)), when: colour)]
    for (place, group) in rows.enumerated() {
      if place == performance.groups.count {
        lines.append(String(repeating: "─", count: line(columns.map(\.head)).count))
      }
      lines.append(line(columns.map { $0.text(group) ?? Figures.undefined }))
    }
    lines.append("")
    for note in notes(leftOut) {
      lines += TerminalText.wrapped(note, to: width).map { TerminalColour.dim.paint($0, when: colour) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var columns: [Column] {
    let least = performance.minSamples
    let figures = Figures.terminal
    func known(_ group: Performance.Group, _ text: (HorizonOutcome) -> String?) -> String? {
      group.outcome.count >= least ? text(group.outcome) : nil
    }
    var columns = performance.dimensions.indices.map { place in
      Column(head: performance.dimensions[place].rawValue, weight: 1_000, isWord: true) { group in
        TerminalText.printable(group.key[place].isEmpty ? (place == 0 ? "all" : "") : group.key[place])
      }
    }
    columns += [
      Column(head: "count", weight: 200) { figures.count($0.outcome.count) },
      Column(head: "open", weight: 20) { figures.count($0.open) },
      Column(head: "success", weight: 190) { group in
        known(group) { figures.percent($0.successRate, signed: false) }
      },
      Column(head: "base", weight: 180) { group in known(group) { figures.percent($0.baseRate, signed: false) } },
      Column(head: "excess", weight: 60) { group in known(group) { figures.percent($0.excess) } },
      Column(head: "95 % interval", weight: 70) { group in
        known(group) { outcome in
          outcome.interval.flatMap { interval in
            figures.percent(interval.lowerBound, digits: 0, signed: false).flatMap { low in
              figures.percent(interval.upperBound, digits: 0, signed: false).map { "\(low)–\($0)" }
            }
          }
        }
      },
      Column(head: "mean", weight: 90) { group in known(group) { figures.percent($0.meanReturn, digits: 2) } },
      Column(head: "sharpe", weight: 40) { group in known(group) { figures.number($0.sharpe, digits: 2) } },
      Column(head: "best", weight: 30) { group in known(group) { _ in figures.percent(group.best) } },
      Column(head: "worst", weight: 31) { group in known(group) { _ in figures.percent(group.worst) } },
      Column(head: "p", weight: 80) { group in group.pValue.flatMap { figures.number($0, digits: 3) } },
      Column(head: "grade", weight: 95) { group in known(group) { $0.grade?.rawValue } },
      Column(head: "rate", weight: 50) { $0.rateGrade?.rawValue },
    ]
    return columns
  }

  private func notes(_ leftOut: [String]) -> [String] {
    var notes = [
      "After \(performance.horizon). base: the success of the same calls on every bar. p: adjusted for all rows. "
        + "grade: by the interval and the base rate. rate: 80 % A, 70 % B, 60 % C, 50 % D, less F."
    ]
    if performance.groups.contains(where: { $0.outcome.count < performance.minSamples }) {
      notes.append("Fewer than \(performance.minSamples) outcomes are counted and not rated.")
    }
    if performance.groups.contains(where: { $0.versions > $0.strategies }) {
      notes.append("Some rows hold several texts of a strategy; --by strategy --by version tells them apart.")
    }
    if !leftOut.isEmpty {
      notes.append("Left out at this width: \(leftOut.joined(separator: ", ")). A wider terminal shows them.")
    }
    return notes
  }
}
