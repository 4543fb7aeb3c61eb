import PluginKit

/// The values that a column can take, where it has one: bounds that are found from the graph alone.
public struct Interval: Hashable, Sendable {
  public var low, high: Double

  init(_ low: Double, _ high: Double) {
    // What cannot be bounded (∞ − ∞) is anything.
    self.low = low.isNaN ? -.infinity : low
    self.high = high.isNaN ? .infinity : high
  }

  static let all = Interval(-.infinity, .infinity)
  static let truth = Interval(0, 1)
  static let never = Interval(0, 0)
  static let always = Interval(1, 1)

  func union(_ other: Interval) -> Interval { Interval(min(low, other.low), max(high, other.high)) }

  /// Of an operation on columns with these values.
  static func of(_ operation: Operation, _ x: [Interval]) -> Interval {
    switch (operation, x.count) {
    case (.add, 2): return Interval(x[0].low + x[1].low, x[0].high + x[1].high)
    case (.subtract, 2): return Interval(x[0].low - x[1].high, x[0].high - x[1].low)
    case (.multiply, 2): return corners(x[0], x[1]) { $0 == 0 || $1 == 0 ? 0 : $0 * $1 }
    case (.divide, 2):
      return x[1].low > 0 || x[1].high < 0 ? corners(x[0], x[1]) { $0 == 0 ? 0 : $0 / $1 } : .all
    case (.negate, 1): return Interval(-x[0].high, -x[0].low)
    case (.absolute, 1):
      let least = x[0].low > 0 ? x[0].low : x[0].high < 0 ? -x[0].high : 0
      return Interval(least, max(abs(x[0].low), abs(x[0].high)))
    case (.squareRoot, 1): return Interval(max(0, x[0].low).squareRoot(), max(0, x[0].high).squareRoot())
    case (.minimum, 1...): return Interval(x.map(\.low).min() ?? 0, x.map(\.high).min() ?? 0)
    case (.maximum, 1...): return Interval(x.map(\.low).max() ?? 0, x.map(\.high).max() ?? 0)
    case (.ago, 1), (.valueWhen, 1), (.allTimeHigh, 1), (.allTimeLow, 1): return x[0]
    case (.valueWhen, 2): return x[1]
    case (.coalesce, 2): return x[0].union(x[1])
    case (.choose, 3): return x[1].union(x[2])
    case (.sessionHighest, 3), (.sessionLowest, 3): return x[0]
    case (.count(let bars), _): return Interval(0, Double(bars))
    case (.since, _): return Interval(0, .infinity)
    case (.vote, _), (.latest, _): return Interval(-1, 1)
    default: return truth(of: operation, x)
    }
  }

  private static func truth(of operation: Operation, _ x: [Interval]) -> Interval {
    switch (operation, x.count) {
    case (.less, 2): return x[0].high < x[1].low ? always : x[0].low >= x[1].high ? never : truth
    case (.lessOrEqual, 2): return x[0].high <= x[1].low ? always : x[0].low > x[1].high ? never : truth
    case (.greater, 2): return of(.less, [x[1], x[0]])
    case (.greaterOrEqual, 2): return of(.lessOrEqual, [x[1], x[0]])
    case (.equal, 2): return x[0].high < x[1].low || x[0].low > x[1].high ? never : truth
    case (.not, 1): return Interval(1 - x[0].high, 1 - x[0].low)
    case (.and, 1...): return x.contains(never) ? never : x.allSatisfy { $0 == always } ? always : truth
    case (.or, 1...): return x.contains(always) ? always : x.allSatisfy { $0 == never } ? never : truth
    case (.crossesAbove, 2), (.crossesBelow, 2):
      return x[0].high < x[1].low || x[0].low > x[1].high ? never : truth
    case (.within, 1), (.every, 1): return x[0]
    case (.less, _), (.greater, _), (.equal, _), (.notEqual, _), (.not, _), (.and, _), (.or, _), (.lessOrEqual, _),
      (.greaterOrEqual, _):
      return truth
    default: return .all
    }
  }

  private static func corners(_ a: Interval, _ b: Interval, _ combine: (Double, Double) -> Double) -> Interval {
    let values = [combine(a.low, b.low), combine(a.low, b.high), combine(a.high, b.low), combine(a.high, b.high)]
    guard !values.contains(where: \.isNaN) else { return .all }
    return Interval(values.min() ?? -.infinity, values.max() ?? .infinity)
  }
}

extension Measure.Unit {
  /// Of an operation on columns of these units.
  static func of(_ operation: Operation, _ units: [Measure.Unit]) -> Measure.Unit {
    let known = units.filter { $0 != .unknown }
    switch operation {
    case .add, .subtract, .minimum, .maximum, .coalesce:
      return known.allSatisfy { $0 == known.first } ? known.first ?? .unknown : .unknown
    case .negate, .absolute, .ago, .allTimeHigh, .allTimeLow: return units.first ?? .unknown
    case .valueWhen, .sumSince: return units.last ?? .unknown
    case .choose: return of(.coalesce, Array(units.dropFirst()))
    case .multiply: return known.count == 1 ? known[0] == .ratio ? .unknown : known[0] : of(product: known)
    case .divide:
      guard units.count == 2 else { return .unknown }
      if units[0] == units[1], units[0] != .unknown { return .ratio }
      return units[1] == .unknown || units[1] == .ratio ? units[0] : .unknown
    case .count, .since: return .bars
    case .sessionHighest, .sessionLowest: return units.first ?? .unknown
    default: return .unknown
    }
  }

  /// A ratio scales what it multiplies.
  private static func of(product units: [Measure.Unit]) -> Measure.Unit {
    let scaled = units.filter { $0 != .ratio }
    return scaled.count == 1 ? scaled[0] : .unknown
  }
}
