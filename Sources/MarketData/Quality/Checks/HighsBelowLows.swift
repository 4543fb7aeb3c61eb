import Trading

/// Highs below lows; and, as information, opens and closes outside of high and low, which sources of thinly traded
/// instruments have by the hundred.
enum HighsBelowLows: QualityCheck {
  static let kind = QualityKind.highBelowLow

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    var findings: [QualityFinding] = []
    var outside: [Int] = []
    for bar in 0..<rows.count where !rows.isMissing(bar) {
      let (open, high) = (rows.value(.open, bar), rows.value(.high, bar))
      let (low, close) = (rows.value(.low, bar), rows.value(.close, bar))
      if high < low {
        findings.append(crossed(rows, bar, open, high, low, close))
      } else if max(open, close) > high * (1 + 1e-9) || min(open, close) < low * (1 - 1e-9) {
        outside.append(bar)
      }
    }
    if let first = outside.first, let last = outside.last {
      let count = outside.count == 1 ? "1 bar opens or closes" : "\(outside.count) bars open or close"
      findings.append(
        QualityFinding(
          kind, .info, rows, first...last,
          "\(count) outside of high and low, first: open \(Words.number(rows.value(.open, first))), high "
            + "\(Words.number(rows.value(.high, first))), low \(Words.number(rows.value(.low, first))), close "
            + Words.number(rows.value(.close, first))))
    }
    return findings
  }

  private static func crossed(
    _ rows: PriceRows, _ bar: Int, _ open: Double, _ high: Double, _ low: Double, _ close: Double
  ) -> QualityFinding {
    let isSwapped = max(open, close) <= low && min(open, close) >= high
    let (top, bottom) = isSwapped ? (low, high) : (max(open, close), min(open, close))
    return QualityFinding(
      kind, .error, rows, bar...bar, "high \(Words.number(high)) is below low \(Words.number(low))",
      proposal: isSwapped ? "swap high and low" : "bound the bar by its open and close",
      edits: [.set(bar: bar, column: .high, to: top), .set(bar: bar, column: .low, to: bottom)])
  }
}
