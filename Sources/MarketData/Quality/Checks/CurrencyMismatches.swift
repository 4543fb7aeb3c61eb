import Trading

/// Prices in another currency than the others, or than the instrument is said to have.
enum CurrencyMismatches: QualityCheck {
  static let kind = QualityKind.currencyMismatch

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    guard rows.count > 0 else { return [] }
    var findings: [QualityFinding] = []
    if rows.currencies.count > 1 {
      findings.append(
        QualityFinding(
          kind, .error, rows, 0...rows.count - 1, "prices are in \(Words.list(rows.currencies)) by turns",
          proposal: "ask the source for one currency"))
    } else if let wanted = scan.rules.currency, let found = rows.currencies.first, found != wanted {
      findings.append(
        QualityFinding(
          kind, .error, rows, 0...rows.count - 1,
          "prices are in \(found), where the configuration says \(wanted)",
          proposal: "name the currency in the configuration as the source has it, or convert the prices"))
    }
    for place in scan.displacements where place.cause == .level {
      let first = scan.bars[place.bars.lowerBound]
      let last = scan.bars[place.bars.upperBound - 1]
      let many = place.isLasting ? "from here on" : "over \(place.bars.count) bars to \(rows.text(last))"
      let before = rows.value(.close, max(0, first - 1))
      findings.append(
        QualityFinding(
          kind, .warning, rows, first...last,
          "prices stand at \(Words.number(place.factor)) times the level of those before \(many): open "
            + "\(Words.number(rows.value(.open, first))) after a close of \(Words.number(before)), and volume is as "
            + "usual; no usual split has that ratio, another currency may",
          proposal: "fetch these bars again, or divide them by \(Words.number(place.factor))"))
    }
    return findings
  }
}
