// swift-tools-version: 6.2
import PackageDescription

// The targets stand in floor order, lowest first: a target imports only what stands above it in this list.
// `make` builds with --explicit-target-dependency-import-check error, so an undeclared import does not pass.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),  // spans stored in a view: docs/decisions/0002
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let hummingbird: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
  .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
  .product(name: "HTTPTypes", package: "swift-http-types"),
]
let metrics: Target.Dependency = .product(name: "CoreMetrics", package: "swift-metrics")
let tracing: [Target.Dependency] = [
  .product(name: "Tracing", package: "swift-distributed-tracing"),
  .product(name: "Instrumentation", package: "swift-distributed-tracing"),
]
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

func floor(
  _ name: String, _ uses: [Target.Dependency] = [], in folder: String = "Sources", resources: [Resource]? = nil
) -> Target {
  .target(
    name: name, dependencies: uses, path: "\(folder)/\(name)", resources: resources, swiftSettings: settings)
}

/// The tests of a target. Their cases are files, found beside the source: they are no resources.
func tests(of name: String, _ uses: [Target.Dependency] = [], cases: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name), "TestSupport"] + uses, exclude: cases,
    swiftSettings: settings)
}

let package = Package(
  name: "finstage",
  platforms: [.macOS(.v26)],
  products: [.executable(name: "finstage", targets: ["finstage"])]
    + [
      "Trading", "SeriesMath", "PluginKit", "MarketData", "StrategyModules", "Pipelines", "Backtesting", "Storage",
      "Engine", "Insights", "Notifications", "News", "Calendars",
    ].map {
      .library(name: $0, targets: [$0])  // for the benchmarks, a package of their own
    } + [.library(name: "CrashCalls", type: .dynamic, targets: ["CrashCalls"])],  // for `make crash-points` alone
  traits: [
    .default(enabledTraits: ["Cairo"]),
    .trait(name: "Cairo", description: "Charts as PNG, for messengers; needs libcairo2-dev."),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.0.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.20.0", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.81.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.25.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.3.0"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.3.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
  ],
  targets: [
    .systemLibrary(name: "CCairo", path: "Sources/CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    floor("Trading"),
    floor("SeriesMath"),
    floor("PluginKit", ["Trading", "SeriesMath"]),
    floor("Calendars", ["Trading"]),
    .target(name: "CCurl", path: "Sources/CCurl"),  // libcurl, loaded at the first request: docs/decisions/0015
    floor("Fetching", ["Trading", "PluginKit", "CCurl"]),
    .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CCrypto", path: "Sources/CCrypto"),  // libcrypto, loaded when the first token is checked
    floor("MarketData", ["Trading", "Calendars"]),
    floor("StrategyModules", ["Trading", "SeriesMath", "PluginKit"], in: "Plugins"),
    floor("DataSources", ["Trading", "PluginKit", "Calendars", "MarketData"], in: "Plugins"),
    floor("NotificationChannels", ["Trading", "SeriesMath", "PluginKit"], in: "Plugins"),
    floor("Pipelines", ["Trading", "SeriesMath", "PluginKit", "MarketData", yams]),
    floor("Backtesting", ["Trading", "SeriesMath", "PluginKit", "MarketData", "Pipelines"]),
    floor("Storage", ["Trading", grdb]),
    floor(
      "News", ["Trading", "SeriesMath", "PluginKit", "Calendars", "MarketData", "Storage"],
      resources: [.embedInCode("Lexicons")]),
    floor("Engine", ["Trading", "SeriesMath", "PluginKit", "Calendars", "MarketData", "Pipelines", "Storage"]),
    floor(
      "Insights",
      ["Trading", "SeriesMath", "Calendars", "MarketData", "PluginKit", "Pipelines", "Backtesting", "Storage"]),
    floor(
      "Notifications", ["Trading", "SeriesMath", "PluginKit", "Calendars", "Storage", mustache],
      resources: [.embedInCode("Templates")]),
    floor(
      "Reporting",
      [
        "Trading", "SeriesMath", "PluginKit", "Pipelines", "Backtesting", "Insights",
        .target(name: "CCairo", condition: .when(traits: ["Cairo"])),
        mustache,
      ],
      resources: [.embedInCode("Templates")]),
    floor("HTTPAPI", ["Trading", "SeriesMath", "Pipelines", "Storage", "CZlib", hummingbird, metrics, logging] + nio),
    .executableTarget(
      name: "finstage",
      dependencies: [
        "Trading", "SeriesMath", "PluginKit", "Calendars", "Fetching", "MarketData", "StrategyModules", "DataSources",
        "NotificationChannels", "Pipelines", "Backtesting", "Storage", "News", "Engine", "Insights", "Notifications",
        "Reporting", "HTTPAPI", "CCrypto",
        argumentParser, metrics, yams, serviceLifecycle, unixSignals, logging,
      ] + tracing,
      swiftSettings: settings),

    .target(name: "TestSupport", dependencies: ["Trading"], path: "Tests/TestSupport", swiftSettings: settings),
    tests(of: "SeriesMath"),
    tests(of: "Calendars", ["Trading"], cases: ["Cases"]),
    tests(of: "Fetching", ["Trading", "PluginKit"]),
    tests(of: "MarketData", ["Trading", "Calendars"], cases: ["Cases"]),
    tests(of: "DataSources", ["Trading", "PluginKit", "Fetching", "MarketData"], cases: ["Answers"]),
    tests(of: "NotificationChannels", ["Trading", "SeriesMath", "PluginKit", "Fetching"]),
    tests(of: "StrategyModules", ["Trading", "PluginKit", "MarketData", "Pipelines"]),
    tests(
      of: "Pipelines", ["Trading", "Calendars", "PluginKit", "MarketData", "StrategyModules"],
      cases: ["Faults", "Sound"]),
    tests(
      of: "Backtesting",
      ["Trading", "Calendars", "SeriesMath", "PluginKit", "MarketData", "StrategyModules", "Pipelines"]),
    .target(
      name: "StoreDrill", dependencies: ["Trading", "Storage"], path: "Tests/StoreDrill", swiftSettings: settings),
    .executableTarget(
      name: "StoreWriter", dependencies: ["Trading", "Storage", "StoreDrill"], path: "Tests/StoreWriter",
      swiftSettings: settings),
    tests(of: "Storage", ["Trading", "StoreDrill", "StoreWriter", grdb]),
    tests(
      of: "Engine",
      ["Trading", "PluginKit", "Calendars", "MarketData", "StrategyModules", "Pipelines", "Storage"], cases: ["Cases"]),
    tests(
      of: "Insights",
      ["Trading", "SeriesMath", "PluginKit", "MarketData", "StrategyModules", "Pipelines", "Backtesting", "Storage"]),
    .executableTarget(
      name: "NoticeSender",
      dependencies: [
        "Trading", "SeriesMath", "PluginKit", "Fetching", "NotificationChannels", "Storage", "Notifications",
      ], path: "Tests/NoticeSender", swiftSettings: settings),
    tests(
      of: "Notifications",
      [
        "Trading", "SeriesMath", "PluginKit", "Calendars", "Fetching", "NotificationChannels", "Storage",
        "NoticeSender",
      ]),
    tests(
      of: "News", ["Trading", "SeriesMath", "PluginKit", "Calendars", "MarketData", "Storage", "Fetching"],
      cases: ["Feeds", "Cases"]),
    tests(
      of: "Reporting",
      ["Trading", "PluginKit", "MarketData", "StrategyModules", "Pipelines", "Backtesting", "Insights"]),
    tests(of: "HTTPAPI", ["Trading", "Pipelines", "Storage", metrics] + nio),
    .target(name: "CrashCalls", path: "Tests/CrashCalls"),
    tests(
      of: "finstage",
      [
        "SeriesMath", "Trading", "PluginKit", "Storage", "Engine", "Notifications", "HTTPAPI", "Pipelines", logging,
        argumentParser, sqlite,
      ] + nio, cases: ["Reports"]),
  ]
)
