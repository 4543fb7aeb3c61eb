internal import SeriesMath
public import Storage
public import Trading

extension FeedItem {
  /// How far a feed's clock may be ahead before its dates are taken back, in milliseconds.
  static let clockTolerance: Int64 = 300_000

  /// The item as it is to be saved.
  ///
  /// It is known by its identifier within its feed; where it has none, by its address and title. Another feed's item
  /// is the same where the identifier is unique in the world (an address, a tag: or urn:, a UUID) and equal, or where
  /// address and title are.
  public func arrival(of feed: String, language: String?, symbols: Set<String>, fetchedAt: Instant) -> NewsArrival {
    let content = contentKey
    var (moment, dating): (Instant, NewsItem.Dating)
    if let date, date.moment.milliseconds > 0 {
      (moment, dating) = (date.moment, date.isZoneAssumed ? .zoneAssumed : .given)
      if moment > fetchedAt {
        let isAhead = moment > fetchedAt.advanced(by: FeedItem.clockTolerance)
        (moment, dating) = (fetchedAt, isAhead ? .clamped : dating)
      }
    } else {
      (moment, dating) = (fetchedAt, .missing)
    }
    let item = NewsItem(
      feed: feed, identifier: identifier ?? "content:\(content)", url: url, title: title, summary: summary,
      publishedAt: moment, fetchedAt: fetchedAt, symbols: symbols, dating: dating, language: self.language ?? language)
    var keys = [content]
    if let identifier, FeedItem.isUnique(identifier) { keys.insert(FeedItem.key(["id", identifier]), at: 0) }
    return NewsArrival(item, hasOwnIdentifier: identifier != nil, keys: keys)
  }

  /// Of address and title. An address that is only a site's front page says nothing, and then the text and the date do.
  private var contentKey: Int64 {
    let folded = folded(title)
    let place = url.flatMap { WebAddress.normalized($0) }
    if let place, place.contains("/") || place.contains("?") { return FeedItem.key(["content", place, folded]) }
    return FeedItem.key(["content", place ?? "", folded, summary ?? "", date.map { "\($0.moment)" } ?? ""])
  }

  /// Letters and numbers in lower case.
  private func folded(_ title: String) -> String {
    guard title.utf8.allSatisfy({ $0 < 0x80 }) else { return title.lowercased().filter { $0.isLetter || $0.isNumber } }
    let signs = title.utf8.lazy.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
      .filter { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
    return String(decoding: Array(signs), as: UTF8.self)
  }

  private static func isUnique(_ identifier: String) -> Bool {
    let text = identifier.lowercased()
    if ["http://", "https://", "tag:", "urn:"].contains(where: text.hasPrefix) { return true }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(\.isHexDigit) }
  }

  /// The first eight bytes of a checksum; parts cannot run into each other.
  static func key(_ parts: [String]) -> Int64 {
    var hash = SHA256()
    for part in parts {
      hash.update(Array(part.utf8))
      hash.update([0])
    }
    return Int64(bitPattern: hash.value().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }
}
