public import PluginKit
public import SeriesMath

/// The greatest of the last n values, this one included.
///
///     highest = max(x[0], …, x[n-1])
///
/// Source: TA-Lib `MAX`.
public struct Highest: Indicator {
  public static let id = "highest"
  public static let summary = "The greatest of the last n values, this one included."
  public static let inputs = ["x"]
  public static let measure = Measure.same
  public static let parameters: [Parameter<Highest>] = [
    .integer("period", \.period, 1...100_000, "bars in the window")
  ]
  public static let examples = [
    Example(["period": 2], [1, 3, 2, 1, 5], gives: [nil, 3, 3, 2, 5], note: "of each neighbouring pair the greater")
  ]

  public var period = 20
  @usableFromInline var window = WindowExtreme(greatestOf: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { WindowExtreme.reach(period) }

  @inlinable
  public mutating func start() { window = WindowExtreme(greatestOf: period) }

  @inlinable
  public mutating func warm(_ x: borrowing View) { window.warm(x[0]) }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double { window.next(x) }

  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    var values = out.part(0..<x.count)
    window.column(x, into: &values)
  }
}
