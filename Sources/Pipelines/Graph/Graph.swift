public import PluginKit

/// What strategies compute, as nodes in an order in which each stands after its inputs. Equal terms are one node,
/// however many strategies name them.
public struct Graph: Sendable {
  /// The kind of a column's values.
  public enum ValueKind: String, Sendable { case number, condition, vote }

  public enum NodeKind: Hashable, Sendable {
    case number(Double)
    case series(SeriesKey)
    /// An indicator with all its outputs.
    case indicator(String, [String: Double])
    /// One output of the indicator that is its input.
    case output(Int)
    case operation(Operation)
  }

  public struct Node: Sendable {
    public let kind: NodeKind
    /// Indices of earlier nodes.
    public let inputs: [Int]
    public let valueKind: ValueKind
    /// Index of the first bar at which it can have a value.
    public let warmUp: Int
    /// How many bars back it reads its inputs.
    public let reach: Int
    /// Columns that it fills.
    public let width: Int
    let indicator: ConfiguredIndicator?
  }

  public private(set) var nodes: [Node] = []
  private var places: [Key: Int] = [:]

  private struct Key: Hashable {
    var kind: NodeKind
    var inputs: [Int]
  }

  public init() {}

  /// Adds a node, or gives the one that is equal.
  mutating func intern(
    _ kind: NodeKind, _ inputs: [Int] = [], _ valueKind: ValueKind, warmUp: Int, reach: Int = 0, width: Int = 1,
    indicator: ConfiguredIndicator? = nil
  ) -> Int {
    let key = Key(kind: kind, inputs: inputs)
    if let place = places[key] { return place }
    nodes.append(
      Node(
        kind: kind, inputs: inputs, valueKind: valueKind, warmUp: warmUp, reach: reach, width: width,
        indicator: indicator))
    places[key] = nodes.count - 1
    return nodes.count - 1
  }

  /// Takes over another graph's nodes and tells where each of them stands now.
  public mutating func merge(_ other: Graph) -> [Int] {
    var places: [Int] = []
    places.reserveCapacity(other.nodes.count)
    for node in other.nodes {
      places.append(
        intern(
          node.kind, node.inputs.map { places[$0] }, node.valueKind, warmUp: node.warmUp, reach: node.reach,
          width: node.width, indicator: node.indicator))
    }
    return places
  }

  /// The furthest back that anything reads, in bars.
  public var reach: Int { nodes.map(\.reach).max() ?? 0 }
}
