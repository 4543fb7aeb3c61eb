public import PluginKit
public import SeriesMath

/// Choppiness index: how much further the price went than it got, low in a trend, near 100 where it goes to and fro.
///
///     choppiness = 100 × log(sum(true range, n) / (highest(high, n) − lowest(low, n))) / log(n)
///
/// A window without range has 0; gaps at its start can carry it above 100. Source: E. W. Dreiss, Futures, 1993.
public struct Choppiness: Indicator {
  public static let id = "choppiness"
  public static let summary = "How much further the price went than it got: low in a trend, near 100 to and fro."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.index(0...100)
  public static let parameters: [Parameter<Choppiness>] = [
    .integer("period", \.period, 2...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 12, 11], [8, 8, 8, 9], [9, 11, 11, 10], gives: [nil, nil, 100, 58.49625007211562],
      note: "ranges 4, 4, 2: 8 over 12 − 8 is 2¹; 6 over 4 is 2^0.585")
  ]

  public var period = 14
  @usableFromInline var seen = 0
  @usableFromInline var scale = 1.0
  @usableFromInline var way = WindowSum(period: 1)
  @usableFromInline var highest = WindowMaximum(period: 1)
  @usableFromInline var lowest = WindowMaximum(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { period }

  @inlinable
  public mutating func start() {
    scale = 100 / logarithm(Double(period))
    way = WindowSum(period: period)
    highest = WindowMaximum(period: period)
    lowest = WindowMaximum(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    _ = highest.next(x[0, 0])
    _ = lowest.next(-x[1, 0])
    if seen > 0 { _ = way.add(range(x, 0)) }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let gone = way.add(range(x, 0))
    let got = highest.next(x[0, 0]) + lowest.next(-x[1, 0])
    way.remove(range(x, period - 1))
    return got > 0 && gone > 0 ? scale * logarithm(gone / got) : 0
  }

  @inlinable
  func range(_ x: borrowing View, _ ago: Int) -> Double {
    trueRange(high: x[0, ago], low: x[1, ago], lastClose: x[2, ago + 1])
  }
}
