public import Trading

/// A piece of news as a feed gave it.
public struct NewsItem: Hashable, Sendable {
  /// How the date of an item came about.
  public enum Dating: String, Sendable, Hashable, CaseIterable {
    /// As the feed says.
    case given
    /// The feed names no zone: its clocks are taken to be those that the configuration declares.
    case zoneAssumed = "zone_assumed"
    /// The feed names a moment that was still to come: `publishedAt` is when it was fetched.
    case clamped
    /// The feed names none that can be read: `publishedAt` is when it was fetched.
    case missing

    /// Whether the moment is the item's own, not that of its fetching.
    public var isOwn: Bool { self == .given || self == .zoneAssumed }
  }

  /// The feed's name in the configuration, and its own identifier of the item.
  public var feed, identifier: String
  public var url: String?
  public var title: String
  public var summary: String?
  /// When it was published as far as is known, never after `fetchedAt`; nobody can have read it here before that.
  public var publishedAt, fetchedAt: Instant
  /// The symbols that it is about.
  public var symbols: Set<String>
  /// −1 to 1; nil where it was not judged.
  public var sentiment: Double?
  public var dating: Dating
  /// A language tag such as `en` or `ko`; nil where the feed names none.
  public var language: String?
  /// Items that tell of the same have the same story; nil where that was not looked at.
  public var story: Int64?

  public init(
    feed: String, identifier: String, url: String? = nil, title: String, summary: String? = nil, publishedAt: Instant,
    fetchedAt: Instant, symbols: Set<String> = [], sentiment: Double? = nil, dating: Dating = .given,
    language: String? = nil, story: Int64? = nil
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
    self.dating = dating
    self.language = language
    self.story = story
  }
}

/// An item as it comes in, with what it is known by and who is told of it.
public struct NewsArrival: Hashable, Sendable {
  public var item: NewsItem
  /// Whether the feed itself tells its items apart by `identifier`. Two of one feed are then never one, whatever else
  /// they have in common.
  public var hasOwnIdentifier: Bool
  /// Numbers that an item of another feed shares where it is the same: of an identifier that is unique in the world,
  /// of address and title.
  public var keys: [Int64]
  /// Saved with the item where it is new, or tells of a symbol that it was not known to be about.
  public var notices: [Notice]

  public init(_ item: NewsItem, hasOwnIdentifier: Bool = true, keys: [Int64] = [], notices: [Notice] = []) {
    self.item = item
    self.hasOwnIdentifier = hasOwnIdentifier
    self.keys = keys
    self.notices = notices
  }
}

/// What became of arrivals, in their order.
public struct NewsReceipt: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
    case new
    /// Another feed, or this one for another symbol, had brought it.
    case merged
    case known
  }

  /// The item's number in the store, and what became of it.
  public var items: [(id: Int64, outcome: Outcome)] { zip(ids, outcomes).map { ($0, $1) } }
  public var ids: [Int64] = []
  public var outcomes: [Outcome] = []

  public init() {}

  public func count(_ outcome: Outcome) -> Int { outcomes.count { $0 == outcome } }
}

/// An item as it stands in the store.
public struct StoredNews: Hashable, Sendable {
  public var id: Int64
  public var item: NewsItem

  public init(id: Int64, item: NewsItem) {
    self.id = id
    self.item = item
  }
}

/// The title of an item that belongs to a story.
public struct StoryTitle: Hashable, Sendable {
  public var title: String
  public var publishedAt: Instant
  /// Whether that moment is the item's own.
  public var isDated: Bool
  public var story: Int64

  public init(title: String, publishedAt: Instant, isDated: Bool = true, story: Int64) {
    self.title = title
    self.publishedAt = publishedAt
    self.isDated = isDated
    self.story = story
  }
}

/// One feed that brought an item.
public struct NewsSource: Hashable, Sendable {
  public var feed, identifier: String
  public var url: String?
  public var fetchedAt: Instant

  public init(feed: String, identifier: String, url: String? = nil, fetchedAt: Instant) {
    self.feed = feed
    self.identifier = identifier
    self.url = url
    self.fetchedAt = fetchedAt
  }
}

/// Which news are wanted. What is nil asks nothing; times are inclusive.
public struct NewsQuery: Hashable, Sendable {
  /// Words that all stand in title or summary, in any order: `rate cut`, `"rate cut"` for a phrase, `infla*` for the
  /// beginning of a word, `-bitcoin` for one that must not stand there. Words of Korean, Chinese and Japanese are found
  /// inside others too.
  public var search: String?
  public var symbol: String?
  public var feed: String?
  public var from, to: Instant?
  public var limit: Int

  public init(
    search: String? = nil, symbol: String? = nil, feed: String? = nil, from: Instant? = nil, to: Instant? = nil,
    limit: Int = 100
  ) {
    self.search = search
    self.symbol = symbol
    self.feed = feed
    self.from = from
    self.to = to
    self.limit = limit
  }
}

/// One address of a feed, and how it went the last time.
public struct FeedState: Hashable, Sendable {
  /// The feed's name in the configuration, and what tells its addresses apart.
  public var feed, address: String
  /// What the server calls the version of the document whose items were all saved.
  public var entityTag, lastModified: String?
  public var askedAt: Instant
  /// When it last answered with a feed, or said that nothing has changed.
  public var answeredAt: Instant?
  /// Why it did not answer the last time.
  public var failure: String?
  /// How often in a row it has not.
  public var failures: Int
  /// It is left alone until then.
  public var notBefore: Instant?

  public init(
    feed: String, address: String, entityTag: String? = nil, lastModified: String? = nil, askedAt: Instant,
    answeredAt: Instant? = nil, failure: String? = nil, failures: Int = 0, notBefore: Instant? = nil
  ) {
    self.feed = feed
    self.address = address
    self.entityTag = entityTag
    self.lastModified = lastModified
    self.askedAt = askedAt
    self.answeredAt = answeredAt
    self.failure = failure
    self.failures = failures
    self.notBefore = notBefore
  }
}

/// Keeps news: each item once, whichever feeds bring it and for whichever symbols.
public protocol NewsStore: Sendable {
  /// Saves what came from an address of a feed, the state of that address, and the notices of what is new: all or
  /// nothing. An item is known by its identifier within its feed, or by its keys; what is known stays as it is and
  /// gains the symbols that it was not known to be about.
  func save(
    _ arrivals: [NewsArrival], of feed: FeedState?, at moment: Instant
  ) async throws(StoreError) -> NewsReceipt
  /// Of each arrival, whether it is new, or about a symbol that the item was not known to be about.
  func fresh(_ arrivals: [NewsArrival]) async throws(StoreError) -> [Bool]
  /// What was published about a symbol from one moment to another, both inclusive, by time; all news for a nil symbol.
  func news(about symbol: String?, from: Instant?, to: Instant?) async throws(StoreError) -> [NewsItem]
  /// The symbols that news of that time are about.
  func newsSymbols(from: Instant, to: Instant) async throws(StoreError) -> Set<String>
  /// The latest first. A search that holds no word is `unsound`.
  func news(_ query: NewsQuery) async throws(StoreError) -> [StoredNews]
  func news(_ id: Int64) async throws(StoreError) -> StoredNews?
  /// The feeds that brought an item, the first one first.
  func sources(of id: Int64) async throws(StoreError) -> [NewsSource]
  /// The latest titles since a moment, the earliest first.
  func stories(from: Instant, limit: Int) async throws(StoreError) -> [StoryTitle]
  /// By feed and address.
  func feeds() async throws(StoreError) -> [FeedState]
}

extension NewsStore {
  /// Saves items that were not looked at for others of the same; those that are there are left as they are. Returns
  /// how many are new.
  public func save(_ items: [NewsItem]) async throws(StoreError) -> Int {
    let moment = items.map(\.fetchedAt).max() ?? Instant(milliseconds: 0)
    return try await save(items.map { NewsArrival($0) }, of: nil, at: moment).count(.new)
  }
}
