public import MarketData
public import Trading

/// An item of a file of news.
public struct ListedNews: Hashable, Sendable {
  public var publishedAt: Instant
  public var knownAt: Instant
  public var title: String
  public var summary: String?
  /// Empty where the file says none: such an item is about whatever the file is given for.
  public var symbols: Set<String>
  /// As the file says; nil where the lexicon is to judge.
  public var score: Double?
}

extension ListedNews {
  private static let times = ["time", "published", "published_at", "publisheddate", "date", "timestamp", "datetime"]
  private static let knownTimes = ["known_at", "fetched_at", "fetched"]

  /// The items of records with the columns `time` and `title`, and perhaps `summary`, `symbols`, `score`, `known_at`.
  ///
  /// The file is trusted: an item was known at its time, or at `known_at` where that is later. A date alone is known at
  /// its end, UTC.
  public static func read(_ records: [Record], file: String) throws(RecordFault) -> [ListedNews] {
    var faults = RecordFaults(file: file)
    var items: [ListedNews] = []
    for record in records {
      guard let time = record.text(times) else {
        faults.add("\(record.place): has no time; columns: time, title, summary, symbols, score, known_at")
        continue
      }
      guard let publishedAt = RecordTime.utc(time) else {
        faults.add("\(record.place): \"\(time.prefix(40))\" is no time; write 2024-01-31T15:30:00Z")
        continue
      }
      var knownAt = publishedAt
      if let text = record.text(knownTimes) {
        guard let known = RecordTime.utc(text) else {
          faults.add("\(record.place): known_at \"\(text.prefix(40))\" is no time; write 2024-01-31T15:30:00Z")
          continue
        }
        knownAt = max(known, publishedAt)
      }
      var score: Double?
      if let text = record.text("score", "sentiment") {
        guard let number = Double(text), (-1...1).contains(number) else {
          faults.add("\(record.place): score is a number from -1 to 1; found \"\(text.prefix(40))\"")
          continue
        }
        score = number
      }
      let title = record.text("title", "headline")
      guard title != nil || score != nil else {
        faults.add("\(record.place): has neither a title nor a score")
        continue
      }
      let symbols = record.text("symbols", "symbol", "tickers", "ticker") ?? ""
      items.append(
        ListedNews(
          publishedAt: publishedAt, knownAt: knownAt, title: title ?? "",
          summary: record.text("summary", "description", "text"),
          symbols: Set(symbols.split { $0 == "," || $0 == ";" || $0 == " " }.map(String.init)), score: score))
    }
    try faults.end()
    return items
  }

  public func scored(by lexicon: Lexicon) -> ScoredItem {
    ScoredItem(
      publishedAt: publishedAt, knownAt: knownAt,
      score: score ?? lexicon.tone(ofTitle: title, summary: summary)?.score)
  }
}

extension Lexicon {
  /// Of an item of news: its title and its summary, unless that begins with the title, as one text.
  public func tone(ofTitle title: String, summary: String?) -> Tone? {
    guard let summary, !summary.isEmpty else { return tone(of: title) }
    return tone(of: summary.hasPrefix(title) ? summary : "\(title)\n\(summary)")
  }
}
