public import PluginKit
public import SeriesMath

/// Rolling volume-weighted average price: what a share cost on average over the last n bars.
///
///     t = (high + low + close) / 3; vwap = sum(t × volume, n) / sum(volume, n)
///
/// A window without volume has the mean of t over the last bar alone, which is t itself. Source: S. Berkowitz,
/// D. Logue and E. Noser, The Total Cost of Transactions on the NYSE, Journal of Finance 43:1, 1988.
public struct VWAP: Indicator {
  public static let id = "vwap"
  public static let summary = "Rolling volume-weighted average price over the last n bars."
  public static let inputs = ["high", "low", "close", "volume"]
  public static let measure = Measure.price
  public static let parameters: [Parameter<VWAP>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 2], [3, 6, 9, 9], [1, 4, 7, 7], [2, 5, 8, 8], [10, 20, 0, 0], gives: [nil, 4, 5, 8],
      note: "typical prices 2, 5, 8, 8: (20 + 100) / 30, 100 / 20, and no volume at all")
  ]

  public var period = 20
  @usableFromInline var money = WindowSum(period: 1)
  @usableFromInline var volume = WindowSum(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func start() {
    money = WindowSum(period: period)
    volume = WindowSum(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    _ = money.add(typical(x, 0) * x[3, 0])
    _ = volume.add(x[3, 0])
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let paid = money.add(typical(x, 0) * x[3, 0])
    let traded = volume.add(x[3, 0])
    money.remove(typical(x, period - 1) * x[3, period - 1])
    volume.remove(x[3, period - 1])
    return traded > 0 ? paid / traded : typical(x, 0)
  }

  @inlinable
  func typical(_ x: borrowing View, _ ago: Int) -> Double { (x[0, ago] + x[1, ago] + x[2, ago]) / 3 }
}
