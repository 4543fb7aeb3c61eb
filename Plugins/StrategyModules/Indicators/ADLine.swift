public import PluginKit
public import SeriesMath

/// Accumulation/distribution line: volume added by where in its range each bar closes, all at the top, none in the
/// middle, all taken away at the bottom.
///
///     ad_line = ad_line[1] + volume × ((close − low) − (high − close)) / (high − low)
///
/// A bar without a range adds nothing. Source: M. Chaikin; TA-Lib `AD`.
public struct ADLine: Indicator {
  public static let id = "ad_line"
  public static let summary = "Accumulation/distribution line: volume added by where in its range a bar closes."
  public static let inputs = ["high", "low", "close", "volume"]
  public static let measure = Measure.volume
  public static let examples = [
    Example(
      [:], [12, 12, 12, 10], [8, 8, 8, 10], [12, 10, 9, 10], [100, 70, 50, 30], gives: [100, 100, 75, 75],
      note: "all of 100; none of 70 at the middle; (1 − 3) / 4 of 50; no range")
  ]

  @usableFromInline var line = 0.0

  public init() {}

  @inlinable public var warmUp: Int { 0 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    line += moneyFlow(high: x[0, 0], low: x[1, 0], close: x[2, 0], volume: x[3, 0])
    return line
  }
}
