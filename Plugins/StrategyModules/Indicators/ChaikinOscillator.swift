public import PluginKit
public import SeriesMath

/// Chaikin oscillator: a fast average of the accumulation/distribution line less a slow one.
///
///     chaikin_oscillator = e(ad_line, fast) − e(ad_line, slow), exponential averages from the line's first value
///
/// Source: M. Chaikin; TA-Lib `ADOSC`.
public struct ChaikinOscillator: Indicator {
  public static let id = "chaikin_oscillator"
  public static let summary = "A fast average of the accumulation/distribution line less a slow one."
  public static let inputs = ["high", "low", "close", "volume"]
  public static let parameters: [Parameter<ChaikinOscillator>] = [
    .integer("fast", \.fast, 1...100_000, "bars of the average that is taken from"),
    .integer("slow", \.slow, 1...100_000, "bars of the average that is taken away"),
  ]
  public static let examples = [
    Example(
      ["fast": 1, "slow": 3], [12, 12, 12, 12], [8, 8, 8, 8], [12, 12, 8, 10], [100, 60, 40, 30],
      gives: [nil, nil, -5, -2.5], note: "the line is 100, 160, 120, 120; with weight 1/2 from 100: 130, 125, 122.5")
  ]

  public var fast = 3
  public var slow = 10
  @usableFromInline var seen = 0
  @usableFromInline var takeFast = 1.0
  @usableFromInline var takeSlow = 1.0
  @usableFromInline var line = 0.0
  @usableFromInline var fastAverage = 0.0
  @usableFromInline var slowAverage = 0.0

  public init() {}

  @inlinable public var warmUp: Int { max(fast, slow) - 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    takeFast = 2 / (Double(fast) + 1)
    takeSlow = 2 / (Double(slow) + 1)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    if seen == 0 {
      line = flow(x)
      (fastAverage, slowAverage) = (line, line)
    } else {
      _ = next(x)
    }
    seen = 1
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    if seen == 0 { warm(x) } else { _ = next(x) }
    return fastAverage - slowAverage
  }

  /// One rounding a step, as in TA-Lib: the averages are large and near each other, so a second one would show.
  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    line += flow(x)
    fastAverage = (takeFast * line).addingProduct(1 - takeFast, fastAverage)
    slowAverage = (takeSlow * line).addingProduct(1 - takeSlow, slowAverage)
    return fastAverage - slowAverage
  }

  @inlinable
  func flow(_ x: borrowing View) -> Double {
    moneyFlow(high: x[0, 0], low: x[1, 0], close: x[2, 0], volume: x[3, 0])
  }
}
