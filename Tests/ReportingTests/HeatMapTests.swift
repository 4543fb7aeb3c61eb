import Backtesting
import Foundation
import MarketData
import Pipelines
import PluginKit
import StrategyModules
import Testing
import Trading

@testable import Reporting

/// The page and the tables of a sweep.
@Suite struct HeatMapTests {
  final class NoStore: SweepStore {
    func figures(of key: SweepKey) -> SweepFigures? { nil }
    func keep(_ rows: [(key: SweepKey, figures: SweepFigures)]) {}
  }

  static func report(
    _ axes: [String] = ["a.fast=5..20:5", "a.slow=20,40", "a.average=sma|ema"], rank: String = "sharpe"
  ) throws -> SweepReport {
    let text = """
      name: "<b>cross"
      timeframe: 1d
      symbols: [X]
      pipeline:
        - { id: a, module: ma_cross, with: { fast: 5, slow: 20 } }
      """
    var reader = StrategyReader(registry: bundled)
    reader.namesAreFiles = false
    let template = try #require(reader.template(file: "x.yaml", bytes: Array(text.utf8)).0)
    let grid = try ParameterGrid(axes.map { try ParameterAxis($0, of: template) })
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Samples/IXIC-1d.csv")
    let market = Market(
      try PriceFile.read(path: path.standardized.path(), instrument: Instrument(symbol: "^IXIC")).series)
    let options = BacktestOptions()
    let sweep = Sweep(template, grid, over: [market], options: options, jobs: 1, store: NoStore())
    let rows = try sweep.rows(Array(0..<grid.size))
    let rank = try #require(SweepRank(rank))
    let trials = SweepTrials(of: rows.rows.map { $0.figures[0] })
    return SweepReport(
      strategy: template.base.name, series: [SweepReport.Series(market, options)], axes: grid.axes, rank: rank,
      search: .grid, combinations: grid.size, refused: rows.refused, firstRefusal: rows.firstRefusal, trials: [trials],
      results: sweep.results(of: rows).deflated(by: [trials]).ranked(by: rank))
  }

  @Test func `each cell is the best over the other parameters`() throws {
    let report = try HeatMapTests.report()
    let map = try HeatMap(report, axes: nil)
    #expect(map.cells.count == 2 && map.cells[0].count == 4)
    let place = try #require(MetricColumn.place(of: "sharpe"))
    for (row, slow) in [20.0, 40].enumerated() {
      for (column, fast) in [5.0, 10, 15, 20].enumerated() {
        let values = report.results.filter {
          $0.settings[0] == .number(fast) && $0.settings[1] == .number(slow)
        }.compactMap { $0.metrics[place] }
        #expect(map.cells[row][column].value == values.max())
      }
    }
    // fast 20 and slow 20 cannot be run.
    #expect(map.cells[0][3].result == nil)
    #expect(map.cells.joined().count { $0.isBest } == 1)
    let best = try #require(map.cells.joined().first { $0.isBest }?.value)
    #expect(map.share(best) == 1)
  }

  @Test func `where less is better the least is the best colour`() throws {
    let map = try HeatMap(try HeatMapTests.report(rank: "volatility"), axes: nil)
    let bounds = try #require(map.bounds)
    #expect(map.share(bounds.lowerBound) == 1 && map.share(bounds.upperBound) == 0)
    #expect(map.cells.joined().first { $0.isBest }?.value == bounds.lowerBound)
  }

  @Test func `the axes of the map can be chosen, and a wrong name is said`() throws {
    let report = try HeatMapTests.report()
    let map = try HeatMap(report, axes: "a.average,a.fast")
    #expect(map.cells.count == 4 && map.cells[0].count == 2)
    for (axes, message) in [("a.fats,a.slow", "did you mean \"a.fast\"?"), ("a.fast", "two"), ("a.fast,a.fast", "two")]
    {
      do {
        _ = try HeatMap(report, axes: axes)
        Issue.record("\(axes) was taken")
      } catch {
        #expect("\(error)".contains(message))
      }
    }
  }

  @Test func `the page is sound XML, needs nothing else and says every value in words`() throws {
    let html = try HeatMapPage(try HeatMapTests.report(), settings: [("Fee", "0.1 %")], version: "1").render()
    #expect(!html.contains("<script") && !html.contains("http://") && !html.contains("https://"))
    #expect(!html.contains("<b>cross") && html.contains("&lt;b&gt;cross"))
    #expect(html.contains("prefers-color-scheme: dark"))
    #expect(html.contains("<caption>sharpe over a.fast and a.slow; in each cell the best over a.average</caption>"))
    #expect(html.components(separatedBy: "<td class=\"none\">").count == 2)
    #expect(html.components(separatedBy: ", the best\"").count == 2)
    // Seven cells with a value, each with its words.
    #expect(html.components(separatedBy: "title=\"a.fast ").count == 8)
    #expect(!html.contains("nan"))
    for tag in ["table", "tr", "td", "th", "p", "section", "span"] {
      let opened = html.components(separatedBy: "<\(tag)>").count + html.components(separatedBy: "<\(tag) ").count
      #expect(opened == html.components(separatedBy: "</\(tag)>").count + 1, "\(tag)")
    }
  }

  @Test func `a sweep of one parameter is one row`() throws {
    let map = try HeatMap(try HeatMapTests.report(["a.fast=2..9"]), axes: nil)
    #expect(map.cells.count == 1 && map.cells[0].count == 8)
  }

  @Test(arguments: [40, 60, 80, 120]) func `no line of the table is longer than the width`(width: Int) throws {
    let report = try HeatMapTests.report()
    let text = SweepTable(report).text(width: width)
    #expect(text.contains("14 combinations") || text.contains("16 combinations, 2 of them left out"))
    for line in text.split(separator: "\n") where !line.contains("─") {
      #expect(TerminalText.width(String(line)) <= width, "\(line)")
    }
  }
}
