public import PluginKit

/// Heikin-ashi candles: candles of averages, in which a trend shows with fewer turns.
///
///     close = (open + high + low + close) / 4; open = (open[1] + close[1]) / 2 of the candle before
///     high = max(high, open, close); low = min(low, open, close)
///
/// The first opens in the middle of its own body. Source: D. Valcu, Stocks & Commodities 22:2, 2004.
public struct HeikinAshi: Indicator {
  public static let id = "heikin_ashi"
  public static let summary = "Candles of averages, in which a trend shows with fewer turns."
  public static let inputs = ["open", "high", "low", "close"]
  public static let outputs = ["open", "high", "low", "close"]
  public static let examples = [
    Example(
      [:], [10, 12], [14, 16], [8, 12], [12, 16], gives: [11, 11], [14, 16], [8, 11], [11, 14],
      note: "44 / 4 and (10 + 12) / 2; 56 / 4 and (11 + 11) / 2, which is below the low")
  ]

  @usableFromInline var open = 0.0
  @usableFromInline var close = 0.0

  public init() {}

  @inlinable public var warmUp: Int { 0 }
  @inlinable public var reach: Int { 0 }

  @inlinable
  public mutating func first(_ x: borrowing View) -> Four {
    (open, close) = (x[0, 0], x[3, 0])
    return next(x)
  }

  @inlinable
  public mutating func next(_ x: borrowing View) -> Four {
    open = (open + close) / 2
    close = (x[0, 0] + x[1, 0] + x[2, 0] + x[3, 0]) / 4
    return Four(open, max(x[1, 0], max(open, close)), min(x[2, 0], min(open, close)), close)
  }
}
