import PluginKit
import Trading

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Where prices are adjusted forward, a plain number beside a price is in the money of its bar: before they are compared
/// the number is brought to where the price has been brought, and what is told of a column is brought back.
///
/// Without dividends the numbers are constants, and nothing is done.
final class Restatement {
  /// For each node the inputs that are such numbers, with the column that holds the number.
  private(set) var places: [Int: [Int: Int]] = [:]
  private var amounts: [(place: Int, value: Double, beside: Int)] = []
  /// The column of the factors by which prices are adjusted.
  private let factor: Int
  /// With which power of that factor the values of each node are restated; worked out when first wanted.
  private var powers: [Double] = []
  private let graph: Graph

  init(_ graph: Graph, _ plan: inout ColumnStore.Plan) {
    self.graph = graph
    factor = plan.reserve(columns: 1, history: 0)
    for (index, node) in graph.nodes.enumerated() {
      guard case .operation(let operation) = node.kind, let first = operation.firstOfOneUnit else { continue }
      for input in node.inputs.indices.dropFirst(first) {
        guard case .number(let value) = graph.nodes[node.inputs[input]].kind, value != 0, value.isFinite,
          let beside = node.inputs.dropFirst(first).first(where: { graph.nodes[$0].mayBePrice })
        else { continue }
        let place = plan.number(value, history: node.reach)
        places[index, default: [:]][input] = place
        amounts.append((place, value, beside))
      }
    }
  }

  /// Takes the factors of some bars of a series as those of the run's next ones, from bar `bar` on, and brings the
  /// numbers to their prices.
  func take(_ series: CandleSeries, _ bars: Range<Int>, at bar: Int, in store: ColumnStore) {
    if powers.isEmpty { powers = PriceDegrees(graph).powers }
    store.isRestated = true
    let factors = series.adjustment?.factors ?? []
    let own = store.pointer(factor, bar: bar)
    let rows = bars.count
    for row in 0..<rows { own[row] = factors[bars.lowerBound + row] }
    for amount in amounts where powers[amount.beside] != 0 {
      let target = store.pointer(amount.place, bar: bar)
      for row in 0..<rows { target[row] = amount.value * pow(own[row], powers[amount.beside]) }
    }
  }

  /// An adjusted value of a node in the money of its bar.
  func value(_ adjusted: Double, of node: Int, at bar: Int, in store: ColumnStore) -> Double {
    powers[node] == 0 ? adjusted : adjusted / pow(store.pointer(factor, bar: bar)[0], powers[node])
  }
}

extension Graph.Node {
  fileprivate var mayBePrice: Bool {
    if case .number = kind { return false }
    return valueKind == .number && (unit == .price || unit == .unknown)
  }
}

extension PluginKit.Operation {
  /// The first of the inputs that are of one unit; nil where they need not be.
  fileprivate var firstOfOneUnit: Int? {
    switch self {
    case .add, .subtract, .minimum, .maximum, .coalesce, .less, .lessOrEqual, .greater, .greaterOrEqual, .equal,
      .notEqual, .crossesAbove, .crossesBelow:
      0
    case .choose: 1
    default: nil
    }
  }
}
