public import PluginKit
public import SeriesMath

/// Standard deviation of the last n values (of the population: divided by n).
///
///     stddev = √(mean(x²) − mean(x)²)
///
/// Source: TA-Lib `STDDEV`.
public struct StandardDeviation: Indicator {
  public static let id = "stddev"
  public static let summary = "Standard deviation of the last n values, of the population."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<StandardDeviation>] = [
    .integer("period", \.period, 2...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(["period": 4], [2, 4, 4, 6, 6], gives: [nil, nil, nil, 2.0.squareRoot(), 1],
      note: "of 2 4 4 6 the mean is 4 and the mean square distance 2; of 4 4 6 6 they are 5 and 1")
  ]

  public var period = 20
  @usableFromInline var sum = 0.0
  @usableFromInline var squares = 0.0

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    sum += x[0]
    squares += x[0] * x[0]
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let oldest = x[period - 1]
    let total = sum + x[0]
    let totalOfSquares = squares + x[0] * x[0]
    sum = total - oldest
    squares = totalOfSquares - oldest * oldest
    let mean = total / Double(period)
    return deviation(variance: totalOfSquares / Double(period) - mean * mean)
  }
}
