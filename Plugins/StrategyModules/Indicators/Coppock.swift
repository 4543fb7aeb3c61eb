public import PluginKit
public import SeriesMath

/// Coppock curve: a weighted average of two rates of change, made for monthly bars.
///
///     coppock = wma(roc(x, long) + roc(x, short), n)
///
/// Source: E. S. C. Coppock, Barron's, 15 October 1962: 14, 11 and 10 months.
public struct Coppock: Indicator {
  public static let id = "coppock"
  public static let summary = "Coppock curve: a weighted average of two rates of change."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<Coppock>] = [
    .integer("long", \.long, 1...50_000, "bars back of the long rate of change"),
    .integer("short", \.short, 1...50_000, "bars back of the short rate of change"),
    .integer("period", \.period, 1...50_000, "bars of the weighted average"),
  ]
  public static let examples = [
    Example(
      ["long": 2, "short": 1, "period": 2], [4, 4, 5, 5, 4], gives: [nil, nil, nil, 100 / 3.0, -55 / 3.0],
      note: "the rates add to 25 + 25, 25 + 0, −20 − 20: (50 + 2 × 25) / 3, (25 − 2 × 40) / 3")
  ]

  public var long = 14
  public var short = 11
  public var period = 10
  @usableFromInline var seen = 0
  @usableFromInline var average = RecentWeightedMean(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { max(long, short) + period - 1 }
  @inlinable public var reach: Int { max(long, short) }

  @inlinable
  public mutating func start() { average = RecentWeightedMean(period: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen >= max(long, short) { _ = next(x) }
    seen += 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { average.next(change(x, long) + change(x, short)) }

  @inlinable
  func change(_ x: borrowing View, _ ago: Int) -> Double { x[ago] == 0 ? 0 : (x[0] / x[ago] - 1) * 100 }
}
