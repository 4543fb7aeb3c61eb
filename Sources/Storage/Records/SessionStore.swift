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

  /// Whether the prices are the same, whenever they were taken.
  public func saysTheSame(as other: SessionSnapshot) -> Bool {
    (symbol, date, open, high, low) == (other.symbol, other.date, other.open, other.high, other.low)
      && (close, volume) == (other.close, other.volume)
  }
}

/// A snapshot as it was before a correction of prices.
public struct SessionEdition: Hashable, Sendable {
  public var snapshot: SessionSnapshot
  public var replacedAt: Instant

  public init(snapshot: SessionSnapshot, replacedAt: Instant) {
    self.snapshot = snapshot
    self.replacedAt = replacedAt
  }
}

/// Keeps one snapshot for each symbol and session.
public protocol SessionStore: Sendable {
  /// Saves snapshots, all or none. One whose prices are those that are there changes nothing; one of other prices takes
  /// its place, and what was there stays as an edition. Returns what became of each, in their order.
  func save(_ snapshots: [SessionSnapshot]) async throws(StoreError) -> [LevelChange]
  /// By date.
  func sessions(of symbol: String, from: Instant?, to: Instant?) async throws(StoreError) -> [SessionSnapshot]
  /// What the session of a date was before corrections, the oldest first.
  func editions(of symbol: String, on date: Instant) async throws(StoreError) -> [SessionEdition]
}
