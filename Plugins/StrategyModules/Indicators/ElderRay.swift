public import PluginKit
public import SeriesMath

/// Elder ray: how far a bar reaches above the average of the close, and how far below.
///
///     bull = high − ema(close, n); bear = low − ema(close, n)
///
/// Source: A. Elder, Trading for a Living, 1993.
public struct ElderRay: Indicator {
  public static let id = "elder_ray"
  public static let summary = "How far a bar reaches above the exponential average of the close, and how far below."
  public static let inputs = ["high", "low", "close"]
  public static let outputs = ["bull", "bear"]
  public static let parameters: [Parameter<ElderRay>] = [
    .integer("period", \.period, 1...100_000, "bars of the average")
  ]
  public static let examples = [
    Example(
      ["period": 3], [2, 3, 4, 6], [0, 1, 2, 3], [1, 2, 3, 5], gives: [nil, nil, 2, 2.5], [nil, nil, 0, -0.5],
      note: "the average is 2, then 3.5")
  ]

  public var period = 13
  @usableFromInline var average = Seeded<ExponentialAverage>(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() { average = Seeded(period: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) { _ = average.warm(x[2, 0]) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Two {
    warm(x)
    return Two(x[0, 0] - average.value, x[1, 0] - average.value)
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Two {
    let mean = average.next(x[2, 0])
    return Two(x[0, 0] - mean, x[1, 0] - mean)
  }
}
