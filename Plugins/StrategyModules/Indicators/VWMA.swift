public import PluginKit
public import SeriesMath

/// Volume-weighted moving average: values count by the volume of their bar.
///
///     vwma = sum(x × volume, n) / sum(volume, n)
///
/// A window without volume has x itself. Source: B. Dormeier, Stocks & Commodities 19:2, 2001.
public struct VWMA: Indicator {
  public static let id = "vwma"
  public static let summary = "Volume-weighted moving average: values count by the volume of their bar."
  public static let inputs = ["x", "volume"]
  public static let parameters: [Parameter<VWMA>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 2], [2, 5, 8, 7], [10, 20, 0, 0], gives: [nil, 4, 5, 7],
      note: "(2 × 10 + 5 × 20) / 30, 5 × 20 / 20, and no volume at all")
  ]

  public var period = 20
  @usableFromInline var weighted = WindowSum(period: 1)
  @usableFromInline var volume = WindowSum(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func start() {
    weighted = WindowSum(period: period)
    volume = WindowSum(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    _ = weighted.add(x[0, 0] * x[1, 0])
    _ = volume.add(x[1, 0])
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let sum = weighted.add(x[0, 0] * x[1, 0])
    let traded = volume.add(x[1, 0])
    weighted.remove(x[0, period - 1] * x[1, period - 1])
    volume.remove(x[1, period - 1])
    return traded > 0 ? sum / traded : x[0, 0]
  }
}
