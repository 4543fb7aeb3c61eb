public import PluginKit
public import SeriesMath

/// Standard deviation of the last n values (of the population: divided by n).
///
///     stddev = √(mean((x − mean(x))²))
///
/// Source: TA-Lib `STDDEV`.
public struct StandardDeviation: Indicator {
  public static let id = "stddev"
  public static let summary = "Standard deviation of the last n values, of the population."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<StandardDeviation>] = [
    .integer("period", \.period, 2...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 4], [2, 4, 4, 6, 6], gives: [nil, nil, nil, 2.0.squareRoot(), 1],
      note: "of 2 4 4 6 the mean is 4 and the mean square distance 2; of 4 4 6 6 they are 5 and 1")
  ]

  public var period = 20
  @usableFromInline var window = WindowVariance(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func start() { window = WindowVariance(period: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) { window.warm(x[0]) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { window.next(x).squareRoot() }

  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    var values = out.part(0..<x.count)
    window.column(x, into: &values)
    values.takeSquareRoots(times: 1)
  }
}
