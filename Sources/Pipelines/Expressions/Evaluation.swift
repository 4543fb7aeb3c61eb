public import PluginKit
import Trading

/// Expressions over one series, as columns: what `finstage eval` prints.
public struct Evaluation: Sendable {
  /// As typed.
  public let expressions: [String]
  private let graph: Graph
  private let nodes: [Int]

  /// Reads the expressions; the errors of all of them, each shown as a file of its own, where one is wrong.
  public init(_ expressions: [String], registry: Registry) throws(Faults) {
    var graph = Graph()
    var nodes: [Int] = []
    var faults: [Diagnostic] = []
    for text in expressions {
      let diagnostics = Diagnostics(source: SourceText(file: "expression", text: text))
      let binder = Binder(registry: registry, diagnostics: diagnostics)
      let scalar = YAMLValue.Scalar(text: text, isQuoted: false, isBlock: false)
      if let bound = binder.bind(YAMLValue(content: .scalar(scalar), line: 1, column: 1), "an expression") {
        nodes.append(graph.merge(binder.graph)[bound.node])
      }
      faults += diagnostics.all.filter { $0.severity == .error }
    }
    if !faults.isEmpty { throw Faults(diagnostics: faults) }
    (self.expressions, self.graph, self.nodes) = (expressions, graph, nodes)
  }

  public struct Faults: Error, Sendable {
    public let diagnostics: [Diagnostic]
  }

  /// One column an expression; NaN where there is no value, conditions as 1 and 0.
  public func columns(over market: Market) throws(GraphError) -> [[Double]] {
    let candles = market.deciding
    var columns = nodes.map { _ in [Double]() }
    let run = GraphRun(graph)
    while run.count < candles.count {
      let bars = run.count..<min(run.count + run.block, candles.count)
      try run.advance(market, rows: bars.count)
      for (index, node) in nodes.enumerated() {
        for bar in bars { columns[index].append(run.value(node, at: bar)) }
      }
    }
    return columns
  }
}
