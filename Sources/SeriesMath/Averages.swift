/// An average that is carried on from its last value, once it has a first one.
public protocol RecursiveAverage: Sendable {
  init(period: Int)
  var value: Double { get }
  /// Sets the first value: the plain average of the first n.
  mutating func seed(_ mean: Double)
  mutating func next(_ x: Double) -> Double
}

/// The exponential average with weight 2 / (n + 1), seeded by the plain average of the first n values.
public struct ExponentialAverage: RecursiveAverage {
  @usableFromInline let take: Double
  @usableFromInline var state = 0.0

  @inlinable
  public init(period: Int) { take = 2 / (Double(period) + 1) }

  @inlinable public var value: Double { state }

  @inlinable
  public mutating func seed(_ mean: Double) { state = mean }

  /// One rounding for product and sum, as TA-Lib's build has it, to the last bit: differences of averages (MACD, PPO)
  /// would show a second one.
  @inlinable
  public mutating func next(_ x: Double) -> Double {
    state = state.addingProduct(x - state, take)
    return state
  }
}

/// Wilder's average with weight 1 / n, seeded by the plain average of the first n values.
/// Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
public struct WilderAverage: RecursiveAverage {
  @usableFromInline let keep, take: Double
  @usableFromInline var state = 0.0

  @inlinable
  public init(period: Int) {
    take = 1 / Double(period)
    keep = 1 - take
  }

  @inlinable public var value: Double { state }

  @inlinable
  public mutating func seed(_ mean: Double) { state = mean }

  @inlinable
  public mutating func next(_ x: Double) -> Double {
    state = state * keep + x * take
    return state
  }
}
