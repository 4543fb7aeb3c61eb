public import PluginKit
public import SeriesMath

/// Volatility from the ranges and bodies of bars by Garman and Klass, as a fraction a bar. It is not annualised:
/// × √(bars a year) does that.
///
///     garman_klass = √(mean(log(high / low)² / 2 − (2 log 2 − 1) × log(close / open)², n))
///
/// There is no value while a price in the window is not positive. Source: M. Garman and M. Klass, On the estimation of
/// security price volatilities from historical data, Journal of Business 53:1, 1980.
public struct GarmanKlass: Indicator {
  public static let id = "garman_klass"
  public static let summary = "Volatility from the ranges and bodies of bars by Garman and Klass, not annualised."
  public static let inputs = ["open", "high", "low", "close"]
  public static let parameters: [Parameter<GarmanKlass>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 1], [1, 1, 2], [2, 2, 2], [1, 1, 2], [1, 2, 2], gives: [0.4901290717342736, 0.23373107816343808, 0],
      note: "log 2 / √2; log 2 × √(1/2 − (2 log 2 − 1)); nothing")
  ]

  public var period = 20
  @usableFromInline var weight = 0.0
  @usableFromInline var terms = RecentSum(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    weight = 2 * logarithm(2) - 1
    terms = RecentSum(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) { _ = next(x) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let range = x[2, 0] > 0 ? logarithm(x[1, 0] / x[2, 0]) : .nan
    let body = logarithm(x[3, 0] / x[0, 0])
    let sum = terms.next(0.5 * (range * range) - weight * (body * body))
    // Prices outside their own bar could bring the sum below 0.
    return (sum < 0 ? 0 : sum / Double(period)).squareRoot()
  }
}
