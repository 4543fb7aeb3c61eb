public import PluginKit

/// Directional indicator down by Wilder: how much of the last bars' range lay below the bars before, 0 to 100.
///
///     minus_di = 100 × wilder(minus movement) / wilder(true range)
///     minus movement = low[1] − low where that is positive and more than high − high[1], else 0
///
/// Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib `MINUS_DI`.
public struct MinusDI: Indicator {
  public static let id = "minus_di"
  public static let summary = "Directional indicator down by Wilder: the share of movement down in the range, 0 to 100."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.index(0...100)
  public static let parameters: [Parameter<MinusDI>] = [
    .integer("period", \.period, 2...100_000, "bars of Wilder's sums")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 15, 15], [8, 9, 11, 10], [9, 11, 14, 12], gives: [nil, nil, 0, 400 / 31.0],
      note: "movements down 0, 0, 1 and ranges 3, 4, 5: 0 of 3/2 + 4 = 5.5; then 1 of 5.5/2 + 5 = 7.75")
  ]

  public var period = 14
  @usableFromInline var movement = DirectionalMovement(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() { movement = DirectionalMovement(period: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) { movement.warm(x) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    movement.next(x)
    return movement.minus
  }
}
