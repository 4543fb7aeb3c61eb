public import Backtesting
import Pipelines
import PluginKit

/// A sweep as one HTML page that needs nothing else: the plateau of two parameters as a table whose cells are coloured,
/// and the best combinations. It works without a script.
public struct HeatMapPage: Sendable {
  private let report: SweepReport
  private let settings: [(label: String, value: String)]
  private let version: String

  /// `settings` say how it was run, as the reader should see it.
  public init(_ report: SweepReport, settings: [(label: String, value: String)], version: String) {
    self.report = report
    self.settings = settings
    self.version = version
  }

  /// The page. `axes` names the two parameters, `x,y`; nil takes the first two of several values.
  public func render(axes: String? = nil) throws(HeatMapFault) -> String { try render(axes, with: "heat") }

  /// The same without what stands around it, for a page of the dashboard.
  public func fragment(axes: String? = nil) throws(HeatMapFault) -> DashboardFragment {
    DashboardFragment(Markup(trusted: try render(axes, with: "heat-body")), language: "en")
  }

  private func render(_ axes: String?, with template: String) throws(HeatMapFault) -> String {
    let map = try HeatMap(report, axes: axes)
    do throws(ReportingError) {
      return try PageTemplates.render(content(map), with: template)
    } catch {
      throw .page(error)
    }
  }

  /// Steps of the colour, as classes: a page may be served under a policy that admits no style in attributes.
  private static let steps = 50

  static let shades = (0...steps).map { step in
    ".heat .h\(step) { --share: \(Figure.fixed(0.06 + 0.94 * Double(step) / Double(steps), decimals: 3)); }"
  }.joined(separator: "\n")

  /// As its template sees it: the field names are the template's tags.
  private struct Page: Sendable {
    let title, subtitle, origin: String
    let style: Markup
    let facts: [ReportPage.Fact]
    let sentences: [String]
    let caption, across, down, metric: String
    let columns: [String]
    let isDense: Bool
    let rows: [Row]
    let low, high: Markup
    let heads: [String]
    let best: [[Markup]]

    struct Row: Sendable {
      let head: String
      let cells: [Markup]
    }
  }

  /// Beyond this many columns a cell is too narrow for a number that can be read.
  private static let readableColumns = 24

  /// From this depth of the colour on, light text has the greater contrast (and dark text in the dark scheme).
  private static let whiteTextShare = 0.77

  private func content(_ map: HeatMap) -> Page {
    let (x, y) = (report.axes[map.x], map.y.map { report.axes[$0] })
    let others = report.axes.indices.filter { $0 != map.x && $0 != map.y }.map { report.axes[$0].name }
    let metric = report.rank.column
    let isDense = x.values.count > HeatMapPage.readableColumns
    var caption = "\(metric.name) over \(x.name)" + (y.map { " and \($0.name)" } ?? "")
    if !others.isEmpty { caption += "; in each cell the best over \(others.joined(separator: ", "))" }
    let rows = map.cells.enumerated().map { row, cells in
      Page.Row(head: y?.values[row].text ?? "", cells: cells.map { cell($0, map) })
    }
    let names = ["sharpe", "deflated_sharpe", "total_return", "max_drawdown", "trades"]
    let shown = MetricColumn.all.indices.filter {
      MetricColumn.all[$0].name == metric.name || names.contains(MetricColumn.all[$0].name)
    }
    let best = report.results.prefix(20).map { result in
      result.settings.map { Markup(text: $0.text) }
        + shown.map { .figure(MetricColumn.all[$0].text(result.metrics[$0], .page)) }
    }
    return Page(
      title: report.strategy, subtitle: SweepWords.series(report.series),
      origin: version.isEmpty ? "Finstage" : "Finstage \(version)",
      style: Markup(trusted: PageTemplates.style + PageTemplates.heatStyle + HeatMapPage.shades), facts: facts(map),
      sentences: SweepWords.sentences(report), caption: caption, across: x.name, down: y?.name ?? "",
      metric: metric.name, columns: x.values.map(\.text), isDense: isDense, rows: rows,
      low: legend(map, best: false), high: legend(map, best: true),
      heads: report.axes.map(\.name) + shown.map { MetricColumn.all[$0].title }, best: best)
  }

  private func facts(_ map: HeatMap) -> [ReportPage.Fact] {
    var facts: [ReportPage.Fact] = []
    let column = report.rank.column
    if let best = report.results.first, let place = MetricColumn.place(of: column.name) {
      facts.append(
        ReportPage.Fact(
          label: "Best",
          value: Markup(text: zip(report.axes, best.settings).map { "\($0.name) \($1.text)" }.joined(separator: ", "))))
      facts.append(ReportPage.Fact(label: column.name, value: .figure(column.text(best.metrics[place], .page))))
    }
    facts.append(ReportPage.Fact(label: "Mean of its neighbours", value: .figure(column.text(map.neighbours, .page))))
    return facts + settings.map { ReportPage.Fact(label: $0.label, value: Markup(text: $0.value)) }
  }

  private func legend(_ map: HeatMap, best: Bool) -> Markup {
    let bounds = map.bounds.map { (report.rank.column.lessIsBetter != best) ? $0.upperBound : $0.lowerBound }
    return .figure(report.rank.column.text(bounds, .page))
  }

  private func cell(_ cell: HeatMap.Cell, _ map: HeatMap) -> Markup {
    guard let result = cell.result else { return Markup(trusted: "<td class=\"none\"><span>not run</span></td>") }
    let names = zip(report.axes, result.settings).map { "\($0.name) \($1.text)" }.joined(separator: ", ")
    let text = report.rank.column.text(cell.value, .page)
    let title = Markup.escaped("\(names): \(text ?? "not defined")\(cell.isBest ? ", the best" : "")")
    guard let value = cell.value, let text else {
      return Markup(trusted: "<td class=\"undefined\" title=\"\(title)\"><span>–</span></td>")
    }
    let share = map.share(value)
    let step = Int((share * Double(HeatMapPage.steps)).rounded())
    let classes =
      ["h\(min(max(step, 0), HeatMapPage.steps))"] + (share > HeatMapPage.whiteTextShare ? ["deep"] : [])
      + (cell.isBest ? ["best"] : [])
    let attributes = "class=\"\(classes.joined(separator: " "))\" title=\"\(title)\""
    return Markup(trusted: "<td \(attributes)><span>\(Markup.escaped(text))</span></td>")
  }
}
