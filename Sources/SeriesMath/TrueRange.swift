/// From the lower of low and last close to the higher of high and last close: how far a bar goes, gap included.
/// Source: J. W. Wilder, New Concepts in Technical Trading Systems, 1978.
@inlinable
public func trueRange(high: Double, low: Double, lastClose: Double) -> Double {
  greater(high, lastClose) - lesser(low, lastClose)
}

/// The share of a bar's volume that its close calls bought, less what it calls sold: volume × (2 close − high − low) /
/// (high − low); 0 where the bar has no range. Source: M. Chaikin; TA-Lib `AD`.
@inlinable
public func moneyFlow(high: Double, low: Double, close: Double, volume: Double) -> Double {
  let range = high - low
  return range > 0 ? ((close - low) - (high - close)) / range * volume : 0
}
