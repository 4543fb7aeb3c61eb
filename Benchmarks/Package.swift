// swift-tools-version: 6.2
import PackageDescription

// Benchmarks stand apart, so that nobody who only builds the program fetches what they need. `make bench` runs them.

func benchmarks(_ name: String, _ uses: [String] = []) -> Target {
  .executableTarget(
    name: name,
    dependencies: [.product(name: "Benchmark", package: "benchmark")]
      + uses.map { .product(name: $0, package: "finstage") },
    path: name,
    swiftSettings: [.swiftLanguageMode(.v6)],
    plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
}

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v26)],
  dependencies: [
    .package(name: "finstage", path: ".."),
    // Without its traits: those replace the allocator and hook the runtime, which is not what users run.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    benchmarks("Indicators", ["Trading", "PluginKit", "StrategyModules", "Pipelines"]),
    benchmarks("Strategies", ["Trading", "MarketData", "StrategyModules", "Pipelines", "Backtesting"]),
    benchmarks(
      "Learning", ["Trading", "PluginKit", "MarketData", "StrategyModules", "Pipelines", "Backtesting", "Insights"]),
    benchmarks("Commands"),
    .target(name: "CAllocations", path: "CAllocations"),
    .executableTarget(
      name: "BesideTALib",
      dependencies: ["CAllocations"]
        + ["Trading", "PluginKit", "MarketData", "StrategyModules", "Pipelines"].map {
          .product(name: $0, package: "finstage")
        },
      path: "BesideTALib", swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "Sweep",
      dependencies: ["Trading", "SeriesMath", "PluginKit", "MarketData", "StrategyModules", "Pipelines", "Backtesting"]
        .map { .product(name: $0, package: "finstage") },
      path: "Sweep", swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "LiveMinute",
      dependencies: [
        "Trading", "SeriesMath", "PluginKit", "StrategyModules", "Pipelines", "Storage", "Engine", "Notifications",
      ].map { .product(name: $0, package: "finstage") },
      path: "LiveMinute", swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "NewsStore",
      dependencies: ["Trading", "SeriesMath", "Storage", "News"].map { .product(name: $0, package: "finstage") },
      path: "NewsStore", swiftSettings: [.swiftLanguageMode(.v6)]),
    .executableTarget(
      name: "CandleStore",
      dependencies: ["Trading", "SeriesMath", "Storage"].map { .product(name: $0, package: "finstage") }
        + ["GRDB", "GRDBSQLite"].map { .product(name: $0, package: "GRDB.swift") },
      path: "CandleStore", swiftSettings: [.swiftLanguageMode(.v6)]),
  ]
)
