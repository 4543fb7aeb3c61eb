public import PluginKit
public import SeriesMath

/// Triple exponential moving average: an exponential average with most of its lag taken out.
///
///     tema = 3 × e1 − 3 × e2 + e3, e1 = ema(x, n), e2 = ema(e1, n), e3 = ema(e2, n)
///
/// Source: P. Mulloy, Stocks & Commodities 12:1, 1994; TA-Lib `TEMA`.
public struct TEMA: Indicator {
  public static let id = "tema"
  public static let summary = "Triple exponential moving average: an exponential average with little lag."
  public static let inputs = ["x"]
  public static let measure = Measure.likeInput
  public static let parameters: [Parameter<TEMA>] = [
    .integer("period", \.period, 1...100_000, "bars of each average")
  ]
  public static let examples = [
    Example(
      ["period": 2], [0, 2, 6, 3, 9], gives: [nil, nil, nil, 100 / 27.0, 2144 / 243.0],
      note: "weight 2/3: e1 is 1, 13/3, 31/9, 193/27; e2 8/3, 86/27, 472/81; e3 79/27, 1181/243")
  ]

  public var period = 20
  @usableFromInline var one = Seeded<ExponentialAverage>(period: 1)
  @usableFromInline var two = Seeded<ExponentialAverage>(period: 1)
  @usableFromInline var three = Seeded<ExponentialAverage>(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { 3 * (period - 1) }
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
  public mutating func first(_ x: borrowing View) -> Double {
    warm(x)
    return three.value + (3 * one.value - 3 * two.value)
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let once = one.next(x[0])
    let twice = two.next(once)
    return three.next(twice) + (3 * once - 3 * twice)
  }
}
