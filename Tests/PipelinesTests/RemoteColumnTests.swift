@testable import PluginKit
import Pipelines
import StrategyModules
import Testing
import Trading

/// Nodes that run outside the process: they are awaited, and the rest of the graph does not notice.
@Suite struct RemoteColumnTests {
  /// Adds one to its first input; the second column is the double.
  private struct Elsewhere: RemoteColumns {
    var columns = 2

    func advance(_ inputs: [[Double]]) async throws -> [[Double]] {
      await Task.yield()
      return (1...2).prefix(columns).map { factor in inputs[0].map { ($0 + 1) * Double(factor) } }
    }
  }

  private struct Declared: Indicator {
    static let id = "elsewhere"
    static let summary = "Runs outside the process."
    static let inputs = ["x"]
    static let outputs = ["one", "two"]
    static let examples: [Example] = []
    var warmUp: Int { 0 }
    var reach: Int { 0 }
    mutating func first(_ x: borrowing View) -> Two { Two(.nan, .nan) }
    mutating func next(_ x: borrowing View) -> Two { Two(.nan, .nan) }
  }

  /// The sum over two bars of the remote node's second output, and the run that works it out.
  private func graph(columns: Int = 2, block: Int) -> (run: GraphRun, node: Int) {
    let entry = IndicatorEntry(Declared.self) { _ in
      ConfiguredIndicator(warmUp: 0, reach: 0) { .remote(Elsewhere(columns: columns)) }
    }
    let registry = Registry(indicators: indicators + [entry], signals: [])
    var graph = Graph()
    let remote = Term.call("elsewhere", [.close], [:], output: 1)
    let node = graph.add(.call("sum", [remote], ["period": 2], output: 0), registry)
    return (GraphRun(graph, block: block), node)
  }

  @Test("a remote node is awaited, in blocks of any size", arguments: [1, 2, 5])
  func isAwaited(_ block: Int) async throws {
    let (run, node) = graph(block: block)
    let series = try candles("1 2 3 4 5")
    var values: [Double] = []
    while run.count < series.count {
      let bars = run.count..<min(run.count + block, series.count)
      try await run.advanceSuspending(Market(series), rows: bars.count)
      for bar in bars { values.append(run.value(node, at: bar)) }
    }
    #expect(shown(values) == "_ 10 14 18 22")
  }

  @Test("who does not await is told so") func doesNotBlock() throws {
    let (run, _) = graph(block: 5)
    #expect(throws: GraphError.suspends) { try run.advance(Market(candles("1 2 3")), rows: 3) }
  }

  @Test("an answer of another shape is refused") func checksTheShape() async throws {
    let (run, _) = graph(columns: 1, block: 5)
    let series = try candles("1 2 3")
    await #expect(throws: GraphError.wrongShape) { try await run.advanceSuspending(Market(series), rows: 3) }
  }
}
