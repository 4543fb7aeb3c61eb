public import PluginKit
public import SeriesMath

/// Vortex indicator: how far highs reach above the low before, and lows below the high before, in true ranges.
///
///     plus = sum(|high − low[1]|, n) / sum(true range, n); minus = sum(|low − high[1]|, n) / sum(true range, n)
///
/// A window without range has 0. Source: E. Botes and D. Siepman, Stocks & Commodities 28:1, 2010.
public struct Vortex: Indicator {
  public static let id = "vortex"
  public static let summary = "How far highs reach above the low before, and lows below the high before, in ranges."
  public static let inputs = ["high", "low", "close"]
  public static let outputs = ["plus", "minus"]
  public static let parameters: [Parameter<Vortex>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 12, 15], [8, 9, 11, 11], [9, 11, 12, 14], gives: [nil, nil, 7 / 4.0, 7 / 5.0],
      [nil, nil, 2 / 4.0, 2 / 5.0],
      note: "up 12 − 8, 12 − 9, 15 − 11; down 10 − 9, 12 − 11, 12 − 11; ranges 3, 1, 4")
  ]

  public var period = 14
  @usableFromInline var seen = 0
  @usableFromInline var up = WindowSum(period: 1)
  @usableFromInline var down = WindowSum(period: 1)
  @usableFromInline var range = WindowSum(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { period }

  @inlinable
  public mutating func start() {
    up = WindowSum(period: period)
    down = WindowSum(period: period)
    range = WindowSum(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen > 0 { _ = add(x) }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Two { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Two {
    let row = add(x)
    let last = period - 1
    up.remove(abs(x[0, last] - x[1, last + 1]))
    down.remove(abs(x[1, last] - x[0, last + 1]))
    range.remove(trueRange(high: x[0, last], low: x[1, last], lastClose: x[2, last + 1]))
    return row
  }

  @inlinable
  mutating func add(_ x: borrowing View) -> Two {
    let rises = up.add(abs(x[0, 0] - x[1, 1]))
    let falls = down.add(abs(x[1, 0] - x[0, 1]))
    let ranges = range.add(trueRange(high: x[0, 0], low: x[1, 0], lastClose: x[2, 1]))
    return ranges > 0 ? Two(rises / ranges, falls / ranges) : Two(0, 0)
  }
}
