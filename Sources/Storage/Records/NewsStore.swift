public import Trading

/// A piece of news as a feed gave it.
public struct NewsItem: Hashable, Sendable {
  /// The feed's name in the configuration, and its own identifier of the item.
  public var feed, identifier: String
  public var url: String?
  public var title: String
  public var summary: String?
  public var publishedAt, fetchedAt: Instant
  /// The symbols that it is about.
  public var symbols: Set<String>
  /// −1 to 1; nil where it was not judged.
  public var sentiment: Double?

  public init(
    feed: String, identifier: String, url: String? = nil, title: String, summary: String? = nil, publishedAt: Instant,
    fetchedAt: Instant, symbols: Set<String> = [], sentiment: Double? = nil
  ) {
    self.feed = feed
    self.identifier = identifier
    self.url = url
    self.title = title
    self.summary = summary
    self.publishedAt = publishedAt
    self.fetchedAt = fetchedAt
    self.symbols = symbols
    self.sentiment = sentiment
  }
}

/// Keeps news, each item of a feed once.
public protocol NewsStore: Sendable {
  /// Saves items; those that are there are left as they are. Returns how many are new.
  func save(_ items: [NewsItem]) async throws(StoreError) -> Int
  /// What was published about a symbol from one moment to another, both inclusive, by time; all news for a nil symbol.
  func news(about symbol: String?, from: Instant?, to: Instant?) async throws(StoreError) -> [NewsItem]
}
