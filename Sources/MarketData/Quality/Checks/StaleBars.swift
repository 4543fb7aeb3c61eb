import Trading

/// The same four prices bar after bar: a feed that stood still.
///
/// How long a run must be depends on how often bars are alike in the same series: an unlikely one counts. Runs without
/// volume where that is usual are information: nobody traded.
enum StaleBars: QualityCheck {
  static let kind = QualityKind.stale

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    let rows = scan.rows
    let runs = self.runs(rows)
    let alike = runs.reduce(0) { $0 + $1.count - 1 }
    guard alike > 0 else { return [] }
    let longest = runs.map(\.count).max() ?? 0
    return runs.compactMap { run in
      guard run.count >= max(2, scan.rules.staleBars) else { return nil }
      // One run must not make itself usual.
      let others = alike - (run.count == longest ? run.count - 1 : 0)
      let share = max(Double(others), 1) / Double(max(rows.count, 1))
      let chance = Double(rows.count) * power(min(share, 1), run.count - 1)
      guard chance < 0.02 else { return nil }
      let volumes = run.map { rows.value(.volume, $0) }
      let isSilent = volumes.allSatisfy { $0 == 0 } && hasVolume(rows) && share > 0.02
      return QualityFinding(
        kind, isSilent ? .info : .warning, rows, run,
        "\(run.count) bars to \(rows.text(run.upperBound)) have the same prices, close "
          + "\(Words.number(rows.value(.close, run.lowerBound)))\(isSilent ? ", and no volume" : ""); elsewhere "
          + "\(Words.percent(share)) of the bars repeat the one before",
        proposal: "take the bars after the first for missing ones",
        edits: isSilent ? [] : [.clear(bars: run.lowerBound + 1..<run.upperBound + 1)])
    }
  }

  /// Bars in a row with the same prices, two at least.
  private static func runs(_ rows: PriceRows) -> [ClosedRange<Int>] {
    var runs: [ClosedRange<Int>] = []
    var start = 0
    for bar in 1..<max(1, rows.count) + 1 {
      let same =
        bar < rows.count && rows.isWhole(bar)
        && (0..<4).allSatisfy { rows.columns[$0][bar] == rows.columns[$0][bar - 1] }
      if same { continue }
      if bar - start > 1 { runs.append(start...bar - 1) }
      start = bar
    }
    return runs
  }

  private static func hasVolume(_ rows: PriceRows) -> Bool {
    rows.columns[CandleSeries.Column.volume.rawValue].contains { $0 > 0 }
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<min(exponent, 400) { result *= base }
    return result
  }
}
