import Trading

/// The bar from whose close a call from outside is judged.
///
/// The host's own calls are known at the close of their bar. One that comes in from outside is known when it comes in,
/// whatever it says of itself: it is judged from the first close from then on, so that no move before it counts for it.
/// A call that is made at a close takes some time to arrive: a tenth of a bar, at most a minute, is granted.
enum ReceivedPlacing {
  /// How long behind a close a call may come in that is taken to be made at that close, in milliseconds.
  static func delay(at timeframe: Timeframe) -> Int64 { min(60_000, timeframe.milliseconds / 10) }

  /// The longest way from a call to the opening of its bar, in milliseconds: weekends and holidays lie within it.
  private static func longest(at timeframe: Timeframe) -> Int64 { max(10 * 86_400_000, 2 * timeframe.milliseconds) }

  /// Whether no bar has closed yet from which a call could be judged.
  static func isBehindEnd(_ time: Instant, of candles: CandleSeries) -> Bool {
    candles.count > 0 && candles.knownAt(candles.count - 1) < time.advanced(by: -delay(at: candles.timeframe))
  }

  /// The first bar with a price that closes at the moment or behind it; nil where there is none near it, or the moment
  /// lies before all bars.
  static func bar(for time: Instant, in candles: CandleSeries) -> Int? {
    let moment = time.advanced(by: -delay(at: candles.timeframe))
    var (low, high) = (0, candles.count)
    while low < high {
      let middle = (low + high) / 2
      if candles.knownAt(middle) < moment { low = middle + 1 } else { high = middle }
    }
    while low < candles.count, candles.isMissing(low) { low += 1 }
    guard low < candles.count, low > 0 || candles.times[0] <= time,
      candles.times[low].milliseconds - time.milliseconds <= longest(at: candles.timeframe)
    else { return nil }
    return low
  }
}
