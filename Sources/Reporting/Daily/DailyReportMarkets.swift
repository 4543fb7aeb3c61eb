public import Insights
public import Trading

extension DailyReport {
  /// How far the prices of a symbol go.
  public struct Freshness: Hashable, Sendable {
    public enum State: String, Sendable { case fresh, stale, missing }
    public var symbol: String
    public var timeframe: Timeframe
    public var state: State
    /// The label of the last closed bar, its close, and the change against the bar before it as a fraction.
    public var last: Instant?
    public var close, change: Double?
    /// The close of the last session that is over, by the calendar; nil without one.
    public var expected: Instant?
    /// Why there are no prices.
    public var fault: String?

    public init(
      symbol: String, timeframe: Timeframe, state: State, last: Instant? = nil, close: Double? = nil,
      change: Double? = nil, expected: Instant? = nil, fault: String? = nil
    ) {
      self.symbol = symbol
      self.timeframe = timeframe
      self.state = state
      self.last = last
      self.close = close
      self.change = change
      self.expected = expected
      self.fault = fault
    }
  }

  /// What the market of a symbol is like at its last bar, by what is known at its close.
  public struct Reading: Hashable, Sendable {
    public var symbol: String
    public var last: Instant
    public var close, change: Double?
    /// The close against the highest high of all bars, as a fraction.
    public var fromHigh: Double?
    public var regime: RegimeReading?
    public var sentiment: SentimentScore?

    public init(
      symbol: String, last: Instant, close: Double?, change: Double?, fromHigh: Double?, regime: RegimeReading?,
      sentiment: SentimentScore?
    ) {
      self.symbol = symbol
      self.last = last
      self.close = close
      self.change = change
      self.fromHigh = fromHigh
      self.regime = regime
      self.sentiment = sentiment
    }
  }

  /// What feeds brought since the last report.
  public struct News: Hashable, Sendable {
    public struct Item: Hashable, Sendable {
      public var title, feed: String
      public var url: String?
      public var publishedAt: Instant
      public var symbols: [String]

      public init(title: String, feed: String, url: String?, publishedAt: Instant, symbols: [String]) {
        self.title = title
        self.feed = feed
        self.url = url
        self.publishedAt = publishedAt
        self.symbols = symbols
      }
    }

    /// All items.
    public var count: Int
    /// How many are about each symbol, the most first.
    public var symbols: [Share]
    /// The latest, one a story: those about symbols of the report first.
    public var items: [Item]

    public struct Share: Hashable, Sendable {
      public var symbol: String
      public var count: Int

      public init(symbol: String, count: Int) {
        self.symbol = symbol
        self.count = count
      }
    }

    public init(count: Int, symbols: [Share], items: [Item]) {
      self.count = count
      self.symbols = symbols
      self.items = items
    }
  }

  /// The last bars of a symbol with signals.
  public struct Chart: Sendable {
    public var candles: CandleSeries
    public var lines: [CandlePicture.Line]
    public var signals: [Signal]
    /// Whose past signals are drawn where there is no new one.
    public var strategy: String?
    /// Of the symbol.
    public var name: String?

    public init(
      _ candles: CandleSeries, lines: [CandlePicture.Line], signals: [Signal], strategy: String? = nil,
      name: String? = nil
    ) {
      self.candles = candles
      self.lines = lines
      self.signals = signals
      self.strategy = strategy
      self.name = name
    }

    /// Nil where no bar has a price.
    public func picture(locale: String) -> CandlePicture? {
      let last = candles.times.last.map { " · \($0.dateText)" } ?? ""
      return CandlePicture(
        candles, bars: candles.count, lines: lines, signals: signals,
        title: "\(candles.instrument.symbol) \(candles.timeframe)\(last)",
        subtitle: [name, strategy].compactMap(\.self).joined(separator: " · "),
        volumeName: locale == "ko" ? "거래량" : "Volume")
    }
  }
}
