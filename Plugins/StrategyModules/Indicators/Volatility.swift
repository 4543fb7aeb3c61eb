public import PluginKit
public import SeriesMath

/// Historical volatility, close to close: the sample standard deviation of the last n logarithmic changes, as a
/// fraction a bar. It is not annualised: × √(bars a year) does that.
///
///     r = log(x / x[1]); volatility = √(sum((r − mean(r, n))², n) / (n − 1))
///
/// There is no value while a price in the window is not positive. Source: J. Hull, Options, Futures, and Other
/// Derivatives, estimating volatility from historical data.
public struct Volatility: Indicator {
  public static let id = "volatility"
  public static let summary = "Standard deviation of the last n logarithmic changes, a bar, not annualised."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<Volatility>] = [
    .integer("period", \.period, 2...100_000, "changes in the window")
  ]
  public static let examples = [
    Example(
      ["period": 2], [1, 2, 1, 1], gives: [nil, nil, 0.9802581434685472, 0.4901290717342736],
      note: "changes log 2, −log 2, 0: √2 × log 2 about the mean 0, and log 2 / √2 about −log 2 / 2")
  ]

  public var period = 20
  @usableFromInline var seen = 0
  @usableFromInline var sum = RecentSum(period: 1)
  @usableFromInline var squares = RecentSum(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    sum = RecentSum(period: period)
    squares = RecentSum(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen > 0 { _ = next(x) }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let change = x[0] > 0 ? logarithm(x[0] / x[1]) : .nan
    let total = sum.next(change)
    let square = squares.next(change * change)
    let rest = square - total * total / Double(period)
    // Steady growth has no deviation but rounding.
    return (rest < 1e-14 * square ? 0 : rest / Double(period - 1)).squareRoot()
  }
}
