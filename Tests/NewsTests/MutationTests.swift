import Foundation
import News
import SeriesMath
import Storage
import Testing
import Trading

/// The feeds of the cases, broken at places of a seed: whatever comes of it is a feed whose items hold what is promised,
/// or a fault. `make fuzz` looks further.
@Suite struct MutationTests {
  @Test(.timeLimit(.minutes(10)), arguments: FeedCaseTests.names)
  func `a feed that is broken anywhere is read without a fault of ours`(_ name: String) throws {
    let bytes = try [UInt8](Data(contentsOf: FeedCaseTests.folder.appending(path: "\(name).feed")))
    var random = SplitMix64(seed: 42)
    func place(_ count: Int) -> Int { Int(random.unit() * Double(count)) }
    for _ in 0..<15 {
      var broken = bytes
      for _ in 0...place(4) where broken.count > 8 {
        let from = place(broken.count - 4)
        let to = min(broken.count, from + 1 + place(40))
        switch place(5) {
        case 0: broken[from] = UInt8(place(256))
        case 1: broken.removeSubrange(from..<to)
        case 2: broken.insert(contentsOf: broken[from..<to], at: place(broken.count))
        case 3: broken.insert(contentsOf: Array("<![CDATA[".utf8), at: from)
        default: broken.removeSubrange(from...)
        }
      }
      guard let feed = try? FeedParser().read(broken, address: "https://example.com/feed") else { continue }
      for item in feed.items {
        let saved = item.arrival(of: "f", language: nil, symbols: [], fetchedAt: noon)
        #expect(!item.title.isEmpty && !item.title.contains("\n") && item.title.count <= 1_001)
        #expect(item.url.map { $0.hasPrefix("http://") || $0.hasPrefix("https://") } ?? true)
        #expect(saved.item.publishedAt <= noon && saved.item.publishedAt.milliseconds > 0)
        #expect(!saved.item.identifier.isEmpty)
      }
    }
  }
}
