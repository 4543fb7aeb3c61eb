public import PluginKit
public import SeriesMath

/// Exponential moving average, seeded by the mean of the first n values.
///
///     ema = ema[1] + 2 / (n + 1) × (x − ema[1])
///
/// Source: TA-Lib `EMA`.
public struct EMA: Indicator {
  public static let id = "ema"
  public static let summary = "Exponential moving average, seeded by the mean of the first n values."
  public static let inputs = ["x"]
  public static let measure = Measure.same
  public static let parameters: [Parameter<EMA>] = [
    .integer("period", \.period, 1...100_000, "bars; a value's weight is 2 / (period + 1)")
  ]
  public static let examples = [
    Example(
      ["period": 3], [1, 2, 3, 5, 9], gives: [nil, nil, 2, 3.5, 6.25], note: "weight 1/2: 2 + (5 − 2) / 2 = 3.5")
  ]

  public var period = 20
  @usableFromInline var sum = 0.0
  @usableFromInline var average = AnchoredAverage(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() { average = AnchoredAverage(period: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) { sum += x[0] }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    let mean = (sum + x[0]) / Double(period)
    average.seed(mean, at: x[0])
    return mean
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { average.next(x[0]) }

  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    var averages = out.part(0..<x.count)
    average.next(x.input(), into: &averages)
  }
}
