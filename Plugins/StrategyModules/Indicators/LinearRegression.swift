public import PluginKit
public import SeriesMath

/// Where the least-squares line through the last n values ends.
///
///     linear_regression = mean(x, n) + linear_regression_slope(x, n) × (n − 1) / 2
///
/// Source: TA-Lib `LINEARREG`.
public struct LinearRegression: Indicator {
  public static let id = "linear_regression"
  public static let summary = "The end of the least-squares line through the last n values."
  public static let inputs = ["x"]
  public static let measure = Measure.likeInput
  public static let parameters: [Parameter<LinearRegression>] = [
    .integer("period", \.period, 2...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 3], [1, 3, 4, 5], gives: [nil, nil, 25 / 6.0, 5],
      note: "slopes (4 − 1) / 2 and (5 − 3) / 2 about means 8/3 and 4, and one bar on: 8/3 + 1.5, 4 + 1")
  ]

  public var period = 20
  @usableFromInline var window = WindowLine(period: 2)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period }

  @inlinable
  public mutating func start() { window = WindowLine(period: period) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let line = window.next(x)
    return line.mean + line.slope * window.half
  }

  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    var values = out.part(0..<x.count)
    let half = window.half
    window.column(x, into: &values) { mean, slope in mean + slope * half }
  }
}
