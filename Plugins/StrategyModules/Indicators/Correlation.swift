public import PluginKit

/// The correlation of x and y over the last n bars, −1 to 1.
///
///     correlation = cov(x, y) / √(var(x) × var(y))
///
/// There is no value where one of them does not move. Source: K. Pearson, 1895; TA-Lib `CORREL`.
public struct Correlation: Indicator {
  public static let id = "correlation"
  public static let summary = "The correlation of x and y over the last n bars, −1 to 1."
  public static let inputs = ["x", "y"]
  public static let parameters: [Parameter<Correlation>] = [
    .integer("period", \.period, 2...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(
      ["period": 3], [1, 2, 3, 4], [1, 3, 2, 1], gives: [nil, nil, 0.5, -1],
      note: "distances −1 0 1 and −1 1 0: 1 / √(2 × 2); −1 0 1 and 1 0 −1")
  ]

  public var period = 20
  @usableFromInline var window = WindowPair(period: 2)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { period - 1 }

  @inlinable
  public mutating func start() { window = WindowPair(period: period) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    let products = window.next(x)
    guard products.xx > 0, products.yy > 0 else { return .nan }
    return min(max(products.xy / (products.xx.squareRoot() * products.yy.squareRoot()), -1), 1)
  }
}
