public import PluginKit
public import SeriesMath

/// Moving average convergence divergence: the distance of a fast and a slow exponential average, its own average, and
/// what is between the two.
///
///     line = ema(x, fast) − ema(x, slow); signal = ema(line, signal); histogram = line − signal
///
/// As in TA-Lib, the fast average is seeded by the last `fast` values of the slow one's first window, and all three
/// outputs start together. Source: G. Appel, 1979; TA-Lib `MACD`.
public struct MACD: Indicator {
  public static let id = "macd"
  public static let summary = "Distance of a fast and a slow exponential average, its average, and their difference."
  public static let inputs = ["x"]
  public static let outputs = ["line", "signal", "histogram"]
  public static let parameters: [Parameter<MACD>] = [
    .integer("fast", \.fast, 2...100_000, "bars of the fast average"),
    .integer("slow", \.slow, 2...100_000, "bars of the slow average"),
    .integer("signal", \.signal, 1...100_000, "bars of the line's own average"),
  ]
  public static let examples = [
    Example(
      ["fast": 2, "slow": 3, "signal": 2], [1, 2, 3, 5, 9],
      gives: [nil, nil, nil, 2 / 3.0, 41 / 36.0], [nil, nil, nil, 7 / 12.0, 103 / 108.0],
      [nil, nil, nil, 1 / 12.0, 5 / 27.0],
      note: "fast 2.5, 25/6, 133/18; slow 2, 3.5, 6.25; so the line is 1/2, 2/3, 41/36")
  ]

  public var fast = 12
  public var slow = 26
  public var signal = 9
  @usableFromInline var seen = 0
  @usableFromInline var fastSum = 0.0
  @usableFromInline var slowSum = 0.0
  @usableFromInline var lineSum = 0.0
  @usableFromInline var fastAverage = ExponentialAverage(period: 1)
  @usableFromInline var slowAverage = ExponentialAverage(period: 1)
  @usableFromInline var lineAverage = ExponentialAverage(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { max(fast, slow) + signal - 2 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    (fast, slow) = (min(fast, slow), max(fast, slow))
    fastAverage = ExponentialAverage(period: fast)
    slowAverage = ExponentialAverage(period: slow)
    lineAverage = ExponentialAverage(period: signal)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) { lineSum += line(x[0]) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Three {
    let line = line(x[0])
    lineAverage.seed((lineSum + line) / Double(signal))
    return Three(line, lineAverage.value, line - lineAverage.value)
  }

  @inlinable
  @inline(__always)
  public mutating func next(_ x: borrowing View) -> Three {
    let line = fastAverage.next(x[0]) - slowAverage.next(x[0])
    let average = lineAverage.next(line)
    return Three(line, average, line - average)
  }

  /// The line during warm-up; 0 until the averages are seeded.
  @inlinable
  mutating func line(_ x: Double) -> Double {
    seen += 1
    if seen > slow { return fastAverage.next(x) - slowAverage.next(x) }
    slowSum += x
    if seen > slow - fast { fastSum += x }
    guard seen == slow else { return 0 }
    fastAverage.seed(fastSum / Double(fast))
    slowAverage.seed(slowSum / Double(slow))
    return fastAverage.value - slowAverage.value
  }
}
