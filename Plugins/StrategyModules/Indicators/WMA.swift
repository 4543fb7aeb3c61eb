public import PluginKit

/// Weighted moving average: the newest value counts n times, the oldest once.
///
///     wma = (n × x[0] + (n − 1) × x[1] + … + x[n-1]) / (n + … + 1)
///
/// Source: TA-Lib `WMA`.
public struct WMA: Indicator {
  public static let id = "wma"
  public static let summary = "Weighted moving average: the newest value counts n times, the oldest once."
  public static let inputs = ["x"]
  public static let measure = Measure.same
  public static let parameters: [Parameter<WMA>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 3], [1, 2, 6, 4], gives: [nil, nil, 23 / 6.0, 26 / 6.0],
      note: "(3 × 6 + 2 × 2 + 1) / 6 = 23/6, (3 × 4 + 2 × 6 + 2) / 6 = 26/6")
  ]

  public var period = 20
  @usableFromInline var window = WindowWeights(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func start() { window = WindowWeights(period: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) { window.warm(x[0]) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { window.next(x) }
}
