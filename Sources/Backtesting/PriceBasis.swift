public import Trading

/// Which prices a backtest read.
public enum PriceBasis: String, Sendable {
  /// Signals read prices adjusted for dividends, fills are at prices that are not, and dividends are paid in cash.
  case adjusted
  /// One kind of price serves for signals and fills.
  case unadjusted

  /// By what is known of a series.
  public init(of candles: CandleSeries) { self = candles.adjustment == nil ? .unadjusted : .adjusted }

  /// What a reader must know, in a sentence.
  public var note: String {
    switch self {
    case .adjusted:
      "Signals read prices adjusted for dividends as known at each bar; fills do not, and dividends are paid in cash."
    case .unadjusted: "One kind of price serves for signals and fills alike; no dividend is paid."
    }
  }
}
