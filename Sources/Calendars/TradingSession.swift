public import Trading

/// One day's trading at an exchange.
public struct TradingSession: Hashable, Sendable {
  /// Midnight UTC of the session's own date, by which daily bars are labelled.
  public let date: Instant
  /// The first moment of regular trading.
  public let open: Instant
  /// The last moment of regular trading.
  public let close: Instant
  /// The pause at midday, where the exchange has one.
  public let pause: Range<Instant>?

  public init(date: Instant, open: Instant, close: Instant, pause: Range<Instant>? = nil) {
    self.date = date
    self.open = open
    self.close = close
    self.pause = pause
  }

  /// Whether trading goes on at a moment; the close itself is outside.
  public func isOpen(at moment: Instant) -> Bool {
    moment >= open && moment < close && !(pause?.contains(moment) ?? false)
  }
}
