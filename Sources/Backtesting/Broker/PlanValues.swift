import PluginKit
import Pipelines

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the expressions of a plan read: columns at a close, columns at the signal, and the position.
struct PlanValues {
  let columns: [[Double]]
  /// The bar of the close, and that of the signal.
  let bar: Int
  let signal: Int
  /// What `position.` names; nothing before there is a position.
  var position: (TradeExpression.PositionValue) -> Double = { _ in .nan }

  /// NaN where it is unknown.
  func value(_ expression: TradeExpression) -> Double {
    switch expression {
    case .number(let number): number
    case .column(let place): column(place, bar)
    case .atEntry(let place): column(place, signal)
    case .position(let name): position(name)
    case .unary(let operation, let a): Self.apply(operation, value(a))
    case .binary(let operation, let a, let b): Self.apply(operation, value(a), value(b))
    case .choose(let condition, let a, let b): choose(value(condition), a, b)
    }
  }

  func column(_ place: Int, _ bar: Int) -> Double {
    columns.indices.contains(place) && columns[place].indices.contains(bar) ? columns[place][bar] : .nan
  }

  private func choose(_ condition: Double, _ a: TradeExpression, _ b: TradeExpression) -> Double {
    condition.isNaN ? .nan : condition == 1 ? value(a) : value(b)
  }

  private static func apply(_ operation: Operation, _ a: Double) -> Double {
    switch operation {
    case .negate: -a
    case .not: 1 - a
    case .absolute: abs(a)
    case .logarithm: finite(log(a)) ?? .nan
    case .squareRoot: finite(a.squareRoot()) ?? .nan
    default: .nan
    }
  }

  /// As the operations of the graph: conditions after Kleene, everything else unknown where an input is.
  private static func apply(_ operation: Operation, _ a: Double, _ b: Double) -> Double {
    switch operation {
    case .and: return a == 0 || b == 0 ? 0 : a.isNaN || b.isNaN ? .nan : 1
    case .or: return a == 1 || b == 1 ? 1 : a.isNaN || b.isNaN ? .nan : 0
    case .coalesce: return a.isNaN ? b : a
    default: break
    }
    guard !a.isNaN, !b.isNaN else { return .nan }
    switch operation {
    case .add: return finite(a + b) ?? .nan
    case .subtract: return finite(a - b) ?? .nan
    case .multiply: return finite(a * b) ?? .nan
    case .divide: return finite(a / b) ?? .nan
    case .minimum: return min(a, b)
    case .maximum: return max(a, b)
    case .less: return a < b ? 1 : 0
    case .lessOrEqual: return a <= b ? 1 : 0
    case .greater: return a > b ? 1 : 0
    case .greaterOrEqual: return a >= b ? 1 : 0
    case .equal: return a == b ? 1 : 0
    case .notEqual: return a != b ? 1 : 0
    default: return .nan
    }
  }
}

extension Position {
  /// What `position.` names at a close.
  func value(_ name: TradeExpression.PositionValue, close: Double) -> Double {
    switch name {
    case .price: price
    case .lastFill: lastFill
    case .bars: Double(bars)
    case .units: Double(units)
    case .high: high
    case .low: low
    case .return: side.sign * (close / price - 1)
    case .side: side.sign
    }
  }
}

extension TradeExpression {
  /// Whether it can change while a position is held and no unit is added.
  var moves: Bool {
    switch self {
    case .number, .atEntry: false
    case .column: true
    case .position(let name): ![.price, .lastFill, .units, .side].contains(name)
    case .unary(_, let a): a.moves
    case .binary(_, let a, let b): a.moves || b.moves
    case .choose(let a, let b, let c): a.moves || b.moves || c.moves
    }
  }
}
