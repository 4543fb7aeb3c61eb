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
      let closes = (Words.number(kept[3]), Words.number(other[3]))
      let difference = same ? " and the same values" : ", with a close of \(closes.0) where this has \(closes.1)"
      return QualityFinding(
        kind, .error, rows.times[row.bar]...rows.times[row.bar], line: row.line,
        "\(place) the same time\(difference)",
        proposal: "keep the first row", edits: [.leaveOut(line: row.line, bar: row.bar)])
    }
  }
}
