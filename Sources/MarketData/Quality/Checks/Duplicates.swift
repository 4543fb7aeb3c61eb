import Trading

/// Rows whose time another row has.
enum Duplicates: QualityCheck {
  static let kind = QualityKind.duplicate

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    return rows.repeats.map { row in
      let kept = CandleSeries.Column.allCases.map { rows.value($0, row.bar) }
      let other = [row.candle.open, row.candle.high, row.candle.low, row.candle.close, row.candle.volume]
      let same = zip(kept, other).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
      let place = rows.line(of: row.bar).map { "line \($0) has" } ?? "another row has"
      return QualityFinding(
        kind, .error, rows.times[row.bar]...rows.times[row.bar], line: row.line,
        "\(place) the same time\(same ? " and the same values" : ", with a close of \(Words.number(kept[3])) where this has \(Words.number(other[3]))")",
        proposal: "keep the first row", edits: [.leaveOut(line: row.line, bar: row.bar)])
    }
  }
}
