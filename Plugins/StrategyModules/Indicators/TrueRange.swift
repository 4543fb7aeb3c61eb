public import PluginKit
public import SeriesMath

/// How far a bar goes, the gap from the last close included, in the unit of the price.
///
///     true range = max(high, close[1]) − min(low, close[1])
///
/// Source: J. W. Wilder, 1978; TA-Lib `TRANGE`.
public struct TrueRange: Indicator {
  public static let id = "true_range"
  public static let summary = "How far a bar goes, the gap from the last close included."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.price
  public static let examples = [
    Example(
      [:], [10, 12, 12, 15], [8, 9, 11, 13], [9, 11, 12, 14], gives: [nil, 3, 1, 3],
      note: "12 − 9; 12 − 11; from the last close, 12, up to 15")
  ]

  public init() {}

  @inlinable public var warmUp: Int { 1 }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    trueRange(high: x[0, 0], low: x[1, 0], lastClose: x[2, 1])
  }
}
