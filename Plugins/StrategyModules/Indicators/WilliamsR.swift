public import PluginKit
public import SeriesMath

/// Williams %R: how far the close stands below the top of the range of the last bars, −100 to 0.
///
///     williams_r = −100 × (highest(high, n) − close) / (highest(high, n) − lowest(low, n))
///
/// A range of nothing has 0. Source: L. Williams, How I Made One Million Dollars Last Year Trading Commodities, 1973;
/// TA-Lib `WILLR`.
public struct WilliamsR: Indicator {
  public static let id = "williams_r"
  public static let summary = "How far the close stands below the top of the last bars' range, −100 to 0."
  public static let inputs = ["high", "low", "close"]
  public static let measure = Measure.index(-100...0)
  public static let parameters: [Parameter<WilliamsR>] = [
    .integer("period", \.period, 1...100_000, "bars of the range")
  ]
  public static let examples = [
    Example(
      ["period": 2], [10, 12, 12, 14], [8, 8, 10, 10], [9, 11, 11, 11], gives: [nil, -25, -25, -75],
      note: "−100 × (12 − 11) / (12 − 8), the same, −100 × (14 − 11) / (14 − 10)")
  ]

  public var period = 14
  @usableFromInline var highest = WindowExtreme(greatestOf: 1)
  @usableFromInline var lowest = WindowExtreme(leastOf: 1)

  public init() {}

  @inlinable public var warmUp: Int { period - 1 }
  @inlinable public var reach: Int { WindowExtreme.reach(period) }

  @inlinable
  public mutating func start() {
    highest = WindowExtreme(greatestOf: period)
    lowest = WindowExtreme(leastOf: period)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    highest.warm(x[0, 0])
    lowest.warm(x[1, 0])
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    place(x[2, 0], highest.next(x, 0), lowest.next(x, 1))
  }

  @inlinable
  public mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    let (count, closes) = (x.count, x.input(2))
    var space = InlineArray<512, Double>(repeating: 0)
    var whole = space.mutableSpan
    var highs = out.part(0..<count)
    var lows = whole.part(0..<count)
    highest.column(x, 0, into: &highs)
    lowest.column(x, 1, into: &lows)
    var row = 0
    while row + 8 <= count {
      let (close, high, low) = (closes.eight(at: row), highs.span.eight(at: row), lows.span.eight(at: row))
      let value = -100 * ((high - close) / (high - low))
      highs.set(value.replacing(with: 0, where: high .== low), at: row)
      row += 8
    }
    while row < count {
      highs[row] = place(closes[row], highs[row], lows[row])
      row += 1
    }
  }

  @inlinable
  @inline(__always)
  func place(_ close: Double, _ high: Double, _ low: Double) -> Double {
    let value = -100 * ((high - close) / (high - low))
    return high == low ? 0 : value
  }
}
