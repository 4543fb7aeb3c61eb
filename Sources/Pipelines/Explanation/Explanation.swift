public import PluginKit
public import Trading

/// Why a strategy spoke at one bar, or why it did not: for each direction the tree of what its rule saw.
public struct Explanation: Sendable {
  /// What became of one condition of the deciding step.
  public enum Verdict: Sendable {
    /// A signal stands on this bar.
    case fires
    /// It is true, and has been since an earlier bar: only the first one is a signal.
    case alreadyTrue(since: Int)
    /// It is true, and so is the other direction's.
    case conflict
    /// The exit is true and there is no position to leave.
    case noPosition
    case isFalse
    case unknown
    case missingBar
  }

  public struct Part: Sendable {
    public let name: String
    public let direction: Direction
    public let verdict: Verdict
    public let tree: ExplainedNode
  }

  public let strategy: String
  public let symbol: String
  public let bar: Int
  public let candle: Candle
  /// What stands on the bar.
  public let signals: [Signal]
  /// The deciding step.
  public let step: String
  public let parts: [Part]
  /// The times of the bars, to name others by.
  let times: [Instant]

  /// `bar` is one of the series; nothing after it is read.
  public init(of strategy: Strategy, at bar: Int, of market: Market, registry: Registry) throws(GraphError) {
    let candles = market.deciding
    self.strategy = strategy.name
    symbol = candles.instrument.symbol
    self.bar = bar
    candle = candles[bar]
    times = candles.times
    let conditions = strategy.decidingStep?.conditions ?? []
    step = strategy.decidingStep?.id ?? ""
    let graph = strategy.graph
    let wanted = graph.reachable(from: conditions.map(\.node))
    var histories: [Int: NodeHistory] = [:]
    for node in wanted { histories[node] = NodeHistory() }
    var emitter = SignalEmitter(strategy.rule, levels: strategy.emitsLevels)
    var held = 0
    try graph.read(market, through: bar + 1) { row, run in
      held = Int(emitter.standing.held)
      emitter.read(row, of: run, candles)
      // What is missing is passed over, as signals do.
      guard row == bar || !candles.isMissing(row) else { return }
      for node in wanted { histories[node]?.take(run.value(node, at: row), at: row) }
    }
    let signals = emitter.signals.filter { $0.bar == bar }
    self.signals = signals
    let calls = conditions.filter { $0.direction.sign != 0 && histories[$0.node]?.value == 1 }
    let isMissing = candles.isMissing(bar)
    let tree = ExplanationTree(
      graph: graph, text: NodeText(graph, registry: registry, steps: strategy.steps), histories: histories,
      voters: graph.voters(of: strategy.steps), candles: candles, bar: bar)
    parts = conditions.filter { !graph.isConstant($0.node) }.map { condition in
      let history = histories[condition.node] ?? NodeHistory()
      let verdict: Verdict
      if isMissing {
        verdict = .missingBar
      } else if signals.contains(where: { $0.direction == condition.direction }) {
        verdict = .fires
      } else if history.value.isNaN {
        verdict = .unknown
      } else if history.value != 1 {
        verdict = .isFalse
      } else if condition.direction.sign == 0 {
        verdict = (condition.direction == .exitLong ? held > 0 : held < 0) ? .isFalse : .noPosition
      } else {
        verdict = calls.count > 1 ? .conflict : .alreadyTrue(since: history.since)
      }
      let root = tree.root(condition.node)
      return Part(
        name: condition.name, direction: condition.direction, verdict: verdict,
        tree: condition.text.map { root.named($0) } ?? root)
    }
  }
}

extension Graph {
  /// Some nodes and all that they are made of, in the graph's order.
  func reachable(from roots: [Int]) -> [Int] {
    var seen: Set<Int> = []
    var open = roots
    while let node = open.popLast() {
      if seen.insert(node).inserted { open += nodes[node].inputs }
    }
    return seen.sorted()
  }
}
