import Trading

/// Explains a displacement by a split.
struct SplitExplanation {
  let rows: PriceRows
  let bars: [Int]

  /// New shares for an old one, as splits usually are.
  private static let usualRatios: [Double] = [
    2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 1.5, 2.5, 4.0 / 3, 1.25,
  ]

  /// A split that the source declares between two places, whose ratio or inverse a stretch is displaced by. `size` is
  /// the logarithm of the displacement.
  func declared(size: Double, from start: Int, to end: Int, slack: Double) -> Displacement.Cause? {
    guard !rows.splits.isEmpty, start < bars.count else { return nil }
    let first = bars[max(0, start)]
    let last = end < bars.count ? bars[end] : rows.count - 1
    for bar in first...max(first, last) where rows.splits[bar] > 0 && rows.splits[bar] != 1 {
      let ratio = Logarithm.of(rows.splits[bar])
      if abs(size - ratio) <= slack { return .missingSplit(rows.splits[bar], declared: bar) }
      if abs(size + ratio) <= slack { return .doubledSplit(rows.splits[bar], declared: bar) }
    }
    return nil
  }

  /// A split by a usual ratio that no source declares. Too high is a split that was not applied; too low one that was
  /// applied twice.
  func usual(size: Double, slack: Double) -> Displacement.Cause? {
    let nearest = SplitExplanation.usualRatios.min {
      abs(abs(size) - Logarithm.of($0)) < abs(abs(size) - Logarithm.of($1))
    }
    guard let nearest, abs(abs(size) - Logarithm.of(nearest)) <= slack else { return nil }
    return size > 0 ? .missingSplit(nearest, declared: nil) : .doubledSplit(nearest, declared: nil)
  }

  static func isWhole(_ cause: Displacement.Cause) -> Bool {
    switch cause {
    case .missingSplit(let ratio, _), .doubledSplit(let ratio, _): ratio == ratio.rounded()
    default: false
    }
  }
}
