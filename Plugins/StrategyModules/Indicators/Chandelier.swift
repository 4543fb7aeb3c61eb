public import PluginKit
public import SeriesMath

/// Chandelier exit: a stop that hangs some average true ranges from the highest high, or stands on the lowest low.
///
///     long = highest(high, n) − multiplier × atr(n); short = lowest(low, n) + multiplier × atr(n)
///
/// Source: C. Le Beau, in A. Elder, Come Into My Trading Room, 2002.
public struct Chandelier: Indicator {
  public static let id = "chandelier"
  public static let summary = "Chandelier exit: a stop some average true ranges from the highest high or lowest low."
  public static let inputs = ["high", "low", "close"]
  public static let outputs = ["long", "short"]
  public static let measure = Measure.price
  public static let parameters: [Parameter<Chandelier>] = [
    .integer("period", \.period, 1...100_000, "bars of the extremes and of the average true range"),
    .number("multiplier", \.multiplier, 0...1_000, "average true ranges from the extreme to the stop"),
  ]
  public static let examples = [
    Example(
      ["period": 2, "multiplier": 3], [10, 12, 12, 15], [8, 9, 11, 11], [9, 11, 12, 14],
      gives: [nil, nil, 6, 6], [nil, nil, 15, 20],
      note: "average true ranges 2 and 3; highs 12 and 15, lows 9 and 11")
  ]

  public var period = 22
  public var multiplier = 3.0
  @usableFromInline var range = ATR()
  @usableFromInline var highest = WindowMaximum(period: 1)
  @usableFromInline var lowest = WindowMaximum(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    range.period = period
    range.start()
    highest = WindowMaximum(period: period)
    lowest = WindowMaximum(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    range.warm(x)
    _ = stops(x, 0)
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Two { stops(x, multiplier * range.first(x)) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Two { stops(x, multiplier * range.next(x)) }

  @inlinable
  mutating func stops(_ x: borrowing View, _ distance: Double) -> Two {
    Two(highest.next(x[0, 0]) - distance, -lowest.next(-x[1, 0]) + distance)
  }
}
