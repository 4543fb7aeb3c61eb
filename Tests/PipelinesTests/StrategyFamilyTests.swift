import Foundation
import MarketData
import Pipelines
import PluginKit
import StrategyModules
import Testing
import Trading

/// Combinations that are made together, in one graph, beside the same ones made each by itself.
@Suite struct StrategyFamilyTests {
  private static func candles() throws -> CandleSeries {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Samples/IXIC-1d.csv")
    let series = try PriceFile.read(path: url.path(), instrument: Instrument(symbol: "X")).series
    return CandleSeries(
      instrument: series.instrument, timeframe: series.timeframe, candles: (2_000..<2_900).map { series[$0] })
  }

  /// Columns of the plan; not a number is not equal to itself.
  private func bits(_ run: SignalRun) -> [[UInt64]] { run.columns.map { $0.map(\.bitPattern) } }

  private static let gate = """
    name: x
    timeframe: 1d
    symbols: [X]
    pipeline:
      - { id: agree, module: confirm_timeframe, inputs: [trend], with: { timeframe: 1w } }
      - { id: trend, module: ma_breakout, with: { period: 10 } }
    signal: agree
    """

  /// Texts, and what is swept over each: steps that others read, constants, words, and values that do not go together.
  static let cases: [(text: String, axes: [String])] = [
    (SweepAxisTests.text, ["trend.fast=5,30", "near.period=5,10", "agree.within=1,5"]),
    (SweepAxisTests.text, ["level=45,55", "trend.slow=20,40"]),
    (SweepAxisTests.text, ["trend.fast=5,20,30", "trend.slow=10,20"]),
    (SweepAxisTests.text, ["trend.average=sma|ema", "share=1%,2%"]),
    (
      SweepAxisTests.text.replacing("trade: { side: both }", with: "trade: { stop: { distance: 2 * atr(5) } }"),
      ["trend.fast=5,10", "near.period=5,10"]
    ),
    (gate, ["agree.timeframe=1h|1w|1d|1mo", "trend.period=5,10"]),
  ]

  @Test(arguments: cases.indices) func `a strategy of a family makes the signals that it makes by itself`(
    index: Int
  ) throws {
    let (text, names) = StrategyFamilyTests.cases[index]
    let template = try SweepAxisTests.template(text)
    let axes = try names.map { try ParameterAxis($0, of: template) }
    let grid = try ParameterGrid(axes)
    let sets = (0..<grid.size).map { grid.values($0) }
    let (family, refused) = template.family(axes, sets)
    #expect(family.strategies.count + refused.count == sets.count)
    let candles = try StrategyFamilyTests.candles()
    let together = try run(family, over: Market(candles))
    let parts = try family.strategies.indices.map { try run(family.extracting([$0]), over: Market(candles))[0] }
    var place = 0
    for (number, values) in sets.enumerated() {
      switch template.strategy(axes, values) {
      case .refused(let reason): #expect(refused[number] == reason, "\(values)")
      case .strategy(let strategy):
        #expect(refused[number] == nil, "\(values)")
        let alone = try run([strategy], over: candles)[0]
        #expect(together[place].signals == alone.signals && parts[place].signals == alone.signals, "\(values)")
        #expect(together[place].firstBuy == alone.firstBuy && bits(together[place]) == bits(alone))
        #expect(bits(parts[place]) == bits(alone))
        var canonical = CanonicalText()
        #expect(canonical.bytes(of: family.strategies[place]) == canonical.bytes(of: strategy))
        place += 1
      }
    }
    #expect(place == family.strategies.count && place > 0)
  }

  @Test func `what combinations share is one node`() throws {
    let template = try SweepAxisTests.template()
    let axes = [try ParameterAxis("trend.fast=2..11", of: template)]
    let (family, _) = template.family(axes, (2...11).map { [.number(Double($0))] })
    let averages = family.graph.nodes.count { node in
      if case .indicator("sma", _) = node.kind { true } else { false }
    }
    // 2 to 11, and 20, 90, and the 10 of the other step, which is there already.
    #expect(averages == 12)
  }
}
