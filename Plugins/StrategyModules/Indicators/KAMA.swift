public import PluginKit

/// Adaptive moving average by Kaufman: fast where the value goes somewhere, slow where it only goes to and fro.
///
///     e = |x − x[n]| / (|x − x[1]| + … + |x[n-1] − x[n]|); weight = (2/31 + e × (2/3 − 2/31))²
///     kama = kama[1] + weight × (x − kama[1]), from x[1] on the first bar
///
/// As in TA-Lib, e is 1 where nothing moved. Source: P. Kaufman, Smarter Trading, 1995; TA-Lib `KAMA`.
public struct KAMA: Indicator {
  public static let id = "kama"
  public static let summary = "Adaptive moving average by Kaufman: fast in a move, slow in noise."
  public static let inputs = ["x"]
  public static let measure = Measure.same
  public static let parameters: [Parameter<KAMA>] = [
    .integer("period", \.period, 2...100_000, "bars over which way and noise are compared")
  ]
  public static let examples = [
    Example(
      ["period": 2], [1, 2, 3, 3], gives: [nil, nil, 22 / 9.0, 218 / 81.0],
      note: "e is 2/2, so the weight is (2/3)² = 4/9: 2 + 4/9; then e is 1/1 and 22/9 + 4/9 × 5/9")
  ]

  public var period = 10
  @usableFromInline var noise = 0.0
  @usableFromInline var average = 0.0
  /// Bars in a row that did not move: after a window of them the noise is exactly 0, whatever rounding has left.
  @usableFromInline var still = 0

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { period }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    average = x[1]
    for ago in stride(from: period - 1, through: 1, by: -1) {
      noise += abs(x[ago] - x[ago + 1])
      still = x[ago] == x[ago + 1] ? still + 1 : 0
    }
    return next(x)
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    noise += abs(x[0] - x[1])
    still = x[0] == x[1] ? still + 1 : 0
    if still >= period { noise = 0 }
    let way = x[0] - x[period]
    let efficiency = noise <= way || noise == 0 ? 1 : abs(way / noise)
    noise -= abs(x[period - 1] - x[period])
    let root = efficiency * KAMA.spread + KAMA.slowest
    average += (x[0] - average) * (root * root)
    return average
  }

  /// The weights of exponential averages over 2 and over 30 bars are the fastest and the slowest.
  @usableFromInline static let slowest = 2.0 / 31
  @usableFromInline static let spread = 2.0 / 3 - 2.0 / 31
}
