import Pipelines

/// The columns that the conditions of a sweep read, each once, and how much memory it takes to work them out.
struct SweepColumns {
  /// What all strategies compute.
  let graph: Graph
  /// The nodes whose columns are read, in the order of the columns; column k + 1 is that of node k, for column 0 is all
  /// ones.
  private(set) var nodes: [Int] = []
  private var others: [Int] = []
  /// The columns of the graph's nodes; 0 where none is read.
  private var columns: [Int]
  /// Nodes that are worked out, in order to be read or for others that are.
  private var isWanted: [Bool]
  /// Numbers that a block of all columns takes, about.
  private(set) var size = 0

  /// More than so many numbers are not worked out at once: 64 MB.
  static let limit = 8_000_000

  init(_ graph: Graph) {
    self.graph = graph
    columns = Array(repeating: 0, count: graph.nodes.count)
    isWanted = Array(repeating: false, count: graph.nodes.count)
  }

  /// The column of a node.
  mutating func column(of node: Int) -> Int {
    if columns[node] != 0 { return columns[node] }
    nodes.append(node)
    columns[node] = nodes.count
    // Two blocks: while one is read the next is worked out.
    size += 2 * PriceBlock.limit
    want(node)
    return nodes.count
  }

  /// Has nodes worked out that are no columns, for who reads their values from the run.
  mutating func keep(_ nodes: [Int]) {
    for node in nodes {
      want(node)
      others.append(node)
    }
  }

  private mutating func want(_ node: Int) {
    guard !isWanted[node] else { return }
    isWanted[node] = true
    size += graph.nodes[node].width * (PriceBlock.limit + 2 * graph.nodes[node].reach)
    for input in graph.nodes[node].inputs { want(input) }
  }

  /// A graph of what is read and no more, with the nodes of the columns in it, and where each node stands there now.
  func extracted() -> (graph: Graph, nodes: [Int], places: [Int?]) {
    var graph = Graph()
    let places = graph.merge(self.graph, only: nodes + others)
    return (graph, nodes.compactMap { places[$0] }, places)
  }
}
