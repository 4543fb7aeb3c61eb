import Pipelines
import Trading

/// Strategies whose graphs have been brought together: every distinct column that their conditions read, once.
struct SweepColumns {
  private(set) var graph = Graph()
  /// The nodes whose columns are read, in the order of the columns; column k + 1 is that of node k, for column 0 is all
  /// ones.
  private(set) var nodes: [Int] = []
  /// The columns of the graph's nodes; 0 where none is read.
  private var columns: [Int] = []
  /// The graph that was taken in last, and its places.
  private var last: (graph: Graph, places: [Int?])?
  /// Numbers that a block of all columns takes, about.
  private(set) var size = 0

  /// More than so many numbers are not worked out at once: 64 MB.
  static let limit = 8_000_000

  /// Where the nodes of the graph that was taken in last stand now; nil for those that are not read.
  var places: [Int?] { last?.places ?? [] }

  /// Takes in what a strategy's conditions read, and other nodes of its graph besides.
  mutating func add(_ other: Graph, _ rule: SignalRule, besides others: [Int] = []) -> ConditionSteps {
    var steps = ConditionSteps(other, rule)
    let before = graph.nodes.count
    let places = graph.merge(other, only: steps.columns + others, after: last)
    last = (other, places)
    for index in before..<graph.nodes.count {
      size += graph.nodes[index].width * (PriceBlock.limit + 2 * graph.nodes[index].reach)
    }
    steps.move { node in places[node].map { column(of: $0) } ?? ConditionSteps.ones }
    return steps
  }

  private mutating func column(of node: Int) -> Int {
    while columns.count <= node { columns.append(0) }
    if columns[node] == 0 {
      nodes.append(node)
      columns[node] = nodes.count
      size += PriceBlock.limit
    }
    return columns[node]
  }
}
