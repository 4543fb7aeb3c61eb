import PluginKit

extension Binder {
  /// Whether two operands can be compared or added. A plain number goes with anything.
  func unitsAgree(_ operation: Expression.Operator, _ a: Int, _ b: Int, _ range: Range<Int>) -> Bool {
    switch operation {
    case .multiply, .divide, .and, .or: return true
    default: break
    }
    let (first, second) = (graph.nodes[a].unit, graph.nodes[b].unit)
    if first == .time || second == .time {
      guard first != second else { return true }
      report(
        .unitMismatch, range, "a duration is compared with something else",
        hint: "durations go with session.elapsed: session.elapsed >= 30m")
      return false
    }
    guard first != second, first != .unknown, second != .unknown else { return true }
    report(
      .unitMismatch, range, "\(Binder.word(first)) and \(Binder.word(second)) do not go together",
      hint: "compare prices with prices, volumes with volumes, indices with numbers")
    return false
  }

  private static func word(_ unit: Measure.Unit) -> String {
    switch unit {
    case .price: "a price"
    case .volume: "a volume"
    case .index: "an index"
    case .ratio: "a ratio"
    case .bars: "a count of bars"
    case .time: "a duration"
    case .unknown, .same: "a number"
    }
  }

  /// Warns of a comparison that can only come out one way.
  func checkTruth(_ node: Int, _ range: Range<Int>) {
    switch graph.nodes[node].interval {
    case .never:
      report(.neverTrue, range, "this is never true: \(bounds(of: node))")
    case .always:
      report(.alwaysTrue, range, "this is always true: \(bounds(of: node))")
    default: break
    }
  }

  private func bounds(of node: Int) -> String {
    graph.nodes[node].inputs.map { words(graph.nodes[$0].interval) }.joined(separator: " against ")
  }

  private func words(_ side: Interval) -> String {
    if side.low == side.high { return "\(Figure(side.low))" }
    if side.high == .infinity { return side.low == .leastNonzeroMagnitude ? "above 0" : "\(Figure(side.low)) or more" }
    return side.low == -.infinity ? "\(Figure(side.high)) or less" : "\(Figure(side.low)) to \(Figure(side.high))"
  }

  /// Warns of an `and` whose comparisons of one column with numbers exclude each other (rsi < 30 and rsi > 70), and of
  /// an `or` that leaves nothing out. Parts that are one-sided by themselves have been reported.
  func checkTogether(_ node: Int, of parts: [Int], _ range: Range<Int>) {
    guard case .operation(let operation) = graph.nodes[node].kind, operation == .and || operation == .or else { return }
    guard graph.nodes[node].interval == .truth, excludes(node, operation) else { return }
    if parts.contains(where: { excludes($0, operation) }) { return }
    if operation == .and {
      report(.neverTrue, range, "this is never true: its parts exclude each other")
    } else {
      report(.alwaysTrue, range, "this is always true: its parts leave nothing out")
    }
  }

  /// Whether the bounds that the parts put on some column leave it no value (for `or`: whether their opposites do).
  private func excludes(_ node: Int, _ operation: Operation) -> Bool {
    var bounds: [Int: (low: Double, lowOpen: Bool, high: Double, highOpen: Bool)] = [:]
    for part in flattened(node, operation) {
      guard let limit = limit(part, negated: operation == .or) else { continue }
      var own = bounds[limit.column] ?? (-.infinity, false, .infinity, false)
      if limit.isUpper {
        if limit.value < own.high || (limit.value == own.high && limit.isOpen) {
          (own.high, own.highOpen) = (limit.value, limit.isOpen)
        }
      } else if limit.value > own.low || (limit.value == own.low && limit.isOpen) {
        (own.low, own.lowOpen) = (limit.value, limit.isOpen)
      }
      bounds[limit.column] = own
    }
    return bounds.values.contains { $0.low > $0.high || ($0.low == $0.high && ($0.lowOpen || $0.highOpen)) }
  }

  /// The parts of nested operations of one kind; each column once, for terms are shared.
  private func flattened(_ node: Int, _ operation: Operation) -> [Int] {
    var parts: [Int] = []
    var seen: Set<Int> = []
    var open = [node]
    while let node = open.popLast() {
      guard seen.insert(node).inserted else { continue }
      if case .operation(operation) = graph.nodes[node].kind {
        open += graph.nodes[node].inputs
      } else {
        parts.append(node)
      }
    }
    return parts
  }

  private struct Limit {
    var column: Int
    var value: Double
    var isUpper, isOpen: Bool
  }

  /// What a comparison of a column with a number says of the column.
  private func limit(_ node: Int, negated: Bool) -> Limit? {
    guard case .operation(let operation) = graph.nodes[node].kind, graph.nodes[node].inputs.count == 2 else {
      return nil
    }
    let (a, b) = (graph.nodes[node].inputs[0], graph.nodes[node].inputs[1])
    let isUpper: Bool
    let isOpen: Bool
    switch operation {
    case .less: (isUpper, isOpen) = (true, true)
    case .lessOrEqual: (isUpper, isOpen) = (true, false)
    case .greater: (isUpper, isOpen) = (false, true)
    case .greaterOrEqual: (isUpper, isOpen) = (false, false)
    default: return nil
    }
    if case .number(let value) = graph.nodes[b].kind {
      return Limit(column: a, value: value, isUpper: isUpper != negated, isOpen: isOpen != negated)
    }
    if case .number(let value) = graph.nodes[a].kind {
      return Limit(column: b, value: value, isUpper: isUpper == negated, isOpen: isOpen != negated)
    }
    return nil
  }
}
