/// The forms in which feeds are written.
public enum FeedFormat: String, Sendable, Hashable, CaseIterable {
  /// RSS 0.9x and 2.0, and RSS 0.9 and 1.0 as RDF.
  case rss
  /// Atom 1.0 (RFC 4287) and 0.3.
  case atom
  /// JSON Feed 1.0 and 1.1.
  case json
}

/// A feed as it was read: every item that could be, and what could not.
public struct Feed: Hashable, Sendable {
  public var format: FeedFormat
  public var title: String?
  /// A language tag such as `en-us` or `ko`.
  public var language: String?
  /// In the order of the feed.
  public var items: [FeedItem] = []
  public var remarks: [FeedRemark] = []
  /// Whether the document ended as it should. One that broke off may hold more the next time.
  public var isWhole = true

  public init(format: FeedFormat) { self.format = format }
}

/// One item, in plain text.
public struct FeedItem: Hashable, Sendable {
  /// The feed's own identifier (guid, id); nil where it gives none.
  public var identifier: String?
  /// Absolute, `http` or `https`; nil where there is none that can be followed.
  public var url: String?
  /// One line without markup; never empty.
  public var title: String
  public var summary: String?
  public var date: FeedDate?
  public var language: String?

  public init(
    identifier: String? = nil, url: String? = nil, title: String, summary: String? = nil, date: FeedDate? = nil,
    language: String? = nil
  ) {
    self.identifier = identifier
    self.url = url
    self.title = title
    self.summary = summary
    self.date = date
    self.language = language
  }
}

/// What in a feed was passed over, mended or guessed.
public struct FeedRemark: Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  public var line: Int
  public var sentence: String

  public init(line: Int, _ sentence: String) {
    self.line = line
    self.sentence = sentence
  }

  public var description: String { "line \(line): \(sentence)" }
}

/// Why a document is no feed.
public enum FeedError: Error, Hashable, Sendable, CustomStringConvertible {
  case empty
  case tooLong(Int, most: Int)
  /// What was found instead.
  case notAFeed(String)

  public var description: String {
    switch self {
    case .empty: "the answer is empty"
    case .tooLong(let count, let most): "the document has \(count) bytes, and at most \(most) are read"
    case .notAFeed(let found): "this is no feed: RSS, Atom and JSON Feed are read; found \(found)"
    }
  }
}

/// How much of a document is read.
public struct FeedLimits: Hashable, Sendable {
  /// Bytes of the document.
  public var bytes = 10 * 1_024 * 1_024
  public var items = 10_000
  /// Of one tag; the others are passed over.
  public var attributes = 64
  /// Bytes of one element's text; the rest of it is passed over.
  public var text = 262_144
  /// Characters of a title and a summary.
  public var title = 1_000
  public var summary = 4_000
  public var remarks = 20

  public init() {}
}
