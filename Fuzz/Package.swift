// swift-tools-version: 5.4
import PackageDescription

// Fuzz targets stand apart: they and all that they reach are built with -sanitize=fuzzer. `make fuzz` runs them.
// Tools 5.4, because later ones rename the program's main to that of the target, and here libFuzzer brings it.

let settings: [SwiftSetting] = [.unsafeFlags(["-parse-as-library", "-swift-version", "6"])]

func fuzzing(_ name: String, _ uses: [String]) -> Target {
  .executableTarget(
    name: name,
    dependencies: (name == "Feeds" ? [] : [.target(name: "Bars")])
      + uses.map { .product(name: $0, package: "finstage") },
    path: name,
    exclude: name == "Expressions" ? ["seeds.txt"] : [],
    swiftSettings: settings)
}

let package = Package(
  name: "Fuzz",
  platforms: [.macOS("26.0")],
  dependencies: [.package(name: "finstage", path: "..")],
  targets: [
    .target(
      name: "Bars",
      dependencies: [.product(name: "Pipelines", package: "finstage"), .product(name: "Trading", package: "finstage")],
      path: "Bars", swiftSettings: settings),
    fuzzing("Strategies", ["StrategyModules", "Pipelines"]),
    fuzzing("Expressions", ["StrategyModules", "Pipelines"]),
    fuzzing("Feeds", ["News", "Calendars", "Trading"]),
  ]
)
