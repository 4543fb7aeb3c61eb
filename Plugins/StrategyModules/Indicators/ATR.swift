public import PluginKit
public import SeriesMath

/// Average true range by Wilder: how far a bar goes, gaps included, in the unit of the price.
///
///     true range = max(high − low, |high − close[1]|, |low − close[1]|); atr = its Wilder average
///
/// Source: J. W. Wilder, 1978; TA-Lib `ATR`.
public struct ATR: Indicator {
  public static let id = "atr"
  public static let summary = "Average true range by Wilder: how far a bar goes, gaps included."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.price
  public static let parameters: [Parameter<ATR>] = [
    .integer("period", \.period, 1...100_000, "bars of Wilder's average")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 12, 15], [8, 9, 11, 11], [9, 11, 12, 14], gives: [nil, nil, 2, 3],
      note: "true ranges 3, 1, 4: (3 + 1) / 2 = 2, then 2 + (4 − 2) / 2 = 3")
  ]

  public var period = 14
  @usableFromInline var seen = 0
  @usableFromInline var sum = 0.0
  @usableFromInline var average = GroupedAverage(take: 1)

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() { average = GroupedAverage(take: 1 / Double(period)) }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen > 0 { sum += range(x) }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    let mean = (sum + range(x)) / Double(period)
    average.seed(mean)
    return mean
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { average.next(range(x)) }

  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    let (high, low, lastClose) = (x.input(0), x.input(1), x.input(2, ago: 1))
    // A pass of its own: three columns come faster from memory where nothing waits for the bar before.
    var ranges = out.part(0..<x.count)
    for row in 0..<ranges.count {
      ranges[row] = trueRange(high: high[row], low: low[row], lastClose: lastClose[row])
    }
    average.next(&ranges)
  }

  @inlinable
  func range(_ x: borrowing View) -> Double { trueRange(high: x[0, 0], low: x[1, 0], lastClose: x[2, 1]) }
}
