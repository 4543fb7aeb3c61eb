public import PluginKit
public import SeriesMath

/// Percent rank: how many of the n values before are at most x, in percent.
///
///     percent_rank = 100 × count(x[i] ≤ x, i = 1 … n) / n
///
/// Source: TradingView `ta.percentrank`.
public struct PercentRank: Indicator {
  public static let id = "percent_rank"
  public static let summary = "How many of the n values before are at most this one, in percent."
  public static let inputs = ["x"]
  public static let measure = Measure.index(0...100)
  public static let parameters: [Parameter<PercentRank>] = [
    .integer("period", \.period, 1...10_000, "bars back that are compared with")
  ]
  public static let examples = [
    Example(
      ["period": 4], [1, 4, 2, 3, 3, 5, 1], gives: [nil, nil, nil, nil, 75, 100, 0],
      note: "of 1 4 2 3 three are at most 3, of 4 2 3 3 all at most 5, of 2 3 3 5 none at most 1")
  ]

  public var period = 100
  @usableFromInline var sorted = SortedWindow(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { period }

  @inlinable
  public mutating func start() { sorted = SortedWindow(period: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) { sorted.add(x[0]) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let count = sorted.count(upTo: x[0])
    sorted.replace(x[period], with: x[0])
    return 100 * Double(count) / Double(period)
  }
}
