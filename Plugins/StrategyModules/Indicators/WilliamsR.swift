public import PluginKit
public import SeriesMath

/// Williams %R: how far the close stands below the top of the range of the last bars, −100 to 0.
///
///     williams_r = −100 × (highest(high, n) − close) / (highest(high, n) − lowest(low, n))
///
/// A range of nothing has 0. Source: L. Williams, How I Made One Million Dollars Last Year Trading Commodities, 1973;
/// TA-Lib `WILLR`.
public struct WilliamsR: Indicator {
  public static let id = "williams_r"
  public static let summary = "How far the close stands below the top of the last bars' range, −100 to 0."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.index(-100...0)
  public static let parameters: [Parameter<WilliamsR>] = [
    .integer("period", \.period, 1...100_000, "bars of the range")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 12, 14], [8, 8, 10, 10], [9, 11, 11, 11], gives: [nil, -25, -25, -75],
      note: "−100 × (12 − 11) / (12 − 8), the same, −100 × (14 − 11) / (14 − 10)")
  ]

  public var period = 14
  @usableFromInline var highest = WindowMaximum(period: 1)
  @usableFromInline var lowest = WindowMaximum(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    highest = WindowMaximum(period: period)
    lowest = WindowMaximum(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    _ = highest.next(x[0, 0])
    _ = lowest.next(-x[1, 0])
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let high = highest.next(x[0, 0])
    let low = -lowest.next(-x[1, 0])
    return high == low ? 0 : -100 * ((high - x[2, 0]) / (high - low))
  }
}
