import PluginKit
import Trading

/// What explanations and descriptions recognise in a graph.
extension Graph {
  /// The steps' ids by the nodes that are their votes.
  func voters(of steps: [StepOutline]) -> [Int: String] {
    var voters: [Int: String] = [:]
    for (index, node) in nodes.enumerated() {
      guard case .operation(.vote) = node.kind, node.inputs.count == 2 else { continue }
      voters[index] = steps.first { $0.rule.calls.votes(by: node.inputs, in: self) }?.id
    }
    return voters
  }

  /// The name of a node's kind, without what it holds.
  static func name(of kind: NodeKind) -> String { String("\(kind)".prefix { $0 != "(" }) }

  /// x / x[n] − 1.
  func change(_ operation: Operation, _ inputs: [Int]) -> (of: Int, bars: Int)? {
    guard case .subtract = operation, inputs.count == 2, case .number(1) = nodes[inputs[1]].kind,
      case .operation(.divide) = nodes[inputs[0]].kind
    else { return nil }
    let ratio = nodes[inputs[0]].inputs
    guard ratio.count == 2, case .operation(.ago(let bars)) = nodes[ratio[1]].kind,
      nodes[ratio[1]].inputs.first == ratio[0]
    else { return nil }
    return (ratio[0], bars)
  }

  /// A vote that is compared with a direction: how a combinator reads a step.
  func voice(_ operation: Operation, _ inputs: [Int]) -> (vote: Int, direction: Direction, within: Int)? {
    guard case .equal = operation, inputs.count == 2, case .number(let value) = nodes[inputs[1]].kind,
      abs(value) == 1, nodes[inputs[0]].valueKind == .vote
    else { return nil }
    let direction = value == 1 ? Direction.buy : .sell
    if case .operation(.latest(let bars)) = nodes[inputs[0]].kind, let vote = nodes[inputs[0]].inputs.first {
      return (vote, direction, bars)
    }
    return (inputs[0], direction, 1)
  }

  func isConstant(_ node: Int) -> Bool { if case .number = nodes[node].kind { true } else { false } }

  /// The numbers that conditions compare, without constants and the columns of the candles, each once.
  func operands(of conditions: [Int], limit: Int) -> [Int] {
    var operands: [Int] = []
    var seen: Set<Int> = []
    var open = Array(conditions.reversed())
    while let index = open.popLast(), operands.count < limit {
      guard seen.insert(index).inserted else { continue }
      let node = nodes[index]
      if node.valueKind != .number {
        open += node.inputs.reversed()
      } else if !isConstant(index), !isCandle(index) {
        operands.append(index)
      }
    }
    return operands
  }

  private func isCandle(_ node: Int) -> Bool {
    guard case .series(let key) = nodes[node].kind, case .candle = key.kind else { return false }
    return key == SeriesKey(key.kind)
  }
}

extension SignalRule.Calls {
  func votes(by inputs: [Int], in graph: Graph) -> Bool {
    func isSame(_ node: Int?, _ input: Int) -> Bool {
      if let node { return node == input }
      if case .number(0) = graph.nodes[input].kind { return true }
      return false
    }
    switch self {
    case .both(let buy, let sell): return inputs == [buy, sell]
    case .positions(let long, let short): return isSame(long?.enter, inputs[0]) && isSame(short?.enter, inputs[1])
    }
  }
}

extension Operation {
  var comparisonSymbol: String? {
    switch self {
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .equal: "=="
    case .notEqual: "!="
    default: nil
    }
  }

  /// As it is called in an expression.
  var name: String {
    switch self {
    case .crossesAbove: "crosses_above"
    case .crossesBelow: "crosses_below"
    case .valueWhen: "value_when"
    case .allTimeHigh: "all_time_high"
    case .allTimeLow: "all_time_low"
    case .absolute: "abs"
    case .minimum: "min"
    case .maximum: "max"
    case .logarithm: "log"
    case .squareRoot: "sqrt"
    case .choose: "if"
    default: String("\(self)".prefix { $0 != "(" })
    }
  }
}
