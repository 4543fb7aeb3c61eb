public import Trading

/// The prices of a symbol in one session, as they stood when the snapshot was taken.
public struct SessionSnapshot: Hashable, Sendable {
  public var symbol: String
  /// Midnight UTC of the session's date.
  public var date: Instant
  public var open, high, low, close, volume: Double
  public var takenAt: Instant

  public init(
    symbol: String, date: Instant, open: Double, high: Double, low: Double, close: Double, volume: Double,
    takenAt: Instant
  ) {
    self.symbol = symbol
    self.date = date
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
    self.takenAt = takenAt
  }
}

/// Keeps one snapshot for each symbol and session.
public protocol SessionStore: Sendable {
  /// Saves a snapshot; an earlier one of the session is replaced.
  func save(_ snapshot: SessionSnapshot) async throws(StoreError)
  /// By date.
  func sessions(of symbol: String, from: Instant?, to: Instant?) async throws(StoreError) -> [SessionSnapshot]
}
