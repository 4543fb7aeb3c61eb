public import PluginKit

/// Rate of change: how far x is from where it was n bars ago, in percent.
///
///     roc = 100 × (x / x[n] − 1)
///
/// From 0 it is 0. Source: TA-Lib `ROC`.
public struct ROC: Indicator {
  public static let id = "roc"
  public static let summary = "Rate of change: the distance from the value n bars ago, in percent."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<ROC>] = [
    .integer("period", \.period, 1...100_000, "bars back")
  ]
  public static let examples = [
    Example(["period": 2], [4, 5, 5, 4], gives: [nil, nil, 25, -20], note: "5 / 4 − 1 = 25 %, 4 / 5 − 1 = −20 %")
  ]

  public var period = 10

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { period }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let last = x[period]
    return last == 0 ? 0 : (x[0] / last - 1) * 100
  }
}
