public import PluginKit
public import SeriesMath

/// Aroon: how lately the lowest low and the highest high of the last n + 1 bars stood, 100 on this bar, 0 n bars ago.
///
///     down = 100 × (n − bars since lowest(low, n + 1)) / n; up = 100 × (n − bars since highest(high, n + 1)) / n
///
/// Of equal extremes the latest counts. Source: T. Chande, Stocks & Commodities 13:9, 1995; TA-Lib `AROON`.
public struct Aroon: Indicator {
  public static let id = "aroon"
  public static let summary = "How lately the lowest low and the highest high stood: 100 on this bar, 0 n bars ago."
  public static let inputs = ["high", "low"]
  public static let outputs = ["down", "up"]
  public static let measure = Measure.index(0...100)
  public static let parameters: [Parameter<Aroon>] = [
    .integer("period", \.period, 1...100_000, "bars back from this one")
  ]
  public static let examples = [
    Example(
      ["period": 2], [5, 4, 3, 3, 4], [2, 1, 1, 2, 3], gives: [nil, nil, 100, 50, 0], [nil, nil, 0, 0, 100],
      note: "low: 1 on this bar, a bar ago, two ago; high: 5 two bars ago, 4 two bars ago, 4 on this bar")
  ]

  public var period = 25
  @usableFromInline var unit = 1.0
  @usableFromInline var highest = WindowPeak(period: 1)
  @usableFromInline var lowest = WindowPeak(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func start() {
    unit = 100 / Double(period)
    highest = WindowPeak(period: period + 1)
    lowest = WindowPeak(period: period + 1)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) { _ = next(x) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Two { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Two {
    let up = highest.next(x[0, 0])
    let down = lowest.next(-x[1, 0])
    return Two(unit * Double(period - down), unit * Double(period - up))
  }
}
