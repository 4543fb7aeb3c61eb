import Engine
import Reporting
import Trading

/// What a report is called in the outbox: of one name, a channel is told once.
struct ReportName {
  let kind: DailyReport.Kind
  let slot: Instant

  init(_ kind: DailyReport.Kind, slot: Instant) {
    self.kind = kind
    self.slot = slot
  }

  var name: String { "\(kind.rawValue)/\(slot)" }
  /// The keys of its parts begin with this.
  var key: String { "report/\(name)/" }
  /// Before all of its kind.
  var first: String { "report/\(kind.rawValue)/" }
  /// Behind all of its parts: the sign after a slash.
  var end: String { "report/\(name)0" }
}

/// What a report in the outbox says of how far it looked.
struct PreviousReport {
  let at: Instant
  /// The labels of the last bars that it knew.
  let through: [SeriesName: Instant]

  init?(_ fields: [String: String]) {
    guard let at = fields["at"].flatMap({ Instant($0) }) else { return nil }
    self.at = at
    var through: [SeriesName: Instant] = [:]
    for line in (fields["through"] ?? "").split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2)
      guard words.count == 3, let timeframe = Timeframe(String(words[0])), let last = Instant(String(words[1]))
      else { continue }
      through[SeriesName(String(words[2]), timeframe)] = last
    }
    self.through = through
  }

  static func through(_ series: [(symbol: String, timeframe: Timeframe, last: Instant)]) -> String {
    series.map { "\($0.timeframe) \($0.last) \($0.symbol)" }.joined(separator: "\n")
  }
}
