public import PluginKit
public import SeriesMath

/// The slope of the least-squares line through the last n values, in units of x a bar.
///
///     linear_regression_slope = Σ (j − (n − 1) / 2) × (x[n-1-j] − mean) / Σ (j − (n − 1) / 2)², j = 0 … n − 1
///
/// TA-Lib forms n Σ j x − Σ j Σ x of the prices themselves and loses up to seven digits where they are large and move
/// little; here the sums are of distances to the window's mean. Against exact arithmetic over BTC-1m.csv, n = 20, the
/// worst relative error is 9e-11 here and 4e-7 there. Source: TA-Lib `LINEARREG_SLOPE`.
public struct LinearRegressionSlope: Indicator {
  public static let id = "linear_regression_slope"
  public static let summary = "The slope of the least-squares line through the last n values, a bar."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<LinearRegressionSlope>] = [
    .integer("period", \.period, 2...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 3], [1, 3, 4, 5], gives: [nil, nil, 1.5, 1],
      note: "of three values the slope is (newest − oldest) / 2: (4 − 1) / 2, (5 − 3) / 2")
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
    return line.slope
  }

  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    var values = out.part(0..<x.count)
    window.column(x, into: &values) { _, slope in slope }
  }
}
