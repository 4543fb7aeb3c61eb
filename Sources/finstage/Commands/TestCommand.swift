import ArgumentParser
import Pipelines

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Runs the tests that stand in the strategies' own files.",
    discussion: "Exits with 0 where all hold, 1 where one fails.")

  @Argument(help: "Strategies: names, files or folders; without any, all.")
  var strategies: [String] = []
  @OptionGroup var config: ConfigOption

  func run() throws {
    let workspace = try Workspace.sound(config)
    let reader = workspace.reader
    var (passed, failed) = (0, 0)
    var unusable: [Diagnostic] = []
    for path in try workspace.files(strategies) {
      let (strategy, faults) = reader.read(path: path)
      guard let strategy else {
        unusable += faults.filter { $0.severity == .error }
        continue
      }
      if strategy.tests.isEmpty { Terminal.say("\(path): has no tests") }
      for outcome in try strategy.runTests() {
        let holds = outcome.faults.isEmpty
        if holds { passed += 1 } else { failed += 1 }
        Terminal.print("\(holds ? "ok  " : "FAIL") \(strategy.name): \(outcome.name)")
        for fault in outcome.faults { Terminal.print("     \(path):\(outcome.line): \(fault)") }
      }
    }
    if !unusable.isEmpty { Terminal.say(unusable.map(\.description).joined(separator: "\n")) }
    Terminal.print("\(passed) passed, \(failed) failed")
    if failed > 0 { throw Failure(.badAnswer) }
    if !unusable.isEmpty { throw Failure(passed == 0 ? .unusable : .partly) }
  }
}
