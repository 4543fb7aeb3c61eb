public import PluginKit

/// Commodity channel index: how far the typical price stands from its mean, in mean distances.
///
///     t = (high + low + close) / 3; cci = (t − mean(t, n)) / (0.015 × mean(|t − mean(t, n)|, n))
///
/// The distances are to the mean of this very window, so all of them change with every bar: the cost of a bar grows
/// with n, as in TA-Lib. A window that does not move has 0. Source: D. Lambert, Commodities, 1980; TA-Lib `CCI`.
public struct CCI: Indicator {
  public static let id = "cci"
  public static let summary = "Commodity channel index: the typical price's distance from its mean, in mean distances."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.index(-.infinity ... .infinity)
  public static let parameters: [Parameter<CCI>] = [
    .integer("period", \.period, 2...10_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 3], [3, 6, 9, 9], [1, 4, 7, 7], [2, 5, 8, 2], gives: [nil, nil, 100, -20],
      note: "typical prices 2, 5, 8, 6: (8 − 5) / (0.015 × 2); about 19/3 (6 − 19/3) / (0.015 × 10/9)")
  ]

  public var period = 20
  @usableFromInline var typical: [Double] = []
  @usableFromInline var place = 0

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() { typical = [Double](repeating: 0, count: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) { _ = put(x) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  /// The sums run over the ring from its first place, not from the oldest bar: where the result cancels, their rounding
  /// is TA-Lib's.
  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let now = put(x)
    let n = Double(period)
    var sum = 0.0
    for value in typical { sum += value }
    let mean = sum / n
    var distances = 0.0
    for value in typical { distances += abs(value - mean) }
    let distance = now - mean
    let isStill = abs(distance) <= 1e-14 * (abs(now) + abs(mean)) || distances == 0
    return isStill ? 0 : distance / (0.015 * (distances / n))
  }

  @inlinable
  mutating func put(_ x: borrowing View) -> Double {
    let now = (x[0, 0] + x[1, 0] + x[2, 0]) / 3
    typical[place] = now
    place = place + 1 == period ? 0 : place + 1
    return now
  }
}
