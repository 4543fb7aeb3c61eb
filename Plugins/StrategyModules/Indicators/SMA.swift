public import PluginKit

/// Simple moving average: the mean of the last n values.
///
///     sma = (x[0] + … + x[n-1]) / n
///
/// Source: TA-Lib `SMA`.
public struct SMA: Indicator {
  public static let id = "sma"
  public static let summary = "Simple moving average: the mean of the last n values."
  public static let inputs = ["x"]
  public static let measure = Measure.same
  public static let parameters: [Parameter<SMA>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 3], [1, 2, 3, 4, 8], gives: [nil, nil, 2, 3, 5], note: "(2 + 3 + 4) / 3 = 3, (3 + 4 + 8) / 3 = 5")
  ]

  public var period = 20
  @usableFromInline var sum = 0.0

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func warm(_ x: borrowing View) { sum += x[0] }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  // In TA-Lib's order of additions: averages of prices in cents are often equal, and which of two is then the greater
  // by a rounding error decides on which bar they cross.
  @inlinable
  @inline(__always)
  public mutating func next(_ x: borrowing View) -> Double {
    let total = sum + x[0]
    sum = total - x[period - 1]
    return total / Double(period)
  }
}
