import Trading

/// Prices of one to three bars that go far away and come back at once.
///
/// A price counts where it lies beyond the prices of three bars before and of three bars after it, on the same side
/// of both, by ten times the usual move between bars, and where those before and after agree with each other. Highs
/// and lows go astray honestly in thin trading, so for them it takes twice that.
enum Spikes: QualityCheck {
  static let kind = QualityKind.spike

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let logs = scan.logs
    let known = scan.displacements.filter { $0.cause == .spike }
    var findings = known.map { place in
      finding(
        scan, place.bars.lowerBound, scan.bars[place.bars.lowerBound]...scan.bars[place.bars.upperBound - 1],
        [.open, .high, .low, .close],
        beside: scan.bars[max(0, place.bars.lowerBound - 1)])
    }
    for place in logs.middle.indices {
      let columns = astray(logs, place, scan)
      guard !columns.isEmpty else { continue }
      let bar = scan.bars[place]
      findings.append(finding(scan, place, bar...bar, columns, beside: scan.bars[place > 0 ? place - 1 : place + 1]))
    }
    return findings.sorted { $0.time < $1.time }
  }

  /// The columns of a bar that go astray.
  private static func astray(_ logs: LogPrices, _ place: Int, _ scan: QualityScan) -> [CandleSeries.Column] {
    guard place > 0, place + 1 < logs.count else { return [] }
    let noise = scan.noise.at(place)
    let least = max(scan.isDaily ? 0.1 : 0.03, scan.rules.spikeDeviations * noise)
    // Most bars are near the close before: they are done with here.
    let top = max(logs.high[place], logs.open[place], logs.close[place])
    let bottom = min(logs.low[place], logs.open[place], logs.close[place])
    let reach = max(top - logs.close[place - 1], logs.close[place - 1] - bottom)
    guard reach > least else { return [] }
    let before = level(logs, max(0, place - 3)..<place)
    let after = level(logs, place + 1..<min(logs.count, place + 4))
    let values: [(CandleSeries.Column, Double, Double)] = [
      (.open, logs.open[place], least), (.high, logs.high[place], 2 * least), (.low, logs.low[place], 2 * least),
      (.close, logs.close[place], least),
    ]
    var columns: [CandleSeries.Column] = []
    for (column, value, wanted) in values {
      let (left, right) = (value - before, value - after)
      guard left * right > 0, min(abs(left), abs(right)) > wanted,
        abs(before - after) <= max(3 * noise, 0.4 * min(abs(left), abs(right)))
      else { continue }
      columns.append(column)
    }
    // A high that follows an open or close astray is astray with it.
    if columns.contains(.open) || columns.contains(.close) {
      let up = logs.middle[place] + logs.high[place] + logs.low[place] > 3 * before
      let bound: CandleSeries.Column = up ? .high : .low
      if !columns.contains(bound) { columns.append(bound) }
    }
    return columns.sorted { $0.rawValue < $1.rawValue }
  }

  private static func level(_ logs: LogPrices, _ places: Range<Int>) -> Double {
    let values = places.flatMap { [logs.open[$0], logs.close[$0]] }.sorted()
    let half = values.count / 2
    return values.count % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2
  }

  private static func finding(
    _ scan: QualityScan, _ place: Int, _ bars: ClosedRange<Int>, _ columns: [CandleSeries.Column], beside: Int
  ) -> QualityFinding {
    let rows = scan.rows
    let bar = bars.lowerBound
    let found = columns.map { "\($0) \(Words.number(rows.value($0, bar)))" }
    let usual = Words.percent(scan.noise.at(place))
    let many = bars.count == 1 ? "" : ", and \(bars.count - 1) more to \(rows.text(bars.upperBound))"
    let bounds = columns.allSatisfy { $0 == .high || $0 == .low }
    var edits: [QualityEdit] = [.clear(bars: bar..<bars.upperBound + 1)]
    if bounds {
      let (open, close) = (rows.value(.open, bar), rows.value(.close, bar))
      edits = columns.map { .set(bar: bar, column: $0, to: $0 == .high ? max(open, close) : min(open, close)) }
    }
    return QualityFinding(
      kind, .warning, rows, bars,
      "\(Words.list(found))\(many), beside a close of \(Words.number(rows.value(.close, beside))); prices come back at "
        + "once, and usually move \(usual) from bar to bar",
      proposal: bounds ? "bound the bar by its open and close" : "take the bar for a missing one", edits: edits)
  }
}
