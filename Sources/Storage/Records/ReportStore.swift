public import Trading

/// A signal as it stood at a moment, and when it had been saved.
public struct KnownSignal: Hashable, Sendable {
  public var stored: StoredSignal
  public var savedAt: Instant

  public init(stored: StoredSignal, savedAt: Instant) {
    self.stored = stored
    self.savedAt = savedAt
  }
}

/// A piece of news as it was known at a moment.
public struct KnownNews: Hashable, Sendable {
  public var title, feed: String
  public var url: String?
  public var publishedAt: Instant
  /// What it was known to be about by then, ascending.
  public var symbols: [String]
  public var story: Int64?

  public init(
    title: String, feed: String, url: String?, publishedAt: Instant, symbols: [String], story: Int64?
  ) {
    self.title = title
    self.feed = feed
    self.url = url
    self.publishedAt = publishedAt
    self.symbols = symbols
    self.story = story
  }
}

/// What reports look back at.
public protocol ReportStore: Sendable {
  /// All signals that had been saved by a moment, as they stood then, by their bars: what was corrected or taken back
  /// later is as it was before.
  func signals(knownAt moment: Instant) async throws(StoreError) -> [KnownSignal]
  /// What feeds brought after a moment and until another one, at most a day after it had been published; the latest
  /// first.
  func news(broughtAfter from: Instant, knownAt moment: Instant, limit: Int) async throws(StoreError) -> [KnownNews]
  /// The notice with the greatest key from `first` on and before `end`; nil where there is none.
  func lastNotice(keyFrom first: String, before end: String) async throws(StoreError) -> OutboxEntry?
  /// All notices with keys from `first` on and before `end`, by their keys and then by when they were queued.
  func notices(keyFrom first: String, before end: String) async throws(StoreError) -> [OutboxEntry]
}
