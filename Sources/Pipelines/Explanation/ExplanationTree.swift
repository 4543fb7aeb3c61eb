import PluginKit
import Trading

/// Makes the tree below a condition. It knows comparisons, logic and votes; whatever else there is shows its value and
/// its inputs, so that kinds of nodes may be added without a word here.
final class ExplanationTree {
  private let graph: Graph
  private let text: NodeText
  private let histories: [Int: NodeHistory]
  private let voters: [Int: String]
  private let candles: CandleSeries
  private let bar: Int
  /// Terms share parts, and a tree writes them out: beyond this many nodes it stops.
  private var left = 400

  init(
    graph: Graph, text: NodeText, histories: [Int: NodeHistory], voters: [Int: String], candles: CandleSeries, bar: Int
  ) {
    self.graph = graph
    self.text = text
    self.histories = histories
    self.voters = voters
    self.candles = candles
    self.bar = bar
  }

  /// The whole tree of a condition.
  func root(_ index: Int) -> ExplainedNode {
    left = 400
    return node(index, wanted: true, isBlocking: histories[index]?.value != 1)
  }

  /// `wanted` is the truth that would have let the condition through, nil below what is no condition.
  private func node(_ index: Int, wanted: Bool?, isBlocking: Bool) -> ExplainedNode {
    left -= 1
    let node = graph.nodes[index]
    let history = histories[index] ?? NodeHistory()
    let children = left > 0 ? inputs(of: index, wanted: wanted, isBlocking: isBlocking) : []
    let comparison = comparison(index)
    let since = node.valueKind == .number || history.value.isNaN ? nil : history.since
    return ExplainedNode(
      text: text[index], kind: kind(of: index), valueKind: node.valueKind, value: history.value,
      comparison: comparison, missing: missing(index, children), since: since.map { ($0, candles.times[$0].shortText) },
      isBlocking: isBlocking, inputs: children)
  }

  private func voice(_ index: Int) -> (vote: Int, direction: Direction, within: Int)? {
    guard case .operation(let operation) = graph.nodes[index].kind else { return nil }
    return graph.voice(operation, graph.nodes[index].inputs)
  }

  private func inputs(of index: Int, wanted: Bool?, isBlocking: Bool) -> [ExplainedNode] {
    let node = graph.nodes[index]
    if let voice = voice(index), let read = node.inputs.first {
      return [vote(voice.vote, read: read, voice.direction, wanted: wanted, isBlocking: isBlocking)]
    }
    if case .operation(let operation) = node.kind, let change = graph.change(operation, node.inputs) {
      // x / x[n] − 1 is one thing to the reader.
      return isCandle(change.of) ? [] : [self.node(change.of, wanted: nil, isBlocking: false)]
    }
    // An output stands for its indicator.
    if case .output = node.kind, let source = node.inputs.first {
      return inputs(of: source, wanted: nil, isBlocking: false)
    }
    let below = node.inputs.filter { isWorthShowing($0, below: node) }
    return below.map { input in
      let inner = graph.nodes[input].valueKind == .condition ? self.wanted(below: node.kind, wanted) : nil
      let isWrong = inner.map { histories[input]?.value != ($0 ? 1 : 0) } ?? false
      return self.node(input, wanted: inner, isBlocking: isBlocking && isWrong)
    }
  }

  /// The truth that an input should have had.
  private func wanted(below kind: Graph.NodeKind, _ wanted: Bool?) -> Bool? {
    switch kind {
    case .operation(.not): wanted.map { !$0 }
    case .operation(.and), .operation(.or), .operation(.within), .operation(.every): wanted
    default: nil
    }
  }

  /// A step's vote as the combinator reads it (`read`: the vote, or its latest direction), with the condition that
  /// would have made the step speak for a direction.
  private func vote(
    _ index: Int, read: Int, _ direction: Direction, wanted: Bool?, isBlocking: Bool
  ) -> ExplainedNode {
    left -= 1
    let history = histories[read] ?? NodeHistory()
    let inputs = graph.nodes[index].inputs
    let place = direction == .buy ? 0 : 1
    var children: [ExplainedNode] = []
    if left > 0, case .operation(.vote) = graph.nodes[index].kind, inputs.indices.contains(place) {
      let condition = inputs[place]
      children = [node(condition, wanted: wanted, isBlocking: isBlocking && histories[condition]?.value != 1)]
    }
    return ExplainedNode(
      text: text[index], kind: voters[index] == nil ? "vote" : "step", valueKind: .vote, value: history.value,
      comparison: nil, missing: missing(read, children),
      since: history.value.isNaN ? nil : (history.since, candles.times[history.since].shortText),
      isBlocking: isBlocking,
      inputs: children)
  }

  /// Constants and plain columns below an indicator say nothing that its own line does not.
  private func isWorthShowing(_ input: Int, below node: Graph.Node) -> Bool {
    if graph.isConstant(input) { return false }
    guard case .series = graph.nodes[input].kind else { return true }
    if case .indicator = node.kind { return false }
    return true
  }

  private func isCandle(_ index: Int) -> Bool {
    if case .series = graph.nodes[index].kind { true } else { false }
  }

  private func kind(of index: Int) -> String {
    if voters[index] != nil { return "step" }
    if voice(index) != nil { return "vote" }
    if case .operation(let operation) = graph.nodes[index].kind {
      return operation.comparisonSymbol == nil ? operation.name : "comparison"
    }
    return Graph.name(of: graph.nodes[index].kind)
  }

  private func comparison(_ index: Int) -> ExplainedNode.Comparison? {
    guard case .operation(let operation) = graph.nodes[index].kind, graph.nodes[index].inputs.count == 2,
      voice(index) == nil
    else { return nil }
    let inputs = graph.nodes[index].inputs
    switch operation {
    case .crossesAbove, .crossesBelow: break
    default: if operation.comparisonSymbol == nil { return nil }
    }
    func value(_ input: Int) -> Double {
      if case .number(let value) = graph.nodes[input].kind { return value }
      return histories[input]?.value ?? .nan
    }
    return ExplainedNode.Comparison(left: value(inputs[0]), threshold: value(inputs[1]))
  }

  private func missing(_ index: Int, _ children: [ExplainedNode]) -> String? {
    let node = graph.nodes[index]
    guard let history = histories[index], history.value.isNaN else { return nil }
    if candles.isMissing(bar), history.firstValue != nil || node.warmUp <= bar { return "the bar is missing" }
    if node.warmUp > bar {
      let time = candles.times.indices.contains(node.warmUp) ? " (\(candles.times[node.warmUp].shortText))" : ""
      return "warming up: its first value is at bar \(node.warmUp)\(time) at the earliest"
    }
    if children.contains(where: { $0.missing != nil }) { return "what it reads has no value" }
    return history.firstValue == nil
      ? "no value so far: too few bars without a hole, or no such data" : "no value on this bar"
  }
}
