import PluginKit
import Trading

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// With which power of the price each column of a graph grows: 1 for prices and their averages, 0 for ratios, indices and
/// conditions, 2 for a variance.
///
/// What an operation does to powers is known. What an indicator does is seen by running it over a made-up series and over
/// the same with inputs doubled: a factor of two is exact in binary arithmetic.
struct PriceDegrees {
  enum Degree: Hashable {
    /// A plain number, which goes with every power.
    case number
    case power(Double)
    /// It is no power of the price.
    case unknown

    func joined(_ other: Degree) -> Degree {
      if self == .number { return other }
      return other == .number || other == self ? self : .unknown
    }

    func combined(_ other: Degree, sign: Double) -> Degree {
      switch (self, other) {
      case (.unknown, _), (_, .unknown): .unknown
      case (.number, .number): .number
      case (.power(let a), .number): .power(a)
      case (.number, .power(let b)): .power(sign * b)
      case (.power(let a), .power(let b)): .power(a + sign * b)
      }
    }
  }

  /// By node; of an indicator, that of its first output.
  private(set) var nodes: [Degree] = []
  private var outputs: [Int: [Degree]] = [:]

  init(_ graph: Graph) {
    nodes.reserveCapacity(graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() { nodes.append(degree(of: node, at: index, in: graph)) }
  }

  /// The powers by which values are restated; 0 where there is none.
  var powers: [Double] { nodes.map { if case .power(let power) = $0 { power } else { 0 } } }

  private mutating func degree(of node: Graph.Node, at index: Int, in graph: Graph) -> Degree {
    let inputs = node.inputs.map { nodes[$0] }
    switch node.kind {
    case .number: return .number
    case .duration: return .power(0)
    case .series(let key):
      if case .candle(let column) = key.kind, column != .volume { return .power(1) }
      if case .fact(.fundamental(let field, _, _)) = key.kind, field.isPerShare { return .power(1) }
      return .power(0)
    case .output(let output):
      let all = node.inputs.first.flatMap { outputs[$0] } ?? []
      return all.indices.contains(output) ? all[output] : .unknown
    case .aligned(let clock, let column):
      // Of another symbol the factor is another one.
      guard clock.symbol == nil, let inner = graph.clocks[clock] else { return .power(0) }
      return PriceDegrees(inner).nodes[column]
    case .indicator:
      let degrees = PriceDegrees.probe(node, inputs, in: graph)
      outputs[index] = degrees
      return degrees.first ?? .unknown
    case .operation(let operation): return PriceDegrees.degree(of: operation, inputs)
    }
  }

  private static func degree(of operation: Operation, _ inputs: [Degree]) -> Degree {
    switch operation {
    case .add, .subtract, .minimum, .maximum, .coalesce: return inputs.reduce(.number) { $0.joined($1) }
    case .choose: return inputs.dropFirst().reduce(.number) { $0.joined($1) }
    case .negate, .absolute, .ago, .sessionHighest, .sessionLowest, .allTimeHigh, .allTimeLow:
      return inputs.first ?? .unknown
    case .valueWhen, .sumSince: return inputs.last ?? .unknown
    case .multiply: return inputs.dropFirst().reduce(inputs.first ?? .unknown) { $0.combined($1, sign: 1) }
    case .divide: return inputs.dropFirst().reduce(inputs.first ?? .unknown) { $0.combined($1, sign: -1) }
    case .squareRoot:
      guard case .power(let power) = inputs.first else { return inputs.first ?? .unknown }
      return .power(power / 2)
    case .logarithm: return inputs.first == .power(0) || inputs.first == .number ? .power(0) : .unknown
    default: return .power(0)
    }
  }

  // MARK: Indicators

  /// The degree of each output.
  private static func probe(_ node: Graph.Node, _ inputs: [Degree], in graph: Graph) -> [Degree] {
    let unknown = [Degree](repeating: .unknown, count: node.width)
    var powers: [Double] = []
    for input in inputs {
      switch input {
      case .number: powers.append(0)
      case .power(let power): powers.append(power)
      case .unknown: return unknown
      }
    }
    if powers.allSatisfy({ $0 == 0 }) { return unknown.map { _ in .power(0) } }
    guard let indicator = node.indicator else { return unknown }
    let rows = indicator.warmUp + 32
    let columns = node.inputs.map { madeUp(graph.nodes[$0], rows) }
    let doubled = zip(columns, powers).map { column, power in column.map { $0 * pow(2, power) } }
    guard let one = values(indicator, columns, node.width, rows),
      let other = values(indicator, doubled, node.width, rows)
    else { return unknown }
    return (0..<node.width).map { output in
      let places = output * rows..<(output + 1) * rows
      let pairs = zip(one[places], other[places]).filter { $0.isFinite && $1.isFinite && $0 != 0 }
      let power = [0.0, 1, 2, -1, -2].first { power in
        !pairs.isEmpty && pairs.allSatisfy { abs($1 / $0 * pow(2, -power) - 1) < 1e-9 }
      }
      return power.map { .power($0) } ?? .unknown
    }
  }

  private static func values(
    _ indicator: ConfiguredIndicator, _ columns: [[Double]], _ width: Int, _ rows: Int
  ) -> [Double]? {
    guard case .native(let work) = indicator.begin() else { return nil }
    let inputs = Array(columns.joined())
    var outputs = [Double](repeating: .nan, count: width * rows)
    var target = outputs.mutableSpan
    work.advance(
      0..<rows, inputs: inputs.span, inputStride: rows, outputs: &target, outputStride: rows, outputStart: 0,
      isWhole: true)
    return outputs
  }

  /// A column that rises and falls; of candles, with highs above and lows below.
  private static func madeUp(_ node: Graph.Node, _ rows: Int) -> [Double] {
    var shift = 0.0
    if case .series(let key) = node.kind, case .candle(let column) = key.kind {
      shift = column == .high ? 4 : column == .low ? -4 : column == .open ? 1 : 0
    }
    return (0..<rows).map { row in
      let place = Double(row)
      return 100 + shift + 20 * sin(place / 7) + 3 * sin(1.7 * place + shift / 8)
    }
  }
}
