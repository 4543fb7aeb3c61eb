import Foundation
import PluginKit
import StrategyModules
import Testing
import Trading

@testable import Pipelines

/// A series knows where its holes are; a graph run of blocks goes by that, one of single bars looks for itself.
@Suite struct HoleTests {
  private static let count = 700

  /// A price that moves, with a missing value wherever `holes` names one.
  private static func series(_ holes: [(column: CandleSeries.Column, bar: Int, value: Double)]) -> CandleSeries {
    var block: [Double] = []
    for column in CandleSeries.Column.allCases {
      for bar in 0..<count {
        let middle = 100 + 10 * sin(Double(bar) / 9)
        let distance = [0.0, 1.5, -1.5, 0.5, 900][column.rawValue]
        block.append(middle + distance)
      }
    }
    for hole in holes { block[hole.column.rawValue * count + hole.bar] = hole.value }
    return CandleSeries(
      instrument: Instrument(symbol: "X"), timeframe: .day,
      times: (0..<count).map { Instant(milliseconds: Int64($0) * 86_400_000) }, block: block)
  }

  @Test func `a series knows the columns that have a hole in a range of bars`() {
    let candles = Self.series([(.low, 3, .nan), (.close, 3, .nan), (.volume, 600, .infinity), (.open, 699, .nan)])
    #expect(candles.columnsWithHoles(in: 0..<700) == [.init(.low), .init(.close), .init(.volume), .init(.open)])
    #expect(candles.columnsWithHoles(in: 0..<3) == [])
    #expect(candles.columnsWithHoles(in: 3..<4) == [.init(.low), .init(.close)])
    #expect(candles.columnsWithHoles(in: 4..<600) == [])
    #expect(candles.columnsWithHoles(in: 4..<601) == [.init(.volume)])
    #expect(candles.columnsWithHoles(in: 601..<700) == [.init(.open)])
    #expect(Self.series([]).columnsWithHoles(in: 0..<700) == [])
  }

  /// Blocks of a hundred bars: with holes at their first and last bars, in one column of several, and in all bars.
  @Test func `blocks with holes give what single bars give`() throws {
    let missing = (400..<500).map { (column: CandleSeries.Column.low, bar: $0, value: Double.nan) }
    let candles = Self.series(
      missing + [(.close, 100, .nan), (.high, 299, .nan), (.low, 350, .infinity), (.volume, 520, .nan)])
    var graph = Graph()
    var nodes: [(id: String, node: Int)] = []
    for entry in indicators {
      let series = entry.takesSeries ? entry.inputs.indices.map { $0 == 0 ? Term.close : .open } : []
      // Over what another node gives, too: of that no series knows anything.
      let derived = entry.inputs.indices.map { input in
        input == 0 ? Term.operation(.subtract, [.close, .open]) : .operation(.add, [.high, .low])
      }
      for terms in entry.takesSeries ? [series, derived] : [series] {
        nodes.append((entry.id, graph.add(.call(entry.id, terms, [:], output: 0), bundled)))
      }
    }
    let (blocks, steps) = (GraphRun(graph, block: 100), GraphRun(graph, block: 1))
    let market = Market(candles)
    var values = 0
    while blocks.count < candles.count {
      let bars = blocks.count..<blocks.count + 100
      try blocks.advance(market, rows: 100)
      for bar in bars {
        try steps.advance(market, rows: 1)
        for (id, node) in nodes {
          let (value, single) = (blocks.value(node, at: bar), steps.value(node, at: bar))
          #expect(value.bitPattern == single.bitPattern || value.isNaN && single.isNaN, "\(id) at \(bar)")
          if !value.isNaN { values += 1 }
        }
      }
    }
    #expect(values > 10_000)
  }
}
