public import Trading

/// An item about a symbol, and since when it was here as one about that symbol.
public struct SymbolNews: Hashable, Sendable {
  public var feed, identifier: String
  public var title: String
  public var summary: String?
  public var publishedAt: Instant
  /// When a feed first brought it for this symbol, which may be later than for another one.
  public var knownAt: Instant

  public init(
    feed: String, identifier: String, title: String, summary: String? = nil, publishedAt: Instant, knownAt: Instant
  ) {
    self.feed = feed
    self.identifier = identifier
    self.title = title
    self.summary = summary
    self.publishedAt = publishedAt
    self.knownAt = knownAt
  }
}

/// News as a strategy may read it.
public protocol SymbolNewsStore: Sendable {
  /// All that is known about a symbol, by publication.
  func knownNews(about symbol: String) async throws(StoreError) -> [SymbolNews]
}
