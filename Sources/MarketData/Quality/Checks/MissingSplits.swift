import Trading

/// Prices before a split that were not divided by it.
///
/// Declared splits are looked for around each step; without a declared one a step by a usual ratio counts, where
/// neither volume nor the width of the bar speak for a real fall.
enum MissingSplits: QualityCheck {
  static let kind = QualityKind.missingSplit

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    scan.displacements.compactMap { place in
      guard case .missingSplit(let ratio, let declared) = place.cause else { return nil }
      return SplitFinding.make(kind, scan, place, ratio: ratio, declared: declared)
    }
  }
}

/// What the two checks of splits say alike.
enum SplitFinding {
  static func make(
    _ kind: QualityKind, _ scan: QualityScan, _ place: Displacement, ratio: Double, declared: Int?
  ) -> QualityFinding {
    let rows = scan.rows
    let first = scan.bars[place.bars.lowerBound]
    let last = scan.bars[place.bars.upperBound - 1]
    let isMissing = kind == .missingSplit
    let factor = isMissing ? ratio : 1 / ratio
    // A lasting one is seen where it ends: at the first bar that fits.
    let shown = place.isLasting ? min(last + 1, rows.count - 1) : first
    let before = place.isLasting ? last : max(0, first - 1)
    let stretch =
      place.isLasting
      ? "all bars before it" : place.bars.count == 1 ? "this bar" : "\(place.bars.count) bars to \(rows.text(last))"
    let moved = rows.value(.open, shown) / rows.value(.close, before)
    var evidence =
      "opens at \(Words.number(rows.value(.open, shown))), \(Words.number(moved)) times the close before "
      + "(\(Words.number(rows.value(.close, before)))); "
    if let declared {
      evidence +=
        isMissing
        ? "the split of \(Words.number(ratio)) on \(rows.text(declared)) was not applied to \(stretch)"
        : "the split of \(Words.number(ratio)) on \(rows.text(declared)) was applied twice to \(stretch)"
    } else {
      evidence +=
        isMissing
        ? "no split is declared, and a split of \(Words.number(ratio)) would explain it"
        : "no split is declared; a split of \(Words.number(ratio)) that was applied twice would explain it, or a "
          + "consolidation of \(Words.number(ratio)) to 1 that was not applied"
    }
    return QualityFinding(
      kind, declared == nil ? .warning : .error,
      rows.times[place.isLasting ? shown : first]...rows.times[place.isLasting ? shown : last],
      line: rows.line(of: place.isLasting ? shown : first), evidence,
      proposal:
        "divide prices of \(stretch) by \(Words.number(factor)), and multiply volumes by it",
      edits: [
        .divide(bars: first..<last + 1, columns: [.open, .high, .low, .close], by: factor, adjusted: true),
        .multiplyVolume(bars: first..<last + 1, by: factor),
      ])
  }
}
