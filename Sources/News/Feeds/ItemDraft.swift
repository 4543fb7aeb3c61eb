internal import Calendars

/// An item while its elements come in. Of several for one purpose, the one that ranks first counts, else the first.
struct ItemDraft {
  var start = 0
  var base: String
  var language: String?
  /// False where the feed says that its identifier is no address.
  var isPermalink = true
  private var texts: [FeedElement.Part: (rank: Int, text: String)] = [:]

  init(base: String, at start: Int) {
    self.base = base
    self.start = start
  }

  /// Lower ranks go before higher ones.
  mutating func put(_ part: FeedElement.Part, _ text: String, rank: Int) {
    guard !text.isEmpty, texts[part].map({ rank < $0.rank }) ?? true else { return }
    texts[part] = (rank, text)
  }

  /// Nil where nothing is in it that a reader could be shown.
  func item(zone: CivilZone, limits: FeedLimits) -> FeedItem? {
    let identifier = texts[.identifier]?.text
    var url = texts[.link].flatMap { WebAddress.absolute($0.text, base: base) }
    if url == nil, isPermalink, let identifier, identifier.lowercased().hasPrefix("http") {
      url = WebAddress.absolute(identifier)
    }
    let summary = texts[.summary]?.text
    guard let title = texts[.title]?.text ?? summary.map({ PlainText.line(Array($0.utf8), most: 120) }) ?? url else {
      return nil
    }
    return FeedItem(
      identifier: identifier, url: url, title: title, summary: summary == title ? nil : summary,
      date: texts[.date].flatMap { FeedDate($0.text, zone: zone) }, language: language)
  }

  /// A date that stands there and cannot be read.
  func unreadDate(_ item: FeedItem) -> String? { item.date == nil ? texts[.date]?.text : nil }
}
