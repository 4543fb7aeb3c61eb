import PluginKit
import Pipelines
import StrategyModules
import Testing

/// What `new` writes is sound and passes its own tests from the start.
@Suite struct ScaffoldTests {
  private func check(_ scaffold: StrategyScaffold, _ name: String) throws {
    let (strategy, faults) = read(Array(scaffold.text.utf8), file: "\(name).yaml")
    #expect(faults.map(\.description) == [], "\(scaffold.text)")
    let outcomes = try #require(try strategy?.runTests())
    #expect(!outcomes.isEmpty)
    for outcome in outcomes { #expect(outcome.faults == [], "\(scaffold.text)") }
  }

  @Test("a strategy of expressions passes its tests") func expressions() throws {
    try check(try StrategyScaffold(name: "first", symbols: ["@index"], registry: bundled), "first")
  }

  @Test("one of any module passes its tests", arguments: bundled.signals.keys.sorted())
  func modules(_ id: String) throws {
    try check(try StrategyScaffold(name: "first", module: id, symbols: ["X"], registry: bundled), "first")
  }

  @Test("a name that is no file's name, and a module that is not there, are refused") func refusals() {
    for name in ["", "Bad", "-x", "a b", "../x", "é", String(repeating: "a", count: 65)] {
      #expect(!StrategyScaffold.isName(name))
      #expect(throws: StrategyScaffold.Fault.badName(name)) {
        try StrategyScaffold(name: name, symbols: ["X"], registry: bundled)
      }
    }
    #expect(throws: StrategyScaffold.Fault.unknownModule("ma_breakot", hint: "did you mean \"ma_breakout\"?")) {
      try StrategyScaffold(name: "x", module: "ma_breakot", symbols: ["X"], registry: bundled)
    }
  }
}
