public import PluginKit
public import SeriesMath

/// Hull moving average: a weighted average of a fast weighted average that has its lag taken out.
///
///     hull_ma = wma(2 × wma(x, n / 2) − wma(x, n), √n), n / 2 and √n rounded down
///
/// Source: A. Hull, alanhull.com, 2005.
public struct HullMA: Indicator {
  public static let id = "hull_ma"
  public static let summary = "Hull moving average: weighted averages with the lag taken out."
  public static let inputs = ["x"]
  public static let measure = Measure.likeInput
  public static let parameters: [Parameter<HullMA>] = [
    .integer("period", \.period, 2...100_000, "bars in the long window")
  ]
  public static let examples = [
    Example(
      ["period": 4], [1, 2, 3, 4, 10], gives: [nil, nil, nil, nil, 73 / 9.0],
      note: "over 2 the averages are 11/3 and 8, over 4 they are 3 and 6: of 13/3 and 10 (13/3 + 2 × 10) / 3")
  ]

  public var period = 20
  @usableFromInline var seen = 0
  @usableFromInline var half = 1
  @usableFromInline var fast = WindowWeights(period: 1)
  @usableFromInline var slow = WindowWeights(period: 1)
  @usableFromInline var smooth = RecentWeightedMean(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 + HullMA.root(period) - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func start() {
    half = period / 2
    fast = WindowWeights(period: half)
    slow = WindowWeights(period: period)
    smooth = RecentWeightedMean(period: HullMA.root(period))
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    seen += 1
    if seen >= period {
      _ = next(x)
    } else {
      slow.warm(x[0])
      if seen < half { fast.warm(x[0]) } else { _ = fast.next(x) }
    }
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { smooth.next(2 * fast.next(x) - slow.next(x)) }

  @usableFromInline
  static func root(_ period: Int) -> Int { Int(Double(period).squareRoot()) }
}
