public import PluginKit

/// Supertrend: a stop a number of average true ranges from the middle of the bar, that only follows the trend and
/// changes sides when the close crosses it.
///
///     upper = (high + low) / 2 + multiplier × atr(n), lower = … − …
///     an upper band falls, a lower band rises, until the last close lay beyond it
///
/// `line` is the lower band in an uptrend (`direction` 1) and the upper one in a downtrend (−1); the first bar is an
/// uptrend where it closes above the middle of its range. Source: O. Seban, Tout le monde mérite d'être riche, 2009.
public struct Supertrend: Indicator {
  public static let id = "supertrend"
  public static let summary = "A stop some average true ranges away that follows the trend and changes sides."
  public static let inputs = ["high", "low", "close"]
  public static let outputs = ["line", "direction"]
  public static let parameters: [Parameter<Supertrend>] = [
    .integer("period", \.period, 1...100_000, "bars of the average true range"),
    .number("multiplier", \.multiplier, 0...1_000, "average true ranges from the middle to a band"),
  ]
  public static let examples = [
    Example(
      ["period": 1, "multiplier": 1], [10, 12, 13, 12], [8, 10, 11, 6], [9, 12, 12, 7],
      gives: [nil, 8, 10, 14], [nil, 1, 1, -1],
      note: "middles 11, 12, 9, ranges 3, 2, 6: lower 8, 10, held at 10, which 7 crosses; upper 14, held at 14")
  ]

  public var period = 10
  public var multiplier = 3.0
  @usableFromInline var range = ATR()
  @usableFromInline var upper = 0.0
  @usableFromInline var lower = 0.0
  @usableFromInline var isUp = true

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    range.period = period
    range.start()
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) { range.warm(x) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Two {
    let middle = (x[0, 0] + x[1, 0]) / 2
    let distance = multiplier * range.first(x)
    (upper, lower) = (middle + distance, middle - distance)
    isUp = x[2, 0] > middle
    return Two(isUp ? lower : upper, isUp ? 1 : -1)
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Two {
    let middle = (x[0, 0] + x[1, 0]) / 2
    let distance = multiplier * range.next(x)
    let last = x[2, 1]
    upper = last > upper ? middle + distance : min(upper, middle + distance)
    lower = last < lower ? middle - distance : max(lower, middle - distance)
    isUp = isUp ? x[2, 0] >= lower : x[2, 0] > upper
    return Two(isUp ? lower : upper, isUp ? 1 : -1)
  }
}
