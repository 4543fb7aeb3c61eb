import Foundation
import MarketData
import PluginKit
import StrategyModules
import TestSupport
import Testing
import Trading

@testable import Pipelines

/// A bar at a time, as a live host steps, gives the bits that a backtest's blocks give: every indicator, every signal
/// module and every bundled strategy, over real prices.
@Suite struct StreamingTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Both sample files, and the one-minute bars that stand beside the project where they do.
  static let files: [String] = {
    let own = ["Samples/IXIC-1d.csv", "Samples/GSPC-1d.csv"].map { root.appending(path: $0).path() }
    let beside = root.appending(path: "../shared/data/BTC-1m.csv").standardized.path()
    return own + (FileManager.default.fileExists(atPath: beside) ? [beside] : [])
  }()

  private static func prices(_ path: String) throws -> CandleSeries {
    try PriceFile.read(path: path, instrument: Instrument(symbol: "X")).series
  }

  @Test("every indicator streams its column bit for bit", arguments: files) func indicatorsStream(_ file: String) throws
  { try compareSteps(over: Self.prices(file)) }

  @Test("every indicator streams its column bit for bit over missing bars") func indicatorsStreamOverHoles() throws {
    var random = SplitMix(seed: 5)
    let candles = try Self.prices(Self.files[0])
    // Stretches of every length up to beyond the longest warm-up.
    let holes = Set((0..<40).map { _ in Int(random.unit() * Double(candles.count)) })
    let block = candles.block.indices.map { holes.contains($0 % candles.count) ? .nan : candles.block[$0] }
    try compareSteps(
      over: CandleSeries(
        instrument: candles.instrument, timeframe: candles.timeframe, times: candles.times, block: block))
  }

  private func compareSteps(over candles: CandleSeries) throws {
    var graph = Graph()
    var nodes: [(id: String, node: Int)] = []
    for entry in indicators {
      let series = entry.takesSeries ? entry.inputs.indices.map { $0 == 0 ? Term.close : .open } : []
      // What learns does so as seldom as it may, for a training takes as long as thousands of bars.
      let settings = entry.parameters.contains { $0.name == "every" } ? ["every": 1_000.0] : [:]
      for output in 0..<max(1, entry.outputs.count) {
        nodes.append((entry.id, graph.add(.call(entry.id, series, settings, output: output), bundled)))
      }
    }
    let (blocks, steps) = (GraphRun(graph), GraphRun(graph, block: 1))
    let market = Market(candles)
    var differing: Set<String> = []
    while blocks.count < candles.count {
      let bars = blocks.count..<min(blocks.count + blocks.block, candles.count)
      try blocks.advance(market, rows: bars.count)
      for bar in bars {
        try steps.advance(market, rows: 1)
        for (id, node) in nodes
        where blocks.value(node, at: bar).bitPattern != steps.value(node, at: bar).bitPattern
          && !(blocks.value(node, at: bar).isNaN && steps.value(node, at: bar).isNaN)
        {
          differing.insert(id)
        }
      }
    }
    #expect(differing.isEmpty, "\(differing.sorted())")
  }

  @Test("every bundled strategy speaks alike, a bar at a time and in blocks", arguments: files)
  func strategiesStream(_ file: String) throws {
    let candles = try Self.prices(file)
    let folder = Self.root.appending(path: "strategies")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path())
      .filter { $0.hasSuffix(".yaml") && !$0.hasPrefix("portfolios/") && !$0.hasPrefix("alerts/") }
    let reader = StrategyReader(registry: bundled)
    let strategies =
      try names.sorted().map {
        try #require(reader.read(path: folder.appending(path: $0).path()).strategy)
      } + shippedAlerts()
    #expect(strategies.count >= 40)
    // A pair's second leg is the same series here.
    let market = Market(candles, others: ["@b": candles])
    let whole = try run(strategies, over: market)
    let steps = try run(strategies, over: market, block: 1)
    for (strategy, (a, b)) in zip(strategies, zip(whole, steps)) {
      #expect(a.signals == b.signals && a.conflicts == b.conflicts, "\(strategy.name)")
    }
  }

  @Test("every signal module speaks alike, a bar at a time and in blocks", arguments: files)
  func modulesStream(_ file: String) throws {
    let candles = try Self.prices(file)
    var strategies: [Strategy] = []
    for entry in signals {
      let count = entry.inputs.least ?? 0
      let voices = (0..<count).map { "  - { id: v\($0), module: ma_breakout, with: { period: \(5 + 5 * $0) } }\n" }
      let inputs = count > 0 ? ", inputs: [\((0..<count).map { "v\($0)" }.joined(separator: ", "))]" : ""
      // A higher clock than that of the bars, whatever they are.
      let with = entry.id == "confirm_timeframe" ? ", with: { timeframe: 1mo }" : ""
      let yaml =
        "name: s\ntimeframe: \(candles.timeframe)\nsymbols: [X]\npipeline:\n\(voices.joined())"
        + "  - { id: s, module: \(entry.id)\(inputs)\(with) }\n"
      let (strategy, faults) = StrategyReader(registry: bundled).read(file: "s.yaml", bytes: Array(yaml.utf8))
      strategies.append(try #require(strategy, "\(entry.id): \(faults.map(\.description))"))
    }
    let whole = try run(strategies, over: candles)
    let steps = try run(strategies, over: candles, block: 1)
    for (entry, (a, b)) in zip(signals, zip(whole, steps)) { #expect(a.signals == b.signals, "\(entry.id)") }
  }
}
