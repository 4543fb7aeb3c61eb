public import PluginKit

/// Momentum: how far x is from where it was n bars ago.
///
///     momentum = x − x[n]
///
/// Source: TA-Lib `MOM`.
public struct Momentum: Indicator {
  public static let id = "momentum"
  public static let summary = "Momentum: the distance from the value n bars ago."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<Momentum>] = [
    .integer("period", \.period, 1...100_000, "bars back")
  ]
  public static let examples = [
    Example(["period": 2], [4, 5, 6, 4], gives: [nil, nil, 2, -1], note: "6 − 4, 4 − 5")
  ]

  public var period = 10

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { period }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { x[0] - x[period] }
}
