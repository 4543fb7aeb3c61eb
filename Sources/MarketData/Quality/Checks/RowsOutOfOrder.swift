import Trading

/// Rows of a file that stand before one they come after.
///
/// Where whole hours are taken back it is a matter of `timezone_shift`.
enum RowsOutOfOrder: QualityCheck {
  static let kind = QualityKind.outOfOrder

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    return rows.stepsBack.enumerated().map { index, step in
      QualityFinding(
        kind, .error, step.time...step.time, line: step.line,
        "\(rows.text(step.time)) stands after \(rows.text(step.above)); times ascend",
        proposal: "put the rows in the order of time", edits: index == 0 ? [.sort] : [])
    }
  }
}
