import Backtesting
import Benchmark
import Foundation
import MarketData
import Pipelines
import StrategyModules
import Trading

/// What the commands do, inside one process: reading prices, reading and compiling strategies, running and replaying.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .instructions], warmupIterations: 3, maxDuration: .seconds(3), maxIterations: 200)

  Benchmark("read and compile all strategies") { benchmark in
    let files = try Repository.strategyFiles()
    benchmark.startMeasurement()
    let reader = Repository.reader
    for (name, bytes) in files { blackHole(reader.read(file: name, bytes: bytes).strategy) }
  }

  Benchmark("read both price files") { _ in
    for symbol in Repository.symbols { blackHole(try Repository.prices(of: symbol)) }
  }

  Benchmark("all strategies over both files") { benchmark in
    let strategies = try Repository.strategies()
    let series = try Repository.symbols.map { try Repository.prices(of: $0) }
    benchmark.startMeasurement()
    for candles in series {
      let backtest = Backtest(on: candles)
      for (strategy, signals) in zip(strategies, try run(strategies, over: candles)) {
        blackHole(backtest.result(of: signals, plan: strategy.plan, strategy: strategy.name))
      }
    }
  }
}

/// The files of this repository.
enum Repository {
  static let symbols = ["IXIC", "GSPC"]
  static var reader: StrategyReader { StrategyReader(registry: bundled) }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func strategyFiles() throws -> [(String, [UInt8])] {
    let folder = root.appending(path: "strategies")
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
    return try names.sorted().map { ($0, [UInt8](try Data(contentsOf: folder.appending(path: $0)))) }
  }

  static func strategies() throws -> [Strategy] {
    try strategyFiles().compactMap { reader.read(file: $0, bytes: $1).strategy }
  }

  static func prices(of symbol: String) throws -> CandleSeries {
    let path = root.appending(path: "Samples/\(symbol)-1d.csv").path
    return try PriceFile.read(path: path, instrument: Instrument(symbol: symbol)).series
  }
}
