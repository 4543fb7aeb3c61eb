public import PluginKit
public import SeriesMath

/// Change in percent, from bar to bar, of an exponential average of an exponential average of an exponential average.
///
///     trix = 100 × (e3 / e3[1] − 1), e3 = ema(ema(ema(x, n), n), n)
///
/// Source: J. Hutson, Stocks & Commodities 1:5, 1983; TA-Lib `TRIX`.
public struct TRIX: Indicator {
  public static let id = "trix"
  public static let summary = "Change in percent, from bar to bar, of a triple exponential average."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<TRIX>] = [
    .integer("period", \.period, 1...100_000, "bars of each average")
  ]
  public static let examples = [
    Example(
      ["period": 2], [0, 2, 6, 3, 9], gives: [nil, nil, nil, nil, 100 * (1181 / 711.0 - 1)],
      note: "the third average is 79/27, then 1181/243, as in tema"),
    Example(["period": 1], [4, 5, 4], gives: [nil, 25, -20], note: "without smoothing, the change of x itself"),
  ]

  public var period = 15
  @usableFromInline var one = Seeded<ExponentialAverage>(period: 1)
  @usableFromInline var two = Seeded<ExponentialAverage>(period: 1)
  @usableFromInline var three = Seeded<ExponentialAverage>(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { 3 * (period - 1) + 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    one = Seeded(period: period)
    two = Seeded(period: period)
    three = Seeded(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if one.warm(x[0]), two.warm(one.value) { _ = three.warm(two.value) }
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let last = three.value
    let now = three.next(two.next(one.next(x[0])))
    return last == 0 ? 0 : (now / last - 1) * 100
  }
}
