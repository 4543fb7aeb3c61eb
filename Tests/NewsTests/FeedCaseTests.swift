import Calendars
import Foundation
import News
import Testing
import Trading

/// Feeds as they come, each beside what is to be read from it. The answers were written by hand from the standards and
/// compared with another reader's: Tests/Parity/feeds_feedparser.py.
@Suite struct FeedCaseTests {
  struct Case: Decodable {
    struct Item: Decodable, Equatable {
      var identifier: String?
      var url: String?
      var title: String
      var summary: String?
      var date: String?
      var zone_assumed: Bool?
      var language: String?
    }

    var about: String
    var content_type: String?
    var zone: String?
    var address: String?
    var format: String?
    var title: String?
    var language: String?
    var whole: Bool?
    /// How many there are.
    var remarks: Int?
    /// What is said where the document is no feed.
    var sentence: String?
    var items: [Item]
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Feeds")
  static let names: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".feed") }.map { String($0.dropLast(5)) }.sorted()

  @Test func `there are cases`() { #expect(FeedCaseTests.names.count >= 30) }

  @Test(arguments: names)
  func `a feed is read as its case says`(_ name: String) throws {
    let bytes = try [UInt8](Data(contentsOf: FeedCaseTests.folder.appending(path: "\(name).feed")))
    let wanted = try JSONDecoder().decode(
      Case.self, from: Data(contentsOf: FeedCaseTests.folder.appending(path: "\(name).json")))
    let zone = try wanted.zone.map { try ZoneDatabase().zone($0) } ?? .utc
    let feed: Feed
    do throws(FeedError) {
      feed = try FeedParser(zone: zone).read(
        bytes, contentType: wanted.content_type ?? "", address: wanted.address ?? "")
    } catch {
      #expect(error.description == wanted.sentence)
      return
    }
    #expect(wanted.sentence == nil)
    let found = feed.items.map { item in
      Case.Item(
        identifier: item.identifier, url: item.url, title: item.title, summary: item.summary,
        date: item.date.map { "\($0.moment)" }, zone_assumed: item.date?.isZoneAssumed == true ? true : nil,
        language: item.language)
    }
    #expect(found.count == wanted.items.count)
    for (found, wanted) in zip(found, wanted.items) { #expect(found == wanted) }
    #expect(feed.format.rawValue == wanted.format && feed.title == wanted.title && feed.language == wanted.language)
    #expect(feed.isWhole == (wanted.whole ?? true))
    if let remarks = wanted.remarks { #expect(feed.remarks.count == remarks, "\(feed.remarks)") }
  }
}
