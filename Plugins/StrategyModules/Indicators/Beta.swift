public import PluginKit

/// The slope of x on y over the last n bars by least squares: how much x moves with one unit of y.
///
///     beta = cov(x, y) / var(y)
///
/// There is no value where y does not move. Of returns, `beta(change(close), change(y), 60)`, it is the beta of
/// portfolio theory; of prices it is a hedge ratio.
public struct Beta: Indicator {
  public static let id = "beta"
  public static let summary = "The slope of x on y over the last n bars by least squares."
  public static let inputs = ["x", "y"]
  public static let parameters: [Parameter<Beta>] = [
    .integer("period", \.period, 2...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 3], [3, 5, 8, 9], [1, 2, 3, 4], gives: [nil, nil, 2.5, 2],
      note: "y − mean is −1 0 1, so the slope is (x[0] − x[2]) / 2")
  ]

  public var period = 60
  @usableFromInline var seen = 0
  @usableFromInline var x0 = 0.0
  @usableFromInline var y0 = 0.0
  @usableFromInline var sumX = 0.0
  @usableFromInline var sumY = 0.0
  @usableFromInline var sumXY = 0.0
  @usableFromInline var sumYY = 0.0

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen == 0 { (x0, y0) = (x[0, 0], x[1, 0]) }
    seen = 1
    add(x[0, 0] - x0, x[1, 0] - y0, 1)
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    add(x[0, 0] - x0, x[1, 0] - y0, 1)
    let n = Double(period)
    let variance = n * sumYY - sumY * sumY
    let slope = variance > 1e-12 * n * sumYY ? (n * sumXY - sumX * sumY) / variance : .nan
    add(x[0, period - 1] - x0, x[1, period - 1] - y0, -1)
    return slope
  }

  /// Sums are of distances to the run's first values: they lose less to rounding than sums of prices.
  @inlinable
  mutating func add(_ x: Double, _ y: Double, _ sign: Double) {
    sumX += sign * x
    sumY += sign * y
    sumXY += sign * x * y
    sumYY += sign * y * y
  }
}
