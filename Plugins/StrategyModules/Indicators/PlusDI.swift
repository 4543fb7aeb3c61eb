public import PluginKit

/// Directional indicator up by Wilder: how much of the last bars' range lay above the bars before, 0 to 100.
///
///     plus_di = 100 × wilder(plus movement) / wilder(true range)
///     plus movement = high − high[1] where that is positive and more than low[1] − low, else 0
///
/// Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib `PLUS_DI`.
public struct PlusDI: Indicator {
  public static let id = "plus_di"
  public static let summary = "Directional indicator up by Wilder: the share of movement up in the range, 0 to 100."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.index(0...100)
  public static let parameters: [Parameter<PlusDI>] = [
    .integer("period", \.period, 2...100_000, "bars of Wilder's sums")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 15, 15], [8, 9, 11, 10], [9, 11, 14, 12], gives: [nil, nil, 800 / 11.0, 800 / 31.0],
      note: "movements up 2, 3, 0 and ranges 3, 4, 5: 2/2 + 3 = 4 of 3/2 + 4 = 5.5; then 4/2 = 2 of 5.5/2 + 5 = 7.75")
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
    return movement.plus
  }
}
