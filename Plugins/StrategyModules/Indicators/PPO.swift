public import PluginKit
public import SeriesMath

/// Percentage price oscillator: the distance of a fast and a slow exponential average in percent of the slow one.
///
///     ppo = 100 × (ema(x, fast) − ema(x, slow)) / ema(x, slow)
///
/// Where the slow average is nothing it is 0. Source: TA-Lib `PPO` with exponential averages.
public struct PPO: Indicator {
  public static let id = "ppo"
  public static let summary = "Distance of a fast and a slow exponential average in percent of the slow one."
  public static let inputs = ["x"]
  public static let parameters: [Parameter<PPO>] = [
    .integer("fast", \.fast, 1...100_000, "bars of the fast average"),
    .integer("slow", \.slow, 1...100_000, "bars of the slow average"),
  ]
  public static let examples = [
    Example(
      ["fast": 1, "slow": 3], [1, 2, 3, 5, 9], gives: [nil, nil, 50, 300 / 7.0, 44],
      note: "x against 2, 3.5, 6.25: 1 / 2, 1.5 / 3.5, 2.75 / 6.25")
  ]

  public var fast = 12
  public var slow = 26
  @usableFromInline var fastAverage = Seeded<ExponentialAverage>(period: 1)
  @usableFromInline var slowAverage = Seeded<ExponentialAverage>(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { max(fast, slow) - 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    (fast, slow) = (min(fast, slow), max(fast, slow))
    fastAverage = Seeded(period: fast)
    slowAverage = Seeded(period: slow)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    _ = fastAverage.warm(x[0])
    _ = slowAverage.warm(x[0])
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    warm(x)
    return distance(fastAverage.value, slowAverage.value)
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { distance(fastAverage.next(x[0]), slowAverage.next(x[0])) }

  @inlinable
  func distance(_ fast: Double, _ slow: Double) -> Double { abs(slow) < 1e-14 ? 0 : (fast - slow) / slow * 100 }
}
