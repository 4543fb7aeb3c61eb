public import Trading

/// The prices that a graph runs over: the series whose bars decide, and the others that it reads as of those bars.
public struct Market: Sendable {
  public var deciding: CandleSeries
  /// By symbol, or by `@role` in a strategy with groups.
  public var others: [String: CandleSeries]

  public init(_ deciding: CandleSeries, others: [String: CandleSeries] = [:]) {
    self.deciding = deciding
    self.others = others
  }
}
