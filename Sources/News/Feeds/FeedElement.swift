/// What an element of a feed says, by its name.
enum FeedElement: Hashable {
  enum Part: Hashable { case identifier, link, title, summary, date, language }

  case none
  /// Its text is a part of the item, or of the feed. Of several, the lowest rank counts.
  case text(Part, rank: Int)
  case link
  /// Holds titles and dates of something else.
  case container

  var part: Part {
    if case .text(let part, _) = self { part } else { .summary }
  }

  var rank: Int {
    if case .text(_, let rank) = self { rank } else { 0 }
  }

  init(_ name: String, _ space: MarkupFeedReader.Space, isInItem: Bool) {
    self = FeedElement.found(name, space, isInItem: isInItem)
  }

  private static func found(_ name: String, _ space: MarkupFeedReader.Space, isInItem: Bool) -> FeedElement {
    switch (space, name) {
    case (.own, "title"): .text(.title, rank: 1)
    case (.own, "link"), (.atom, "link"): .link
    case (.own, "guid"), (.own, "id"): .text(.identifier, rank: 1)
    case (.dublinCore, "identifier"): .text(.identifier, rank: 3)
    case (.own, "description"), (.own, "summary"): .text(.summary, rank: 1)
    case (.own, "content"), (.content, "encoded"): .text(.summary, rank: 2)
    case (.media, "description"): .text(.summary, rank: 3)
    case (.media, "title") where isInItem, (.dublinCore, "title"): .text(.title, rank: 3)
    case (.own, "pubdate"), (.own, "published"), (.own, "issued"): .text(.date, rank: 1)
    case (.atom, "published"), (.dublinCore, "date"), (.own, "date"), (.own, "created"): .text(.date, rank: 2)
    case (.own, "updated"), (.own, "modified"), (.atom, "updated"): .text(.date, rank: 3)
    case (.own, "language"), (.dublinCore, "language"): .text(.language, rank: 1)
    case (.feedburner, "origlink"): .text(.link, rank: 0)
    case (.own, "source"), (.own, "image"), (.own, "textinput"), (.own, "author"), (.own, "contributor"),
      (.media, "group"), (.own, "cloud"):
      .container
    default: .none
    }
  }
}
