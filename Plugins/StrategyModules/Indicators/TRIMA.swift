public import PluginKit

/// Triangular moving average: values count the more, the nearer they stand to the middle of the window.
///
///     trima = sma(sma(x, ⌈n / 2⌉), ⌊n / 2⌋ + 1)
///
/// Source: TA-Lib `TRIMA`.
public struct TRIMA: Indicator {
  public static let id = "trima"
  public static let summary = "Triangular moving average: the middle of the window counts most."
  public static let inputs = ["x"]
  public static let measure = Measure.same
  public static let parameters: [Parameter<TRIMA>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 4], [1, 2, 3, 5, 9], gives: [nil, nil, nil, 16 / 6.0, 27 / 6.0],
      note: "weights 1 2 2 1: (1 + 4 + 6 + 5) / 6, (2 + 6 + 10 + 9) / 6"),
    Example(
      ["period": 3], [1, 2, 3, 5], gives: [nil, nil, 2, 13 / 4.0], note: "weights 1 2 1: 8 / 4, (2 + 6 + 5) / 4"),
  ]

  public var period = 20
  @usableFromInline var half = 0
  @usableFromInline var isOdd = false
  @usableFromInline var share = 1.0
  /// The weighted sum, and the plain sums of the window's older half, with the middle, and of its newer one.
  @usableFromInline var weighted = 0.0
  @usableFromInline var older = 0.0
  @usableFromInline var newer = 0.0

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func start() {
    half = period / 2
    isOdd = period % 2 == 1
    share = 1 / (Double(isOdd ? half + 1 : half) * Double(half + 1))
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    for ago in half..<period {
      older += x[ago]
      weighted += older
    }
    for ago in stride(from: half - 1, through: 0, by: -1) {
      newer += x[ago]
      weighted += newer
    }
    return pass(x)
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let middle = x[half]
    older += middle
    // An odd window has its middle in both halves' slopes, so it leaves the newer half a step later.
    weighted += isOdd ? newer : newer - middle
    newer -= middle
    newer += x[0]
    weighted += x[0]
    return pass(x)
  }

  /// The mean, and what the step to the next bar takes away.
  @inlinable
  mutating func pass(_ x: borrowing View) -> Double {
    let mean = weighted * share
    weighted -= older
    older -= x[period - 1]
    return mean
  }
}
