public import PluginKit
public import SeriesMath

/// Stochastic of the relative strength index: where it stands in its own range of the last bars, 0 to 100, and the
/// average of that.
///
///     r = rsi(x, period); d = sma(k, signal)
///     k = 100 × (r − lowest(r, range)) / (highest(r, range) − lowest(r, range))
///
/// A range of nothing has 0; both outputs start together. Source: T. Chande and S. Kroll, The New Technical Trader,
/// 1994; TA-Lib `STOCHRSI`.
public struct StochasticRSI: Indicator {
  public static let id = "stochastic_rsi"
  public static let summary = "Where the relative strength index stands in its own range, 0 to 100, and its average."
  public static let inputs = ["x"]
  public static let outputs = ["k", "d"]
  public static let measure = Measure.index(0...100)
  public static let parameters: [Parameter<StochasticRSI>] = [
    .integer("period", \.period, 2...100_000, "bars of the relative strength index"),
    .integer("range", \.range, 1...100_000, "bars of its range"),
    .integer("signal", \.signal, 1...10_000, "bars of d, the average of k"),
  ]
  public static let examples = [
    Example(
      ["period": 2, "range": 2, "signal": 2], [10, 12, 11, 13, 12], gives: [nil, nil, nil, nil, 0],
      [nil, nil, nil, nil, 50], note: "the index is 200/3, 600/7, 600/11: at the top of its range, then at the bottom")
  ]

  public var period = 14
  public var range = 14
  public var signal = 3
  @usableFromInline var seen = 0
  @usableFromInline var strength = ExactStrength()
  @usableFromInline var highest = WindowMaximum(period: 1)
  @usableFromInline var lowest = WindowMaximum(period: 1)
  @usableFromInline var average = RecentMean(period: 1)

  public init() {}

  @inlinable public var warmUp: Int { period + range + signal - 2 }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    strength.period = period
    strength.start()
    highest = WindowMaximum(period: range)
    lowest = WindowMaximum(period: range)
    average = RecentMean(period: signal)
  }

  @inlinable
  public mutating func warm(_ x: borrowing View) {
    seen += 1
    if seen <= period { return strength.warm(x) }
    let place = place(seen == period + 1 ? strength.first(x) : strength.next(x))
    if seen >= period + range { _ = average.next(place) }
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Two {
    range + signal == 2 ? row(strength.first(x)) : next(x)
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Two { row(strength.next(x)) }

  @inlinable
  mutating func row(_ strength: Double) -> Two {
    let k = place(strength)
    return Two(k, average.next(k))
  }

  @inlinable
  mutating func place(_ strength: Double) -> Double {
    let high = highest.next(strength)
    let low = -lowest.next(-strength)
    return isFlat(low, high) ? 0 : 100 * ((strength - low) / (high - low))
  }
}
