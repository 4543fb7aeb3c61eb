public import PluginKit

/// The sum of the last n values.
///
///     sum = x[0] + … + x[n-1]
///
/// Source: TA-Lib `SUM`.
public struct Sum: Indicator {
  public static let id = "sum"
  public static let summary = "The sum of the last n values."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<Sum>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(["period": 2], [1, 2, 3, 5], gives: [nil, 3, 5, 8], note: "1 + 2, 2 + 3, 3 + 5")
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

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let total = sum + x[0]
    sum = total - x[period - 1]
    return total
  }
}
