import Calendars
import News
import Trading

/// Reads bytes as a feed, and makes of each item what would be saved. The first byte chooses the charset that a server
/// names beside them.
@_cdecl("LLVMFuzzerTestOneInput")
public func readFeed(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let charsets = [
    "", "text/xml; charset=euc-kr", "text/xml; charset=iso-8859-1", "application/json; charset=shift_jis",
  ]
  let contentType = charsets[Int(bytes.first ?? 0) & 3]
  guard let feed = try? FeedParser().read(bytes, contentType: contentType, address: "https://example.com/feed") else {
    return 0
  }
  let now = Instant(seconds: 1_767_614_400)
  var stories = StoryIndex()
  for item in feed.items {
    precondition(!item.title.isEmpty, "an item without a title")
    precondition(item.url.map { $0.hasPrefix("http://") || $0.hasPrefix("https://") } ?? true, "a link that is none")
    let arrival = item.arrival(of: "f", language: nil, symbols: [], fetchedAt: now)
    precondition(arrival.item.publishedAt <= now, "a date that is still to come")
    _ = stories.story(of: item.title, at: arrival.item.publishedAt, key: 1)
  }
  for remark in feed.remarks { _ = remark.description }
  return 0
}
