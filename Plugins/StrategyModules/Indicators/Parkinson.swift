public import PluginKit
public import SeriesMath

/// Volatility from the ranges of bars by Parkinson, as a fraction a bar. It is not annualised: × √(bars a year) does.
///
///     parkinson = √(mean(log(high / low)², n) / (4 log 2))
///
/// There is no value while a price in the window is not positive. Source: M. Parkinson, The extreme value method for
/// estimating the variance of the rate of return, Journal of Business 53:1, 1980.
public struct Parkinson: Indicator {
  public static let id = "parkinson"
  public static let summary = "Volatility from the ranges of bars by Parkinson, a bar, not annualised."
  public static let inputs = ["high", "low"]
  public static let parameters: [Parameter<Parkinson>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 2], [2, 4, 5], [1, 2, 5], gives: [nil, 0.4162773055788489, 0.29435250562886867],
      note: "log² 2 twice: √(log 2 / 4) = log 2 / √(4 log 2); then half of that under the root")
  ]

  public var period = 20
  @usableFromInline var squares = RecentSum(period: 1)
  @usableFromInline var share = 1.0

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    squares = RecentSum(period: period)
    share = 1 / (4 * logarithm(2) * Double(period))
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) { _ = next(x) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let range = x[1, 0] > 0 ? logarithm(x[0, 0] / x[1, 0]) : .nan
    return (squares.next(range * range) * share).squareRoot()
  }
}
