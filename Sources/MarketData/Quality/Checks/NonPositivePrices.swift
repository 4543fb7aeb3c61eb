import Trading

/// Prices of 0 or below, and volumes below 0.
enum NonPositivePrices: QualityCheck {
  static let kind = QualityKind.nonPositive

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    var findings: [QualityFinding] = []
    for bar in 0..<rows.count {
      let wrong = CandleSeries.Column.allCases.filter {
        let value = rows.value($0, bar)
        return $0 == .volume ? value < 0 : value <= 0
      }
      guard !wrong.isEmpty else { continue }
      let found = wrong.map { "\($0) is \(Words.number(rows.value($0, bar)))" }
      let (proposal, edits) = repair(rows, bar, wrong)
      findings.append(
        QualityFinding(
          kind, .error, rows, bar...bar, "\(Words.list(found)); a price is above 0 and a volume is not below it",
          proposal: proposal, edits: edits))
    }
    return findings
  }

  private static func repair(
    _ rows: PriceRows, _ bar: Int, _ wrong: [CandleSeries.Column]
  ) -> (String, [QualityEdit]) {
    let (open, close) = (rows.value(.open, bar), rows.value(.close, bar))
    let mends = !wrong.contains(.open) && !wrong.contains(.close) && open > 0 && close > 0
    guard mends else { return ("take the bar for a missing one", [.clear(bars: bar..<bar + 1)]) }
    var edits: [QualityEdit] = []
    if wrong.contains(.high) { edits.append(.set(bar: bar, column: .high, to: max(open, close))) }
    if wrong.contains(.low) { edits.append(.set(bar: bar, column: .low, to: min(open, close))) }
    if wrong.contains(.volume) { edits.append(.set(bar: bar, column: .volume, to: 0)) }
    return ("bound the bar by its open and close, a volume below 0 is 0", edits)
  }
}
