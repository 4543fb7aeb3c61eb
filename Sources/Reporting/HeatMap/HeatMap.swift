import Backtesting
import Pipelines
import PluginKit

/// What keeps a heat map from being drawn.
public enum HeatMapFault: Error, Sendable, CustomStringConvertible {
  /// An axis that is not swept.
  case unknownAxis(String, known: [String])
  /// Not two names.
  case notTwo(String)
  case page(ReportingError)

  public var description: String {
    switch self {
    case .unknownAxis(let name, let known):
      "\"\(name)\" is not swept; \(suggestion(for: name, among: known, called: "swept parameters"))"
    case .notTwo(let text): "\"\(text)\" does not name two swept parameters, x,y"
    case .page(let error): error.description
    }
  }
}

/// A metric over two parameters of a sweep. Of the others each cell takes the values with which it ranks best.
struct HeatMap: Sendable {
  struct Cell: Sendable {
    /// Nil where no combination was run.
    var result: SweepResult?
    var value: Double?
    /// The best of all.
    var isBest = false
  }

  /// Places of the axes; `y` is nil in a sweep of one parameter.
  let x: Int
  let y: Int?
  let report: SweepReport
  /// By row and column.
  private(set) var cells: [[Cell]]

  init(_ report: SweepReport, axes text: String?) throws(HeatMapFault) {
    self.report = report
    (x, y) = try HeatMap.axes(text, report.axes)
    let (x, y) = (x, y)
    let places = { (axis: Int) in
      Dictionary(report.axes[axis].values.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let (columns, rows) = (places(x), y.map(places) ?? [:])
    let row = Array(repeating: Cell(), count: columns.count)
    cells = Array(repeating: row, count: y == nil ? 1 : rows.count)
    let metric = MetricColumn.place(of: report.rank.column.name) ?? 0
    // They come best first, so the first that falls on a cell is the best of it.
    for (place, result) in report.results.enumerated() {
      guard let column = columns[result.settings[x]] else { continue }
      let row = y.flatMap { rows[result.settings[$0]] } ?? 0
      guard cells[row][column].result == nil else { continue }
      cells[row][column] = Cell(result: result, value: result.metrics[metric], isBest: place == 0)
    }
  }

  private static func axes(_ text: String?, _ axes: [ParameterAxis]) throws(HeatMapFault) -> (Int, Int?) {
    guard let text else {
      let wide = axes.indices.filter { axes[$0].values.count > 1 }
      return (wide.first ?? 0, wide.dropFirst().first)
    }
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
    var places: [Int] = []
    for name in names {
      guard let place = axes.firstIndex(where: { $0.name == name }) else {
        throw .unknownAxis(name, known: axes.map(\.name))
      }
      places.append(place)
    }
    guard places.count == 2, places[0] != places[1] else { throw .notTwo(text) }
    return (places[0], places[1])
  }

  /// The least and the greatest value there is.
  var bounds: ClosedRange<Double>? {
    let values = cells.joined().compactMap(\.value)
    guard let low = values.min(), let high = values.max() else { return nil }
    return low...high
  }

  /// Where a value lies between the worst (0) and the best (1).
  func share(_ value: Double) -> Double {
    guard let bounds, bounds.lowerBound < bounds.upperBound else { return 0.5 }
    let share = (value - bounds.lowerBound) / (bounds.upperBound - bounds.lowerBound)
    return report.rank.column.lessIsBetter ? 1 - share : share
  }

  /// The mean over the neighbours of the best cell, those at its corners too: a plateau keeps its height, a spike does
  /// not. Nil where it has none.
  var neighbours: Double? {
    for row in cells.indices {
      for column in cells[row].indices where cells[row][column].isBest {
        var values: [Double] = []
        for r in max(0, row - 1)...min(cells.count - 1, row + 1) {
          for c in max(0, column - 1)...min(cells[r].count - 1, column + 1) where (r, c) != (row, column) {
            if let value = cells[r][c].value { values.append(value) }
          }
        }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
    }
    return nil
  }
}
