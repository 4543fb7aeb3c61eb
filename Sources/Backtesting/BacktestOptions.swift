public import Trading

/// How signals are replayed: where they fill, what a fill costs, and which bars count.
public struct BacktestOptions: Hashable, Sendable {
  /// Where a signal of bar t fills: at the open of the next bar there is, or, optimistically, at the close of t.
  public enum Fill: String, Sendable, CaseIterable { case nextOpen = "next-open", close }

  /// The horizons at which signals are judged, in the order in which they are shown.
  public var horizons: [Horizon] = [.bars(1), .bars(5), .bars(20)]
  /// Whether outcomes tell excursions and market regimes besides; a table that shows neither need not pay for them.
  public var outcomesInDetail = true
  /// Where a signal fills.
  public var fill = Fill.nextOpen
  /// The fee of a fill, as a fraction of its value.
  public var feeRate = 0.001
  /// A fee in money for each share besides, and the least that a fill costs.
  public var feePerShare = 0.0, feeMinimum = 0.0
  /// How far a fill stands against the trader, as a fraction of the price.
  public var slippage = 0.0
  /// The same as a fraction of the range of the bar in which it fills.
  public var slippageOfRange = 0.0
  /// What a short costs a year, as a fraction of its value.
  public var borrowRate = 0.0
  /// The money at the start.
  public var start = 10_000.0
  /// The first and the last UTC date that count, both inclusive; the time of day is not looked at.
  public var from, to: Instant?
  /// Whether series were read with their dividends, where they have any. Whoever reads them heeds it; here it tells trials
  /// of both kinds apart.
  public var adjustsPrices = true
  /// Bars a year where a calendar knows them; nil takes them from the bars (see `periodsPerYear(of:)`).
  public var periodsPerYear: Double?

  /// The defaults of `finstage backtest`.
  public init() {}
}

extension CandleSeries {
  /// The bars whose UTC dates lie between the two, both inclusive.
  func bars(from: Instant?, to: Instant?) -> Range<Int> {
    let lower = from.map { from in times.firstIndex { $0.day >= from.day } ?? count } ?? 0
    let upper = to.map { to in times.firstIndex { $0.day > to.day } ?? count } ?? count
    return lower..<max(lower, upper)
  }
}
