public import PluginKit
public import Trading

/// Which conditions of a strategy were ever true: those of each step, and the sides of each `and` and `or` in them.
public struct ConditionCoverage: Sendable {
  public struct Entry: Sendable {
    public let step: String
    /// `buy`, `long.exit` …
    public let condition: String
    public let text: String
    /// Whether this is a side of the condition and not the whole of it.
    public let isPart: Bool
    public fileprivate(set) var isTrueInTests = false
    /// Nil where there is no sample data.
    public fileprivate(set) var isTrueInSamples: Bool?
    let node: Int

    /// Neither a test nor sample data made it true.
    public var isUncovered: Bool { !isTrueInTests && isTrueInSamples != true }
  }

  public enum Origin: Sendable { case test, sample }

  public private(set) var entries: [Entry] = []
  private let graph: Graph

  public init(of strategy: Strategy, registry: Registry) {
    graph = strategy.graph
    let text = NodeText(graph, registry: registry, steps: strategy.steps)
    for step in strategy.steps {
      for condition in step.conditions where !graph.isConstant(condition.node) {
        let name = condition.name
        entries.append(
          Entry(
            step: step.id, condition: name, text: condition.text ?? text[condition.node], isPart: false,
            node: condition.node))
        for side in graph.sides(of: condition.node) {
          entries.append(Entry(step: step.id, condition: name, text: text[side], isPart: true, node: side))
        }
      }
    }
  }

  /// Takes note of what is true on a series.
  public mutating func read(_ candles: CandleSeries, as origin: Origin) throws(GraphError) {
    try read(Market(candles), as: origin)
  }

  /// The same over a series and the others that the strategy reads.
  public mutating func read(_ market: Market, as origin: Origin) throws(GraphError) {
    let wanted = Set(entries.map(\.node)).sorted()
    var reached: Set<Int> = []
    try graph.read(market, through: market.deciding.count) { bar, run in
      for node in wanted where run.value(node, at: bar) == 1 { reached.insert(node) }
    }
    for index in entries.indices {
      let isTrue = reached.contains(entries[index].node)
      switch origin {
      case .test: entries[index].isTrueInTests = entries[index].isTrueInTests || isTrue
      case .sample: entries[index].isTrueInSamples = entries[index].isTrueInSamples == true || isTrue
      }
    }
  }

  public var uncovered: [Entry] { entries.filter(\.isUncovered) }
  /// True on sample data, and in no test.
  public var untested: [Entry] { entries.filter { !$0.isTrueInTests && $0.isTrueInSamples == true } }

  public var json: JSONValue {
    .object([
      ("conditions", .number(Double(entries.count))), ("uncovered", .number(Double(uncovered.count))),
      (
        "entries",
        .array(
          entries.map { entry in
            .object([
              ("step", .string(entry.step)), ("condition", .string(entry.condition)), ("text", .string(entry.text)),
              ("part", .bool(entry.isPart)), ("tests", .bool(entry.isTrueInTests)),
              ("samples", entry.isTrueInSamples.map { .bool($0) } ?? .null),
            ])
          })
      ),
    ])
  }
}

extension Graph {
  /// The sides of the ands and ors of a condition, of `a and b and c` three.
  func sides(of condition: Int) -> [Int] {
    var sides: [Int] = []
    var open = [condition]
    while let index = open.popLast() {
      switch nodes[index].kind {
      case .operation(.and), .operation(.or): open += nodes[index].inputs.reversed()
      default: if index != condition, !sides.contains(index), !isConstant(index) { sides.append(index) }
      }
    }
    return sides
  }
}
