public import Calendars

/// Reads feeds. Libraries for XML give up at the first fault, and then a whole feed is lost to one stray sign: so the
/// scanner here goes on at the next item, expands nothing that a document declares, and reads each byte once
/// (docs/decisions/0021).
public struct FeedParser: Sendable {
  /// Whose clocks dates without a zone show.
  public var zone: CivilZone
  public var limits: FeedLimits

  public init(zone: CivilZone = .utc, limits: FeedLimits = FeedLimits()) {
    self.zone = zone
    self.limits = limits
  }

  /// - Parameters:
  ///   - contentType: the header of the answer, for its charset; empty where there was none.
  ///   - address: where the document comes from, for links that are relative to it.
  public func read(_ bytes: [UInt8], contentType: String = "", address: String = "") throws(FeedError) -> Feed {
    guard bytes.count <= limits.bytes else { throw .tooLong(bytes.count, most: limits.bytes) }
    let document = DecodedDocument(bytes, contentType: contentType)
    // UTF-16 and the like grow on the way to UTF-8, at most by half.
    let text = document.bytes
    guard let first = text.first(where: { $0 > 0x20 }) else { throw .empty }
    var feed: Feed
    if first == UInt8(ascii: "{") {
      feed = try JSONFeedReader(text, zone: zone, limits: limits, address: address).read()
    } else {
      var reader = MarkupFeedReader(text, zone: zone, limits: limits, address: address)
      feed = try reader.read()
    }
    if let remark = document.remark { feed.remarks.insert(FeedRemark(line: 1, remark), at: 0) }
    return feed
  }
}
