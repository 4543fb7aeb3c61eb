public import Backtesting
import Pipelines
import Trading

/// The answer of a sweep as text for a terminal: the best combinations, one a row.
public struct SweepTable: Sendable {
  private let report: SweepReport

  public init(_ report: SweepReport) { self.report = report }

  /// The table. `width` is in cells of the terminal, 40 at least.
  public func text(width: Int = 80, colour: Bool = false) -> String {
    let width = max(40, width)
    let table = ColumnText(columns, width: width, colour: colour)
    var lines = [TerminalColour.bold.paint(TerminalText.printable(heading), when: colour)]
    lines += dim(SweepWords.series(report.series), width, colour) + [""] + table.lines + [""]
    for sentence in SweepWords.sentences(report) { lines += TerminalText.wrapped(sentence, to: width) }
    if !table.leftOut.isEmpty {
      lines += dim("Left out at this width: \(table.leftOut.joined(separator: ", ")).", width, colour)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var heading: String {
    "\(report.strategy): the best by \(report.rank.column.name)\(report.split == nil ? "" : " on the first part")"
  }

  private func dim(_ text: String, _ width: Int, _ colour: Bool) -> [String] {
    TerminalText.wrapped(TerminalText.printable(text), to: width).map { TerminalColour.dim.paint($0, when: colour) }
  }

  private var columns: [ColumnText.Column] {
    let rows = report.rows
    var columns = [ColumnText.Column(head: "#", cells: rows.indices.map { "\($0 + 1)" }, weight: nil)]
    for (place, axis) in report.axes.enumerated() {
      columns.append(
        ColumnText.Column(
          head: TerminalText.printable(axis.name),
          cells: rows.map { TerminalText.printable($0.result.settings[place].text) }, weight: nil))
    }
    let rank = report.rank.column.name
    if report.split != nil, let place = MetricColumn.place(of: rank) {
      let column = MetricColumn.all[place]
      columns.append(
        ColumnText.Column(
          head: "\(column.title) in sample", cells: cells(place) { $0.result }, weight: nil))
    }
    let names = [
      "sharpe", "total_return", "max_drawdown", "deflated_sharpe", "trades", "buy_hold_return", "cagr", "exposure",
    ]
    for (place, column) in MetricColumn.all.enumerated() {
      guard column.name == rank || names.contains(column.name) else { continue }
      if column.name == "deflated_sharpe", report.split != nil { continue }
      let weight = column.name == rank ? nil : names.firstIndex(of: column.name).map { names.count - $0 }
      columns.append(
        ColumnText.Column(head: column.title, cells: cells(place) { $0.outOfSample ?? $0.result }, weight: weight))
    }
    return columns
  }

  private func cells(_ place: Int, of result: ((result: SweepResult, outOfSample: SweepResult?)) -> SweepResult)
    -> [String]
  {
    report.rows.map { row in
      MetricColumn.all[place].text(result(row).metrics[place], .terminal) ?? Figures.undefined
    }
  }
}
