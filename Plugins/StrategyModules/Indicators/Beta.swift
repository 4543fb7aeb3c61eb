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
  @usableFromInline var window = WindowPair(period: 2)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func start() { window = WindowPair(period: period) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let products = window.next(x)
    return products.yy > 0 ? products.xy / products.yy : .nan
  }
}
