/// Strategies in one graph: what several of them compute is one node, found once.
public struct StrategyFamily: Sendable {
  /// What all of them compute, and perhaps more.
  public let graph: Graph
  /// The graph of each is that of the family.
  public let strategies: [Strategy]

  /// Strategies whose columns are those of `graph` already.
  init(_ graph: Graph, _ strategies: [Strategy]) {
    self.graph = graph
    var strategies = strategies
    for place in strategies.indices { strategies[place].graph = graph }
    self.strategies = strategies
  }

  /// Brings the graphs of strategies together.
  public init(_ strategies: some Sequence<Strategy>) {
    var graph = Graph()
    let moved = strategies.map { strategy in
      let places = graph.merge(strategy.graph)
      return strategy.moved(places)
    }
    self.init(graph, moved)
  }

  /// Some of them by their places, with what they compute and no more.
  public func extracting(_ places: some Sequence<Int>) -> StrategyFamily {
    let chosen = places.map { strategies[$0] }
    var graph = Graph()
    let moved = graph.merge(self.graph, only: chosen.flatMap(\.columns)).map { $0 ?? -1 }
    return StrategyFamily(graph, chosen.map { $0.moved(moved) })
  }
}

extension Strategy {
  /// The nodes of its graph that its signals and its plan read.
  fileprivate var columns: [Int] { rule.all + rule.told + plan.columns }

  /// The same strategy with its columns at other places of another graph.
  fileprivate func moved(_ places: [Int]) -> Strategy {
    var strategy = self
    strategy.rule = rule.moved(places)
    strategy.plan.columns = plan.columns.map { places[$0] }
    return strategy
  }
}
