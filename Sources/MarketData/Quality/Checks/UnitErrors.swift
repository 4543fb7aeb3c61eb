import Trading

/// Prices that are a hundred times too high or too low: pence for pounds, agorot for shekels.
///
/// A bar or a stretch of bars is judged by the bars around it. Which side is right is told by the currency, else by
/// most of the bars (`UnitLevel`).
enum UnitErrors: QualityCheck {
  static let kind = QualityKind.unit100x

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    return scan.displacements.filter { $0.cause == .unit }.map { place in
      let first = scan.bars[place.bars.lowerBound]
      let last = scan.bars[place.bars.upperBound - 1]
      let outside = place.bars.lowerBound > 0 ? place.bars.lowerBound - 1 : place.bars.upperBound
      let beside = outside < scan.bars.count ? rows.value(.close, scan.bars[outside]) : .nan
      let names = place.columns.map { "\($0)" }
      let shown = place.columns.last ?? .close
      let what = names.count == 4 ? "prices are" : "\(Words.list(names)) \(names.count == 1 ? "is" : "are")"
      let many = place.bars.count == 1 ? "" : " over \(place.bars.count) bars to \(rows.text(last))"
      let factor = place.factor > 1 ? "too high" : "too low"
      let evidence =
        "\(what) about 100 times \(factor)\(many): \(shown) \(Words.number(rows.value(shown, first))) "
        + "beside a close of \(Words.number(beside))"
      let isWhole = place.columns.contains(.close)
      return QualityFinding(
        kind, .error, rows, first...last, evidence,
        proposal: place.factor > 1 ? "divide by 100" : "multiply by 100",
        edits: [
          .divide(bars: first..<last + 1, columns: place.columns, by: place.factor, adjusted: isWhole)
        ])
    }
  }
}
