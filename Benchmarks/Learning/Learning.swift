import Backtesting
import Benchmark
import Foundation
import Insights
import MarketData
import Pipelines
import PluginKit
import StrategyModules
import Trading

/// What is reckoned of one index over 20 years of daily bars, beside what it may take.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock], warmupIterations: 1, maxDuration: .seconds(5), maxIterations: 50)

  /// A run beyond the limit, in milliseconds, fails; the shortest of five is taken.
  func measure(
    _ name: String, limit: Int, _ prepare: @escaping @Sendable () throws -> @Sendable () throws -> Void
  ) {
    Benchmark(name) { benchmark in
      let body = try prepare()
      var least = Duration.seconds(600)
      benchmark.startMeasurement()
      for _ in 0..<5 { least = min(least, try ContinuousClock().measure(body)) }
      benchmark.stopMeasurement()
      let time = least.components.seconds * 1_000 + least.components.attoseconds / 1_000_000_000_000_000
      if time > limit { benchmark.error("beyond the limit: \(name) takes \(time) ms, where \(limit) are admitted") }
    }
  }

  measure("five times the analogues of 60 bars", limit: 500) {
    let candles = try Samples.index()
    var settings = Analogues.Settings()
    settings.bars = 60
    return { [settings] in blackHole(Analogues(of: candles, settings)) }
  }

  for (name, limit) in [("logistic", 1_000), ("boosted", 2_000)] {
    measure("five times the \(name) forecast", limit: limit) {
      let candles = try Samples.index()
      var graph = Graph()
      let rule = bundled.signals["direction_forecast"]?(["model": .choice(name)]).rule([])
      for quote in rule?.quotes ?? [] { _ = graph.add(quote.term, bundled) }
      return { [graph] in
        let run = GraphRun(graph)
        let market = Market(candles)
        while run.count < candles.count { try run.advance(market, rows: min(run.block, candles.count - run.count)) }
      }
    }
  }

  measure("five times all insights, with the signals of all strategies", limit: 2_000) {
    let candles = try Samples.index()
    let strategies = try Samples.strategies()
    let said = zip(strategies, try run(strategies, over: candles)).map { ($0.name, $1.signals) }
    return { blackHole(try SymbolInsights(of: candles, said: said, registry: bundled, .init())) }
  }
}

/// The files of this repository.
private enum Samples {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func index() throws -> CandleSeries {
    let path = root.appending(path: "Samples/IXIC-1d.csv").path
    return try PriceFile.read(path: path, instrument: Instrument(symbol: "IXIC")).series
  }

  /// Those that read no other symbol.
  static func strategies() throws -> [Strategy] {
    let folder = root.appending(path: "strategies")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    let reader = StrategyReader(registry: bundled)
    return try names.sorted().compactMap { name in
      reader.read(file: name, bytes: [UInt8](try Data(contentsOf: folder.appending(path: name)))).strategy
    }.filter { $0.graph.symbols.isEmpty && $0.groups.isEmpty }
  }
}
