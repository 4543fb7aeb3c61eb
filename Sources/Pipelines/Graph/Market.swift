public import MarketData
public import Trading

/// The prices that a graph runs over: the series whose bars decide, and the others that it reads as of those bars.
///
/// A live host hands over only the bars that came since: `first` and `otherFirsts` then say which bar of the whole
/// stands at row 0 of each series.
public struct Market: Sendable {
  public var deciding: CandleSeries
  /// By symbol, or by `@role` in a strategy with groups.
  public var others: [String: CandleSeries]
  /// What is known of the deciding series' symbol besides its prices.
  public var facts: Facts
  /// The number of the deciding series' first bar, from 0; the bars before it have been taken.
  public var first: Int
  /// The same of the others; 0 where nothing is said.
  public var otherFirsts: [String: Int]

  public init(
    _ deciding: CandleSeries, others: [String: CandleSeries] = [:], facts: Facts = .none, first: Int = 0,
    otherFirsts: [String: Int] = [:]
  ) {
    self.deciding = deciding
    self.others = others
    self.facts = facts
    self.first = first
    self.otherFirsts = otherFirsts
  }
}
