import Backtesting
import Foundation
import Pipelines
import StrategyModules
import Testing
import Trading

/// Rotations and portfolios count as trials like any strategy.
@Suite struct PortfolioTrialTests {
  private func strategy(_ name: String) throws -> Strategy {
    let path = repositoryFile("strategies/\(name).yaml").path
    return try #require(StrategyReader(registry: bundled).read(path: path).strategy)
  }

  @Test func `a rotation is the same trial whatever it is called, and another with another rule`() throws {
    var configurations = TrialConfigurations(BacktestOptions())
    let one = try rotation("hold: { top: 1 }\nrebalance: 1w")
    var other = one
    (other.name, other.title, other.universe) = ("y", "Y", ["Z"])
    let hash = configurations.configuration(of: one).hash
    #expect(configurations.configuration(of: other).hash == hash)
    let changed = [
      try rotation("hold: { top: 2 }\nrebalance: 1w"), try rotation("hold: { top: 1 }\nrebalance: 1mo"),
      try rotation("hold: { top: 1 }\nrebalance: 1w", rank: "change(close, 3)"),
      try rotation("hold: { top: 1 }\nrebalance: 1w\nwhere: close > 1"),
      try rotation("hold: { top: 1 }\nrebalance: 1w\nweight: momentum"),
    ]
    #expect(Set(changed.map { configurations.configuration(of: $0).hash }).union([hash]).count == 6)
  }

  @Test func `the order of strategies makes another trial only where the first has its way`() throws {
    var configurations = TrialConfigurations(BacktestOptions())
    let strategies = [try strategy("trend/golden-cross"), try strategy("breakout/turtle-55")]
    func hash(_ keys: String, _ strategies: [Strategy]) throws -> ConfigurationHash {
      configurations.configuration(of: try portfolio("a, b", keys), strategies: strategies).hash
    }
    #expect(try hash("", strategies) == hash("", strategies.reversed()))
    #expect(try hash("on_conflict: first", strategies) != hash("on_conflict: first", strategies.reversed()))
    #expect(try hash("", strategies) != hash("max_positions: 1", strategies))
    #expect(try hash("", strategies) != hash("", Array(strategies.prefix(1))))
  }

  @Test func `a ledger counts them on their symbols, and a second time changes nothing`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "trials.jsonl").path
    let universe = try goldenUniverse()
    let options = BacktestOptions()
    var configurations = TrialConfigurations(options)
    let rotations = [
      try rotation("hold: { top: 1 }\nrebalance: 1w"), try rotation("hold: { top: 3 }\nrebalance: 1mo"),
    ]
    let results = try rotations.map { try $0.backtest(universe, options: options) }
    let tried = rotations.map { configurations.configuration(of: $0) }
    for _ in 0..<2 {
      var ledger = TrialLedger(path: path)
      let (corrected, selections) = try ledger.correct(results, tried)
      #expect(selections.map(\.data.symbol) == ["ALFA+BETA+CHAR+DELT+ECHO+FOXT"])
      #expect(corrected.map(\.trials?.raw) == [2, 2])
      #expect(corrected.allSatisfy { $0.metrics.deflatedSharpe != nil && $0.pValue != nil })
    }
  }
}
