public import Backtesting
public import Pipelines
import Trading

/// The answer of a walk forward as text for a terminal: the joined test parts, then the windows.
public struct WalkTable: Sendable {
  private let walk: WalkForward
  private let strategy: String
  private let axes: [ParameterAxis]
  private let rank: SweepRank

  public init(_ walk: WalkForward, strategy: String, axes: [ParameterAxis], rank: SweepRank) {
    self.walk = walk
    self.strategy = strategy
    self.axes = axes
    self.rank = rank
  }

  /// The table. `width` is in cells of the terminal, 40 at least.
  public func text(width: Int = 80, colour: Bool = false) -> String {
    let width = max(40, width)
    let table = ColumnText(columns, width: width, colour: colour)
    let title = "\(strategy): walk forward, the best by \(rank.column.name) of \(walk.combinations) combinations"
    var lines = [TerminalColour.bold.paint(TerminalText.printable(title), when: colour), ""]
    lines += TerminalText.wrapped(headline, to: width).map { TerminalColour.bold.paint($0, when: colour) }
    if walk.joined.count > 1 {
      for joined in walk.joined {
        let figures = WalkTable.figures(MetricColumn.all.map { $0.read(joined.metrics) })
        lines.append("  \(TerminalText.printable(joined.symbol)): \(figures)")
      }
    }
    lines += [""] + table.lines + [""]
    lines += TerminalText.wrapped(
      "Each choice was made on the training part alone and traded from cash over the test part; "
        + "what was held at its end is marked at the last close without a fee.",
      to: width)
    if !table.leftOut.isEmpty { lines.append("Left out at this width: \(table.leftOut.joined(separator: ", ")).") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var headline: String {
    let span = walk.windows.first.flatMap { first in
      walk.windows.last.map { "\(first.dates.test.lowerBound.dateText) to \($0.dates.test.upperBound.dateText)" }
    }
    let median = walk.joined.count > 1 ? ", medians over \(walk.joined.count) symbols" : ""
    var text = "Out of sample, \(span ?? "")\(median): \(WalkTable.figures(walk.metrics))"
    if walk.joined.count == 1, let probability = walk.joined.first?.probabilisticSharpe,
      let words = Figures.terminal.percent(probability, signed: false)
    {
      text += "; the probability that its Sharpe ratio beyond its exposure is above 0 is \(words)"
    }
    return text + "."
  }

  private static func figures(_ metrics: [Double?]) -> String {
    ["total_return", "buy_hold_return", "sharpe", "max_drawdown", "trades"].compactMap { name in
      MetricColumn.place(of: name).map { place in
        let column = MetricColumn.all[place]
        return "\(column.title) \(column.text(metrics[place], .terminal) ?? Figures.undefined)"
      }
    }.joined(separator: ", ")
  }

  private var columns: [ColumnText.Column] {
    let place = MetricColumn.place(of: rank.column.name) ?? 0
    func figure(_ metrics: [Double?]?, _ place: Int) -> String {
      MetricColumn.all[place].text(metrics?[place], .terminal) ?? Figures.undefined
    }
    var columns = [
      ColumnText.Column(
        head: "trained from", cells: walk.windows.map(\.dates.train.lowerBound.dateText), weight: 2, isWord: true),
      ColumnText.Column(
        head: "tested from", cells: walk.windows.map(\.dates.test.lowerBound.dateText), weight: nil, isWord: true),
      ColumnText.Column(
        head: "to", cells: walk.windows.map(\.dates.test.upperBound.dateText), weight: 3, isWord: true),
    ]
    for (axis, name) in axes.map(\.name).enumerated() {
      columns.append(
        ColumnText.Column(
          head: TerminalText.printable(name),
          cells: walk.windows.map { TerminalText.printable($0.settings?[axis].text ?? "cash") }, weight: nil))
    }
    columns.append(
      ColumnText.Column(
        head: "\(rank.column.title) in sample", cells: walk.windows.map { figure($0.inSample, place) }, weight: nil))
    columns.append(
      ColumnText.Column(head: "out", cells: walk.windows.map { figure($0.outOfSample, place) }, weight: nil))
    if let place = MetricColumn.place(of: "total_return"), rank.column.name != "total_return" {
      columns.append(
        ColumnText.Column(head: "return", cells: walk.windows.map { figure($0.outOfSample, place) }, weight: 4))
    }
    return columns
  }
}
