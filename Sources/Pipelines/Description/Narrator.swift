import PluginKit
import Trading

/// Tells nodes of a graph in the words of one language.
protocol Narrator {
  init(_ source: NarratedGraph)
  /// A whole clause: "close is above 100".
  func clause(_ node: Int) -> String
  /// A value: "the 20-bar simple moving average".
  func value(_ node: Int) -> String
}

/// What narrators read, and a bound for what they write: terms share parts, and words write them out.
final class NarratedGraph {
  let graph: Graph
  let registry: Registry
  let voters: [Int: String]
  private let text: NodeText
  private var left = 300

  init(_ strategy: Strategy, registry: Registry) {
    graph = strategy.graph
    self.registry = registry
    voters = strategy.graph.voters(of: strategy.steps)
    text = NodeText(strategy.graph, registry: registry, steps: strategy.steps)
  }

  init(_ graph: Graph, registry: Registry) {
    self.graph = graph
    self.registry = registry
    voters = [:]
    text = NodeText(graph, registry: registry)
  }

  /// The expression itself, for what there are no words for.
  func plain(_ node: Int) -> String { text[node] }

  /// Whether there is room for words about one more node.
  func takesWords() -> Bool {
    left -= 1
    return left > 0
  }

  func startAgain() { left = 300 }

  /// A node's operation and inputs; nil for other kinds.
  func operation(_ node: Int) -> (Operation, [Int])? {
    if case .operation(let operation) = graph.nodes[node].kind { return (operation, graph.nodes[node].inputs) }
    return nil
  }

  /// An indicator, its settings, the series that it is given, and the name of the output that is meant.
  func indicator(_ node: Int) -> (id: String, settings: [String: Double], inputs: [Int], output: String?)? {
    switch graph.nodes[node].kind {
    case .indicator(let id, let settings):
      let inputs = registry.indicators[id]?.takesSeries == false ? [] : graph.nodes[node].inputs
      return (id, settings, inputs, nil)
    case .output(let place):
      guard let source = graph.nodes[node].inputs.first, let found = indicator(source) else { return nil }
      let outputs = registry.indicators[found.id]?.outputs ?? []
      return (found.id, found.settings, found.inputs, outputs.indices.contains(place) ? outputs[place] : "\(place)")
    default: return nil
    }
  }

  /// A number that is compared with a change is a share: `1%`.
  func threshold(_ node: Int, against other: Int) -> String? {
    guard case .number(let value) = graph.nodes[node].kind, let (operation, inputs) = operation(other),
      graph.change(operation, inputs) != nil
    else { return nil }
    return Figure(value * 100).description + "%"
  }

  /// A column of the candles of the strategy's own symbol.
  func candle(_ node: Int) -> CandleSeries.Column? {
    if case .series(let key) = graph.nodes[node].kind, case .candle(let column) = key.kind, key == SeriesKey(key.kind) {
      return column
    }
    return nil
  }
}
