import Trading

/// Bars without volume. Information: some sources have none for indices and funds, and some instruments do not trade.
enum ZeroVolumes: QualityCheck {
  static let kind = QualityKind.zeroVolume

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    let volumes = rows.columns[CandleSeries.Column.volume.rawValue]
    let silent = (0..<rows.count).filter { volumes[$0] == 0 && rows.isWhole($0) }
    guard let first = silent.first, let last = silent.last else { return [] }
    if silent.count * 5 > rows.count {
      return [
        QualityFinding(
          kind, .info, rows, first...last, "\(silent.count) of \(rows.count) bars have no volume")
      ]
    }
    var findings: [QualityFinding] = []
    var start = 0
    for index in silent.indices where index == silent.count - 1 || silent[index + 1] != silent[index] + 1 {
      let run = silent[start]...silent[index]
      let what =
        run.count == 1
        ? "volume is 0, while the bar ranges from \(Words.number(rows.value(.low, run.lowerBound))) to "
          + Words.number(rows.value(.high, run.lowerBound))
        : "volume is 0 in \(run.count) bars to \(rows.text(run.upperBound))"
      findings.append(QualityFinding(kind, .info, rows, run, what))
      start = index + 1
    }
    return findings
  }
}
