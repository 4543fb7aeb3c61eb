import Trading

/// Prices before a split that were divided by it twice. Seen as missing ones are, in the other direction.
enum DoubledSplits: QualityCheck {
  static let kind = QualityKind.doubledSplit

  static func findings(in scan: QualityScan) -> [QualityFinding] {
    scan.displacements.compactMap { place in
      guard case .doubledSplit(let ratio, let declared) = place.cause else { return nil }
      return SplitFinding.make(kind, scan, place, ratio: ratio, declared: declared)
    }
  }
}
