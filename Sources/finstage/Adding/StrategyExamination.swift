import Backtesting
import Engine
import Pipelines
import StrategyModules
import Trading

/// What somebody's strategy file is looked at for before it is kept. It is read and reckoned with, and nothing in it is
/// run.
struct StrategyExamination {
  let name: String
  /// What was found, for the user.
  private(set) var notes: [String] = []

  /// Throws where it is not to be kept, and says everything that speaks against it.
  init(_ bytes: [UInt8], from place: String, in workspace: Workspace) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(.badAnswer, "\(place): is no text in UTF-8")
    }
    for kind in ["${env:", "${file:"] where text.contains(kind) {
      throw Failure(
        .badAnswer,
        "\(place): has a reference \(kind)…}: a file of somebody else may not read what stands on this machine")
    }
    name = try Self.name(of: bytes, place)
    var reader = workspace.reader
    reader.references = .none
    reader.dataFolder = nil
    let (declared, faults) = reader.declaration(file: "\(name).yaml", bytes: bytes)
    guard let declared else {
      let errors = faults.filter { $0.severity == .error }.map(\.description)
      throw Failure(.badAnswer, "\(errors.joined(separator: "\n"))\n\(place): is faulty")
    }
    notes += faults.filter { $0.severity == .warning }.map { "\($0)" }
    try test(declared, place)
    try certify(declared, in: workspace, place)
  }

  /// The name that the file gives itself: one that can stand for no other place than a file in the folder.
  private static func name(of bytes: [UInt8], _ place: String) throws(Failure) -> String {
    let file = YAMLFile(file: place, bytes: bytes, references: .none)
    guard let root = file.root else {
      throw Failure(.badAnswer, file.diagnostics.all.map(\.description).joined(separator: "\n"))
    }
    guard let name = root.entries?.first(where: { $0.name == "name" })?.value.text else {
      throw Failure(.badAnswer, "\(place): has no name: and could be kept under none")
    }
    guard StrategyScaffold.isName(name) else {
      throw Failure(
        .badAnswer,
        "\(place): \"\(name.prefix(80))\" is no name for a file: 1 to 64 small letters, digits, - and _, a letter or digit first"
      )
    }
    return name
  }

  private mutating func test(_ declared: Declaration, _ place: String) throws {
    var report = TestReport(coverage: false)
    let outcomes: [StrategyTest.Outcome]
    switch declared {
    case .strategy(let strategy): outcomes = try strategy.runTests(registry: bundled)
    case .priceAlert(let alert): outcomes = try alert.runTests(registry: bundled)
    case .rotation, .portfolio: outcomes = []
    }
    report.add(TestReport.File(path: "\(name).yaml", name: name, outcomes: outcomes, coverage: nil))
    guard report.failed == 0 else {
      throw Failure(.badAnswer, "\(report.text)\n\(place): does not pass its own tests")
    }
    notes.append(outcomes.isEmpty ? "it has no tests of its own" : "\(report.passed) tests passed")
  }

  /// Over prices that are invented, and over those of its tests.
  private mutating func certify(_ declared: Declaration, in workspace: Workspace, _ place: String) throws {
    guard !declared.strategies.isEmpty else { return }
    var (signals, cuts) = (0, 0)
    for strategy in declared.strategies {
      let named = workspace.configuration?.expand(strategy.symbols) ?? strategy.symbols
      let symbols = named.filter { !$0.hasPrefix("@") }
      let live = LiveStrategy(strategy, symbols: symbols.isEmpty ? ["X"] : symbols)
      let markets = [InventedPrices.market(for: live)].compactMap { $0 } + strategy.tests.map(\.market)
      for market in markets where market.deciding.count > 1 {
        let certificate = try CausalityCertificate(of: [strategy], over: market)
        if let finding = certificate.findings.first {
          throw Failure(
            .badAnswer,
            "\(place): reads the future: \(finding.strategy) at \(finding.cut), \(finding.trial): \(finding.difference)"
          )
        }
        signals += certificate.signals
        cuts += certificate.cuts
      }
    }
    notes.append(
      signals > 0
        ? "nothing read ahead: \(signals) signals over invented prices and its tests, \(cuts) cuts"
        : "it said nothing over invented prices and its tests, so that they show nothing: try `finstage verify \(name)`"
    )
  }
}
