public import PluginKit
import SeriesMath

/// Average true range in percent of the close, so that instruments can be compared.
///
///     natr = 100 × atr(n) / close
///
/// Source: J. Forman, Stocks & Commodities 24:5, 2006; TA-Lib `NATR`.
public struct NATR: Indicator {
  public static let id = "natr"
  public static let summary = "Average true range in percent of the close."
  public static let inputs = ["high", "low", "close"]
  public static let parameters: [Parameter<NATR>] = [
    .integer("period", \.period, 2...100_000, "bars of Wilder's average")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 12, 15], [8, 9, 11, 11], [9, 11, 12, 14], gives: [nil, nil, 200 / 12.0, 300 / 14.0],
      note: "the average true range is 2, then 3")
  ]

  public var period = 14
  @usableFromInline var range = ATR()

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    range.period = period
    range.start()
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) { range.warm(x) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { share(range.first(x), x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { share(range.next(x), x) }

  @inlinable
  func share(_ range: Double, _ x: borrowing View) -> Double { x[2, 0] == 0 ? 0 : range / x[2, 0] * 100 }
}
