import Foundation
import Pipelines
import StrategyModules
import Testing

/// What `make fuzz` begins with, and whatever it has found: expressions of all sorts, sound and broken.
@Suite struct FuzzSeedTests {
  @Test("an expression has values or faults, and never ends the program", arguments: try seeds())
  func answers(_ expression: String) throws {
    let bars = try candles("100+1x30 _x2 90x8 120-0.5x20", volumes: "1000x30 _x2 0x8 500x20")
    do {
      let columns = try Evaluation([expression], registry: bundled).columns(over: Market(bars))
      #expect(columns.map(\.count) == [60])
    } catch let error as GraphError {
      // A seed may read a symbol that is not there.
      #expect(error == .noSeries("^VIX"))
    } catch let faults as Evaluation.Faults {
      #expect(!faults.diagnostics.isEmpty)
    }
  }

  static func seeds() throws -> [String] {
    try String(contentsOf: repositoryFile("Fuzz/Expressions/seeds.txt"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }
}
