public import PluginKit

/// Parabolic stop and reverse by Wilder: a stop that closes in on the price the faster, the longer the trend lasts, and
/// changes sides when it is touched.
///
///     sar = sar[1] + factor × (extreme − sar[1]), never inside the last two bars' ranges
///
/// The extreme is the highest high (lowest low) since the last reversal; the factor grows by `acceleration` with each
/// new extreme, up to `maximum`. As in TA-Lib the first bar is consumed: the trend starts downward where the second bar
/// falls further than it rises, and the first stop is the first bar's high or low. Source: J. W. Wilder, New Concepts
/// in Technical Trading Systems, 1978; TA-Lib `SAR`.
public struct ParabolicSAR: Indicator {
  public static let id = "parabolic_sar"
  public static let summary = "Parabolic stop and reverse: a stop that closes in on the price and changes sides."
  public static let inputs = ["high", "low"]
  public static let measure = Measure.price
  public static let parameters: [Parameter<ParabolicSAR>] = [
    .number("acceleration", \.acceleration, 0...10, "what the factor starts from and grows by"),
    .number("maximum", \.maximum, 0...10, "the greatest factor"),
  ]
  public static let examples = [
    Example(
      ["acceleration": 0.5, "maximum": 0.5], [10, 12, 14, 13], [8, 10, 12, 8], gives: [nil, 8, 10, 14],
      note: "from the low 8 half way to 12 is 10, then to 14 is 12, not above the low 10, which 8 meets: to 14")
  ]

  public var acceleration = 0.02
  public var maximum = 0.2
  @usableFromInline var isLong = true
  @usableFromInline var stop = 0.0
  @usableFromInline var extreme = 0.0
  @usableFromInline var factor = 0.0

  public init() {}

  @inlinable public var warmUp: Int { 1 }
  @inlinable public var reach: Int { 1 }

  @inlinable
  public mutating func start() {
    acceleration = min(acceleration, maximum)
    factor = acceleration
  }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Double {
    let rise = x[0, 0] - x[0, 1]
    let fall = x[1, 1] - x[1, 0]
    isLong = !(fall > 0 && fall > rise)
    stop = isLong ? x[1, 1] : x[0, 1]
    extreme = isLong ? x[0, 0] : x[1, 0]
    return step(high: x[0, 0], low: x[1, 0], lastHigh: x[0, 0], lastLow: x[1, 0])
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Double {
    step(high: x[0, 0], low: x[1, 0], lastHigh: x[0, 1], lastLow: x[1, 1])
  }

  @inlinable
  mutating func step(high: Double, low: Double, lastHigh: Double, lastLow: Double) -> Double {
    let floor = min(lastLow, low)
    let ceiling = max(lastHigh, high)
    let touched = isLong ? low <= stop : high >= stop
    if touched {
      isLong.toggle()
      stop = isLong ? min(extreme, floor) : max(extreme, ceiling)
      factor = acceleration
      extreme = isLong ? high : low
    }
    let now = stop
    let further = isLong ? high > extreme : low < extreme
    if further {
      extreme = isLong ? high : low
      factor = min(factor + acceleration, maximum)
    }
    let moved = stop + factor * (extreme - stop)
    stop = isLong ? min(moved, floor) : max(moved, ceiling)
    return now
  }
}
