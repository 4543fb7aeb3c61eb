public import Trading

/// What was found of a symbol at a timeframe, as the document that `finstage insights --format json` has of it.
public struct InsightRecord: Hashable, Sendable {
  public var symbol: String
  public var timeframe: Timeframe
  /// The label of the last bar that was looked at.
  public var last: Instant
  public var madeAt: Instant
  public var document: String

  public init(symbol: String, timeframe: Timeframe, last: Instant, madeAt: Instant, document: String) {
    self.symbol = symbol
    self.timeframe = timeframe
    self.last = last
    self.madeAt = madeAt
    self.document = document
  }
}

/// Keeps the latest insights into each symbol and timeframe, and the ten before them.
public protocol InsightStore: Sendable {
  /// Those that are there stay as an edition.
  func save(_ insights: InsightRecord) async throws(StoreError)
  /// All, by symbol and timeframe.
  func insights() async throws(StoreError) -> [InsightRecord]
  /// The latest that had been made by a moment, as far as they are kept.
  func insights(knownAt moment: Instant) async throws(StoreError) -> [InsightRecord]
}
