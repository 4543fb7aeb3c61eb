public import Storage
public import Trading

/// What `StoreWriter` saves, so that whoever reads it knows what must be there.
///
/// A part brings new bars and corrects the last ones of the part before it.
public enum WrittenBars {
  public static let key = CandleKey(source: "writer", symbol: "KILL", timeframe: Timeframe(1, .minute))
  /// New bars of a part.
  public static let length = 700
  /// Bars of the part before that it corrects.
  public static let corrected = 5

  public static func time(_ bar: Int) -> Instant { Instant(seconds: 1_600_000_000 + Int64(bar) * 60) }

  /// The bars that a part brings.
  public static func part(_ part: Int) -> PriceHistory {
    bars(max(0, part * length - corrected)..<(part + 1) * length, editedUpTo: part * length)
  }

  /// What is there once so many parts are.
  public static func whole(parts: Int) -> PriceHistory {
    bars(0..<parts * length, editedUpTo: (parts - 1) * length)
  }

  private static func bars(_ range: Range<Int>, editedUpTo edge: Int) -> PriceHistory {
    let candles = range.map { bar in
      let price = 100 + Double(bar % 997) / 8
      let isCorrected = bar < edge && bar % length >= length - corrected
      return Candle(
        time: time(bar), open: price, high: price + 1, low: price - 1, close: price + 0.5,
        volume: Double(bar) + (isCorrected ? 0.25 : 0))
    }
    return PriceHistory(
      series: CandleSeries(
        instrument: Instrument(symbol: key.symbol), timeframe: key.timeframe, candles: candles))
  }
}
