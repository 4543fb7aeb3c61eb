public import PluginKit
public import SeriesMath

/// Keltner channel: an exponential average of the close, and a band some average true ranges on either side.
///
///     middle = ema(close, n); upper, lower = middle ± multiplier × atr(range)
///
/// All outputs start together. Source: C. Keltner, How to Make Money in Commodities, 1960, in the form of
/// L. Raschke and L. Connors, Street Smarts, 1995.
public struct Keltner: Indicator {
  public static let id = "keltner"
  public static let summary = "An exponential average and a band some average true ranges on either side."
  public static let inputs = ["high", "low", "close"]
  public static let outputs = ["upper", "middle", "lower"]
  public static let measure = Measure.price
  public static let parameters: [Parameter<Keltner>] = [
    .integer("period", \.period, 1...100_000, "bars of the average"),
    .number("multiplier", \.multiplier, 0...1_000, "average true ranges from the middle to a band"),
    .integer("range", \.range, 1...100_000, "bars of the average true range"),
  ]
  public static let examples = [
    Example(
      ["period": 3, "multiplier": 2, "range": 2], [10, 12, 12, 15], [8, 9, 11, 11], [9, 11, 13, 15],
      gives: [nil, nil, 15.0, 19], [nil, nil, 11, 13], [nil, nil, 7, 7],
      note: "ranges 3, 1, 4: averages 2 and 3; means 11 and 11 + (15 − 11) / 2 = 13")
  ]

  public var period = 20
  public var multiplier = 2.0
  public var range = 10
  @usableFromInline var seen = 0
  @usableFromInline var middle = Seeded<ExponentialAverage>(period: 1)
  @usableFromInline var reaches = Seeded<WilderAverage>(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { max(period - 1, range) }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    middle = Seeded(period: period)
    reaches = Seeded(period: range)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    _ = middle.warm(x[2, 0])
    if seen > 0 { _ = reaches.warm(trueRange(high: x[0, 0], low: x[1, 0], lastClose: x[2, 1])) }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Three {
    warm(x)
    return bands()
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Three {
    _ = middle.next(x[2, 0])
    _ = reaches.next(trueRange(high: x[0, 0], low: x[1, 0], lastClose: x[2, 1]))
    return bands()
  }

  @inlinable
  func bands() -> Three {
    let distance = multiplier * reaches.value
    return Three(middle.value + distance, middle.value, middle.value - distance)
  }
}
