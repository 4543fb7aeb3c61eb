import Trading

/// Bars that should be there and are not.
///
/// With a calendar these are the opens that it expects. Without one only what the file itself shows: a row without
/// prices, a hole in bars that run around the clock, a hole within a day at a time of day that other days have, a hole of
/// more than a fortnight in daily bars. Weekends and holidays are none of these.
enum Gaps: QualityCheck {
  static let kind = QualityKind.gap

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    guard let first = rows.times.first, let last = rows.times.last else { return [] }
    let empty = emptyRows(rows)
    let holes =
      scan.rules.expectedOpens.map { expected(rows, $0(first, last).filter { $0 >= first && $0 <= last }) } ?? EvidentHoles(rows: rows).holes()
    return (empty + holes).sorted { $0.time < $1.time }
  }

  /// Runs of rows that hold no price, or not all four.
  private static func emptyRows(_ rows: PriceRows) -> [QualityFinding] {
    var findings: [QualityFinding] = []
    var start: Int?
    for bar in 0...rows.count {
      let isEmpty = bar < rows.count && (0..<4).contains { rows.columns[$0][bar].isNaN }
      if isEmpty {
        start = start ?? bar
      } else if let from = start {
        let run = from...bar - 1
        let some = run.count == 1 && !rows.isMissing(from)
        let what =
          some
          ? "the row lacks a price"
          : run.count == 1 ? "the row holds no prices" : "\(run.count) rows to \(rows.text(bar - 1)) hold no prices"
        findings.append(
          QualityFinding(
            kind, some ? .error : .warning, rows, run, what,
            proposal: some ? "take the bar for a missing one" : "fetch it again",
            edits: some ? [.clear(bars: from..<bar)] : []))
        start = nil
      }
    }
    return findings
  }

  private static func expected(_ rows: PriceRows, _ opens: [Instant]) -> [QualityFinding] {
    var findings: [QualityFinding] = []
    var at = 0
    var run: [Instant] = []
    var before: Instant?
    func close(_ after: Instant?) {
      guard let from = run.first, let to = run.last else { return }
      findings.append(finding(rows, from...to, run.count, before, after, " by the calendar"))
      run = []
    }
    for open in opens {
      while at < rows.count, rows.times[at] < open { at += 1 }
      if at < rows.count, rows.times[at] == open {
        close(open)
        before = open
      } else {
        run.append(open)
      }
    }
    close(nil)
    return findings
  }

  static func finding(
    _ rows: PriceRows, _ times: ClosedRange<Instant>, _ count: Int, _ before: Instant?, _ after: Instant?, _ how: String
  ) -> QualityFinding {
    let what =
      count == 1
      ? "1 bar is missing\(how)" : "\(count) bars to \(rows.text(times.upperBound)) are missing\(how)"
    let place = before.map { before in after.map { ", between \(rows.text(before)) and \(rows.text($0))" } ?? "" } ?? ""
    return QualityFinding(kind, .warning, times, what + place, proposal: "fetch the range again")
  }
}
