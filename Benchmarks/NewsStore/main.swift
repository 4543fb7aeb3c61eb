import Foundation
import News
import SeriesMath
import Storage
import Trading

// How fast news are read, saved and searched.
//
//     NewsStore [--items 100000] [--folder DIR] [--write FILE]
//
// Feeds of 20 items each are read from their bytes, put into stories and saved, a transaction a feed with FULL
// durability, as the job does; then words, phrases, symbols and stretches of time are asked for, each 50 times. The
// items are made of a seed; a tenth are Korean. `--write` puts the same feeds into a file, a document a line in JSON,
// for Benchmarks/peers/news.py.

func argument(_ name: String) -> String? {
  let arguments = CommandLine.arguments
  return arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}

func seconds(_ body: () async throws -> Void) async rethrows -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  try await body()
  let time = (clock.now - start).components
  return Double(time.seconds) + Double(time.attoseconds) * 1e-18
}

struct Made {
  var random = SplitMix64(seed: 1)
  let english = (0..<6_000).map { "word\($0)" } + ["rates", "earnings", "gold", "oil", "chips", "inflation"]
  let korean = (0..<900).map { Made.syllables($0) } + ["기준금리", "삼성전자"]

  /// A word of three syllables of Hangul.
  private static func syllables(_ number: Int) -> String {
    var word = String.UnicodeScalarView()
    for place in 0..<3 {
      let syllable = UInt32((number * 37 + place * 911) % 11_172)
      if let scalar = Unicode.Scalar(0xAC00 + syllable) { word.append(scalar) }
    }
    return String(word)
  }

  mutating func words(_ count: Int, _ list: [String]) -> String {
    // Some words are in every second text, most are rare, as in a language.
    (0..<count).map { _ in list[Int(Double(list.count) * pow(random.unit(), 3))] }.joined(separator: " ")
  }

  /// A feed of items from `first` on, a minute apart.
  mutating func feed(_ first: Int, _ count: Int) -> String {
    let items = (first..<first + count).map { number in
      let list = random.unit() < 0.1 ? korean : english
      let date = Instant(seconds: 1_700_000_000 + Int64(number) * 60)
      return """
        <item><title>\(words(9, list)) \(number)</title><link>https://news.example/\(number)?utm_source=rss</link>\
        <guid isPermaLink="false">\(number)</guid><pubDate>\(date)</pubDate>\
        <description><![CDATA[<p>\(words(40, list))</p>]]></description></item>
        """
    }
    return
      "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>T</title>\(items.joined(separator: "\n"))</channel></rss>"
  }
}

let count = argument("--items").flatMap { Int($0) } ?? 100_000
let folder = argument("--folder") ?? FileManager.default.temporaryDirectory.path()
let path = "\(folder)/news-\(ProcessInfo.processInfo.processIdentifier).db"
defer { for end in ["", "-wal", "-shm", ".lock"] { try? FileManager.default.removeItem(atPath: path + end) } }

var made = Made()
let documents = stride(from: 0, to: count, by: 20).map { made.feed($0, min(20, count - $0)) }
if let file = argument("--write") {
  let lines = try documents.map { String(decoding: try JSONEncoder().encode([$0]), as: UTF8.self) }
  try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
}
let bytes = documents.map { Array($0.utf8) }
let now = Instant(seconds: 1_700_000_000 + Int64(count) * 60 + 60)
let parser = FeedParser()
var read = 0
let parsing = try await seconds { for document in bytes { read += try parser.read(document).items.count } }
precondition(read == count)
let size = bytes.reduce(0) { $0 + $1.count }
print("read    \(Int(Double(count) / parsing)) items/s, \(Int(Double(size) / parsing / 1e6)) MB/s")

let store = try SQLiteStore(SQLiteSettings(path: path), for: .writing)
var stories = StoryIndex()
var new = 0
var (reading, telling) = (Duration.zero, Duration.zero)
let clock = ContinuousClock()
let saving = try await seconds {
  for document in bytes {
    let start = clock.now
    var arrivals = try parser.read(document).items.enumerated().map { place, item in
      item.arrival(
        of: "wire", language: "en", symbols: ["S\(place % 50)"], fetchedAt: min(now, item.date?.moment ?? now))
    }
    reading += clock.now - start
    let fresh = try await store.fresh(arrivals)
    let known = clock.now
    for place in arrivals.indices where fresh[place] {
      let item = arrivals[place].item
      arrivals[place].item.story = stories.story(of: item.title, at: item.publishedAt, key: Int64(new + place))
    }
    telling += clock.now - known
    new += try await store.save(arrivals, of: nil, at: now).count(.new)
  }
}
precondition(new == count)
print("ingest  \(Int(Double(count) / saving)) items/s (read, story, saved; \(documents.count) transactions)")
let parts = [reading, telling].map { Int($0 / .seconds(1) * 100 / saving) }
print("of it   \(parts[0]) % reading, \(parts[1]) % stories, the rest looking up and saving")

let again = try await seconds {
  for document in bytes.prefix(500) {
    let arrivals = try parser.read(document).items.map {
      $0.arrival(of: "wire", language: "en", symbols: [], fetchedAt: now)
    }
    _ = try await store.save(arrivals, of: nil, at: now)
  }
}
print("known   \(Int(Double(min(500, documents.count) * 20) / again)) items/s")

let middle = Instant(seconds: 1_700_000_000 + Int64(count) * 30)
let queries: [(String, NewsQuery)] = [
  ("a common word", NewsQuery(search: "word0", limit: 50)), ("a rare word", NewsQuery(search: "inflation", limit: 50)),
  ("two words", NewsQuery(search: "rates earnings", limit: 50)),
  ("a phrase", NewsQuery(search: "\"word0 word1\"", limit: 50)),
  ("the beginning of a word", NewsQuery(search: "infla*", limit: 50)),
  ("a Korean word", NewsQuery(search: "기준금리", limit: 50)),
  ("within a Korean word", NewsQuery(search: "금리", limit: 50)),
  ("a word, excluded one", NewsQuery(search: "gold -word0", limit: 50)),
  ("a word of a symbol", NewsQuery(search: "word0", symbol: "S7", limit: 50)),
  ("a word of an hour", NewsQuery(search: "word0", from: middle, to: middle.advanced(by: 3_600_000), limit: 50)),
  ("a symbol", NewsQuery(symbol: "S7", limit: 50)), ("the latest", NewsQuery(limit: 50)),
  ("nothing", NewsQuery(search: "zzz", limit: 50)),
]
for (name, query) in queries {
  var times: [Double] = []
  var found = 0
  for _ in 0..<50 { times.append(try await seconds { found = try await store.news(query).count }) }
  times.sort()
  print("search  \(name): \(found) found, median \(Int(times[25] * 1e6)) µs, worst \(Int(times[49] * 1e6)) µs")
}
try store.close()
