import ArgumentParser
import Pipelines
import StrategyModules
import Trading

struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Runs the tests that stand in the strategies' own files.",
    discussion: """
      A failing test shows the bars around its faults and what the rule saw on them.
      With --coverage: the conditions that no test and, where the configuration collects any, no sample data made true.
      Exits with 0 where all hold, 1 where one fails.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Argument(help: "Strategies: names, files or folders; without any, all.")
  var strategies: [String] = []
  @OptionGroup var config: ConfigOption
  @Flag(help: "Lists the conditions that were never true.")
  var coverage = false
  @Option(help: "text or json")
  var format = Format.text

  func run() async throws {
    let workspace = try Workspace.sound(config)
    let reader = workspace.reader
    var report = TestReport(coverage: coverage)
    var samples = SampleData(workspace)
    for path in try workspace.files(strategies) {
      let (declared, faults) = reader.declaration(path: path)
      let meant = try declared.map { declared throws(Failure) in try Workspace.meant(strategies, of: declared) } ?? []
      guard let declared, let strategy = meant.first else {
        // A rotation or a portfolio has no tests of its own: those of its strategies stand in their files.
        if declared != nil { continue }
        report.add(unusable: faults.filter { $0.severity == .error })
        continue
      }
      if strategy.tests.isEmpty { Terminal.say("\(path): has no tests") }
      if case .priceAlert(let alert) = declared, meant.count == alert.strategies.count {
        let outcomes = try alert.runTests(registry: bundled)
        report.add(TestReport.File(path: path, name: alert.name, outcomes: outcomes, coverage: nil))
        if coverage {
          for one in meant {
            let covered = try await samples.coverage(of: one)
            report.add(TestReport.File(path: path, name: one.name, outcomes: [], coverage: covered))
          }
        }
        continue
      }
      for strategy in meant {
        let outcomes = try strategy.runTests(registry: bundled)
        let covered = coverage ? try await samples.coverage(of: strategy) : nil
        report.add(TestReport.File(path: path, name: strategy.name, outcomes: outcomes, coverage: covered))
      }
    }
    for note in samples.notes { Terminal.say(note) }
    if !report.unusable.isEmpty { Terminal.say(report.unusable.map(\.description).joined(separator: "\n")) }
    Terminal.print(format == .json ? report.json.text : report.text)
    if report.failed > 0 { throw Failure(.badAnswer) }
    if !report.unusable.isEmpty { throw Failure(report.passed == 0 ? .unusable : .partly) }
  }
}

/// The series on which coverage is measured besides the tests: what the configuration collects, each read once.
struct SampleData {
  private let workspace: Workspace
  private var series: [String: CandleSeries?] = [:]
  /// Why some of it could not be had.
  private(set) var notes: [String] = []

  init(_ workspace: Workspace) { self.workspace = workspace }

  mutating func coverage(of strategy: Strategy) async throws -> ConditionCoverage {
    var coverage = ConditionCoverage(of: strategy, registry: bundled)
    for test in strategy.tests { try coverage.read(test.market, as: .test) }
    for symbol in workspace.configuration?.expand(strategy.symbols) ?? [] {
      if let candles = await candles(of: symbol, strategy.timeframe) { try coverage.read(Market(candles), as: .sample) }
    }
    return coverage
  }

  private mutating func candles(of symbol: String, _ timeframe: Timeframe) async -> CandleSeries? {
    let key = "\(symbol)\u{0}\(timeframe)"
    if let known = series[key] { return known }
    guard workspace.collects(symbol, timeframe) else {
      series[key] = .some(nil)
      return nil
    }
    do throws(Failure) {
      series[key] = try await workspace.candles(of: symbol, timeframe)
    } catch {
      notes.append(error.message)
      series[key] = .some(nil)
    }
    return series[key] ?? nil
  }
}
