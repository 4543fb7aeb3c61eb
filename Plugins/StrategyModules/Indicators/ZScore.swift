public import PluginKit
public import SeriesMath

/// Z-score: how far x stands from its mean, in standard deviations (of the population) of the last n values.
///
///     zscore = (x − sma(x, n)) / stddev(x, n)
///
/// A window that does not move has 0. Source: the standard score of statistics.
public struct ZScore: Indicator {
  public static let id = "zscore"
  public static let summary = "The distance from the mean of the last n values in their standard deviations."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<ZScore>] = [
    .integer("period", \.period, 2...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 4], [2, 4, 4, 6, 6], gives: [nil, nil, nil, 2.0.squareRoot(), 1],
      note: "of 2 4 4 6 mean 4 and deviation √2, of 4 4 6 6 mean 5 and deviation 1")
  ]

  public var period = 20
  @usableFromInline var sum = WindowSum(period: 1)
  @usableFromInline var window = WindowVariance(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func start() {
    sum = WindowSum(period: period)
    window = WindowVariance(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    _ = sum.add(x[0])
    window.warm(x[0])
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let mean = sum.add(x[0]) / Double(period)
    sum.remove(x[period - 1])
    let deviation = window.next(x).squareRoot()
    return deviation > 0 ? (x[0] - mean) / deviation : 0
  }
}
