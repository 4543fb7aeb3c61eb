public import PluginKit
public import SeriesMath

/// Chaikin money flow: the volume bought less the volume sold, by where bars close in their ranges, as a share of all
/// volume, −1 to 1.
///
///     cmf = sum(volume × ((close − low) − (high − close)) / (high − low), n) / sum(volume, n)
///
/// A bar without a range counts as neither; a window without volume has 0. Source: M. Chaikin.
public struct CMF: Indicator {
  public static let id = "cmf"
  public static let summary = "Chaikin money flow: volume bought less volume sold as a share of all volume, −1 to 1."
  public static let inputs = ["high", "low", "close", "volume"]
  public static let parameters: [Parameter<CMF>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 2], [12, 12, 12, 10], [8, 8, 8, 10], [12, 10, 9, 10], [100, 60, 40, 60],
      gives: [nil, 0.625, -0.2, -0.2],
      note: "flows 100, 0, −20, 0 (no range): 100 / 160, −20 / 100, −20 / 100")
  ]

  public var period = 20
  @usableFromInline var flow = WindowSum(period: 1)
  @usableFromInline var volume = WindowSum(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func start() {
    flow = WindowSum(period: period)
    volume = WindowSum(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    _ = flow.add(flow(x, 0))
    _ = volume.add(x[3, 0])
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let bought = flow.add(flow(x, 0))
    let traded = volume.add(x[3, 0])
    flow.remove(flow(x, period - 1))
    volume.remove(x[3, period - 1])
    return traded > 0 ? bought / traded : 0
  }

  @inlinable
  func flow(_ x: borrowing View, _ ago: Int) -> Double {
    moneyFlow(high: x[0, ago], low: x[1, ago], close: x[2, ago], volume: x[3, ago])
  }
}
