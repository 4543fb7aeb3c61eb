public import Trading

extension DailyReport {
  /// A signal that was saved since the last report.
  public struct Fired: Hashable, Sendable {
    public var id: Int64
    public var strategy, symbol: String
    public var timeframe: Timeframe
    public var signal: Signal
    /// The close of its bar.
    public var knownAt: Instant
    /// What the same strategy's calls on the symbol came to: replayed over all bars, and of those that were stored; nil
    /// where none has ended.
    public var record, stored: Rating?

    public init(
      id: Int64, strategy: String, symbol: String, timeframe: Timeframe, signal: Signal, knownAt: Instant,
      record: Rating? = nil, stored: Rating? = nil
    ) {
      self.id = id
      self.strategy = strategy
      self.symbol = symbol
      self.timeframe = timeframe
      self.signal = signal
      self.knownAt = knownAt
      self.record = record
      self.stored = stored
    }
  }

  /// A move of a price that somebody wanted to know of.
  public struct Alert: Hashable, Sendable {
    public var id: Int64
    public var strategy, rule, symbol: String
    public var price, base: Double
    /// The close of its bar.
    public var knownAt: Instant

    public init(
      id: Int64, strategy: String, rule: String, symbol: String, price: Double, base: Double, knownAt: Instant
    ) {
      self.id = id
      self.strategy = strategy
      self.rule = rule
      self.symbol = symbol
      self.price = price
      self.base = base
      self.knownAt = knownAt
    }

    /// The price against the base, as a fraction.
    public var change: Double? { base > 0 ? price / base - 1 : nil }
  }

  /// A call whose horizon has ended since the last report.
  public struct Closed: Hashable, Sendable {
    public var id: Int64
    public var strategy, symbol: String
    public var direction: Direction
    /// The labels of the call's bar and of the one at whose close the horizon ended, and these closes.
    public var time, end: Instant
    public var price, endPrice: Double
    /// The return with the sign turned for sell, as a fraction.
    public var result: Double

    public init(
      id: Int64, strategy: String, symbol: String, direction: Direction, time: Instant, end: Instant, price: Double,
      endPrice: Double, result: Double
    ) {
      self.id = id
      self.strategy = strategy
      self.symbol = symbol
      self.direction = direction
      self.time = time
      self.end = end
      self.price = price
      self.endPrice = endPrice
      self.result = result
    }
  }
}
