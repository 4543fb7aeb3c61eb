public import PluginKit
public import SeriesMath

/// Donchian channel: the highest high and the lowest low of the last n bars, this one included, and their middle.
///
///     upper = highest(high, n); lower = lowest(low, n); middle = (upper + lower) / 2
///
/// Source: R. Donchian, High finance in copper, Financial Analysts Journal 16:6, 1960.
public struct Donchian: Indicator {
  public static let id = "donchian"
  public static let summary = "The highest high and the lowest low of the last n bars, and their middle."
  public static let inputs = ["high", "low"]
  public static let outputs = ["upper", "middle", "lower"]
  public static let measure = Measure.price
  public static let parameters: [Parameter<Donchian>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 11], [8, 9, 7], gives: [nil, 12, 12], [nil, 10, 9.5], [nil, 8, 7],
      note: "of each neighbouring pair the higher high and the lower low")
  ]

  public var period = 20
  @usableFromInline var highest = WindowMaximum(period: 1)
  @usableFromInline var lowest = WindowMaximum(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    highest = WindowMaximum(period: period)
    lowest = WindowMaximum(period: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) { _ = next(x) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Three { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Three {
    let upper = highest.next(x[0, 0])
    let lower = -lowest.next(-x[1, 0])
    return Three(upper, (upper + lower) / 2, lower)
  }
}
