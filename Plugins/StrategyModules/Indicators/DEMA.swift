public import PluginKit
public import SeriesMath

/// Double exponential moving average: an exponential average with part of its lag taken out.
///
///     dema = 2 × e1 − e2, e1 = ema(x, n), e2 = ema(e1, n)
///
/// Source: P. Mulloy, Stocks & Commodities 12:1, 1994; TA-Lib `DEMA`.
public struct DEMA: Indicator {
  public static let id = "dema"
  public static let summary = "Double exponential moving average: an exponential average with less lag."
  public static let inputs = ["x"]
  public static let measure = Measure.likeInput
  public static let parameters: [Parameter<DEMA>] = [
    .integer("period", \.period, 1...100_000, "bars of each average")
  ]
  public static let examples = [
    Example(
      ["period": 3], [1, 2, 3, 5, 9, 9], gives: [nil, nil, nil, nil, 103 / 12.0, 455 / 48.0],
      note: "e1 is 2, 3.5, 6.25, 7.625; e2 their mean 47/12, then (7.625 + 47/12) / 2 = 277/48")
  ]

  public var period = 20
  @usableFromInline var one = Seeded<ExponentialAverage>(period: 1)
  @usableFromInline var two = Seeded<ExponentialAverage>(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { 2 * (period - 1) }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    one = Seeded(period: period)
    two = Seeded(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if one.warm(x[0]) { _ = two.warm(one.value) }
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    warm(x)
    return 2 * one.value - two.value
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let once = one.next(x[0])
    return 2 * once - two.next(once)
  }
}
