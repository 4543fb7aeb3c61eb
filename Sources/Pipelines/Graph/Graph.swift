public import PluginKit
public import Trading

/// What strategies compute, as nodes in an order in which each stands after its inputs. Equal terms are one node,
/// however many strategies name them.
public struct Graph: Sendable {
  /// The kind of a column's values.
  public enum ValueKind: String, Sendable { case number, condition, vote }

  public enum NodeKind: Hashable, Sendable {
    case number(Double)
    /// A number that is a length of time, in minutes.
    case duration(Double)
    case series(SeriesKey)
    /// An indicator with all its outputs.
    case indicator(String, [String: Double])
    /// One output of the indicator that is its input.
    case output(Int)
    case operation(Operation)
    /// A column of the graph that runs on another clock, as of the deciding bar: the last value known when it closed.
    case aligned(Clock, Int)
  }

  /// Another clock than that of the deciding bars: another symbol, a higher timeframe, or both.
  public struct Clock: Hashable, Sendable {
    /// Nil is the strategy's own symbol.
    public var symbol: String?
    /// Nil is the series' own timeframe.
    public var timeframe: Timeframe?
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
    /// What its values measure and between which bounds they lie.
    public let unit: Measure.Unit
    public let interval: Interval
    let indicator: ConfiguredIndicator?
  }

  public private(set) var nodes: [Node] = []
  /// What runs on other clocks.
  public private(set) var clocks: [Clock: Graph] = [:]
  private var places: [Key: Int] = [:]

  private struct Key: Hashable {
    var kind: NodeKind
    var inputs: [Int]
  }

  public init() {}

  /// The node that is equal, where there is one.
  func known(_ kind: NodeKind, _ inputs: [Int]) -> Int? { places[Key(kind: kind, inputs: inputs)] }

  /// Adds a node, or gives the one that is equal.
  mutating func intern(
    _ kind: NodeKind, _ inputs: [Int] = [], _ valueKind: ValueKind, warmUp: Int, reach: Int = 0, width: Int = 1,
    unit: Measure.Unit = .unknown, interval: Interval = .all, indicator: ConfiguredIndicator? = nil
  ) -> Int {
    let key = Key(kind: kind, inputs: inputs)
    if let place = places[key] { return place }
    nodes.append(
      Node(
        kind: kind, inputs: inputs, valueKind: valueKind, warmUp: warmUp, reach: reach, width: width,
        unit: unit, interval: interval, indicator: indicator))
    places[key] = nodes.count - 1
    return nodes.count - 1
  }

  /// Takes over another graph's nodes and tells where each of them stands now.
  public mutating func merge(_ other: Graph) -> [Int] {
    var moved: [Clock: [Int]] = [:]
    for (clock, graph) in other.clocks { moved[clock] = clocks[clock, default: Graph()].merge(graph) }
    var places: [Int] = []
    places.reserveCapacity(other.nodes.count)
    for node in other.nodes {
      var kind = node.kind
      if case .aligned(let clock, let column) = kind, let moved = moved[clock] { kind = .aligned(clock, moved[column]) }
      places.append(
        intern(
          kind, node.inputs.map { places[$0] }, node.valueKind, warmUp: node.warmUp, reach: node.reach,
          width: node.width, unit: node.unit, interval: node.interval, indicator: node.indicator))
    }
    return places
  }

  /// Takes over some of another graph's nodes with all that they read, and tells where each of them stands now; nil
  /// where one was not wanted.
  public mutating func merge(_ other: Graph, only wanted: some Sequence<Int>) -> [Int?] {
    var isWanted = Array(repeating: false, count: other.nodes.count)
    for node in wanted { isWanted[node] = true }
    for index in other.nodes.indices.reversed() where isWanted[index] {
      for input in other.nodes[index].inputs { isWanted[input] = true }
    }
    var places = [Int?](repeating: nil, count: other.nodes.count)
    for index in other.nodes.indices where isWanted[index] {
      let node = other.nodes[index]
      var kind = node.kind
      if case .aligned(let clock, let column) = kind, let inner = other.clocks[clock] {
        let moved = clocks[clock, default: Graph()].merge(inner, only: CollectionOfOne(column))
        if let column = moved[column] { kind = .aligned(clock, column) }
      }
      places[index] = intern(
        kind, node.inputs.compactMap { places[$0] }, node.valueKind, warmUp: node.warmUp, reach: node.reach,
        width: node.width, unit: node.unit, interval: node.interval, indicator: node.indicator)
    }
    return places
  }

  /// The column of another clock that `build` makes there, as of the deciding bars. Its warm-up is in higher bars, so
  /// here it may have a value from the first bar on.
  public mutating func aligned(
    _ clock: Clock, _ valueKind: ValueKind, build: (inout Graph) -> Int
  ) -> Int {
    let column = build(&clocks[clock, default: Graph()])
    let inner = clocks[clock]?.nodes[column]
    return intern(
      .aligned(clock, column), [], valueKind, warmUp: 0, unit: inner?.unit ?? .unknown,
      interval: inner?.interval ?? .all)
  }

  /// Takes this graph's place for a while: what `build` puts into the graph runs on another clock.
  mutating func replace(_ clock: Clock, by inner: Graph) { clocks[clock] = inner }

  /// The symbols that it reads besides its own.
  public var symbols: Set<String> {
    clocks.reduce(into: []) { symbols, clock in
      if let symbol = clock.key.symbol { symbols.insert(symbol) }
      symbols.formUnion(clock.value.symbols)
    }
  }

  /// The furthest back that anything reads, in bars.
  public var reach: Int { nodes.map(\.reach).max() ?? 0 }
}
