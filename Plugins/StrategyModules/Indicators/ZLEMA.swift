public import PluginKit
public import SeriesMath

/// Zero-lag exponential moving average: an exponential average of x with its recent change added once more.
///
///     zlema = ema(2 × x − x[lag], n), lag = (n − 1) / 2 rounded down
///
/// Source: J. Ehlers and R. Way, Zero Lag (Well, Almost), Stocks & Commodities 28:12, 2010, in the common form.
public struct ZLEMA: Indicator {
  public static let id = "zlema"
  public static let summary = "Zero-lag exponential average: x with its recent change added once more, averaged."
  public static let inputs = ["x"]
  public static let measure = Measure.likeInput
  public static let parameters: [Parameter<ZLEMA>] = [
    .integer("period", \.period, 1...100_000, "bars of the average")
  ]
  public static let examples = [
    Example(
      ["period": 3], [1, 2, 4, 5, 9], gives: [nil, nil, nil, 5, 9],
      note: "2 x − x[1] is 3, 6, 6, 13: the mean 5, then 5 + (13 − 5) / 2")
  ]

  public var period = 20
  @usableFromInline var seen = 0
  @usableFromInline var average = Seeded<ExponentialAverage>(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { lag + period - 1 }
  @inlinable public var reach: Int { lag }

  @inlinable
  public mutating func start() { average = Seeded(period: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen >= lag { _ = average.warm(2 * x[0] - x[lag]) }
    seen += 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    warm(x)
    return average.value
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { average.next(2 * x[0] - x[lag]) }

  @inlinable var lag: Int { (period - 1) / 2 }
}
