import Trading

extension [Range<Instant>] {
  /// The same stretches with one more; those that touch are one. Both are ascending and apart.
  func joined(with stretch: Range<Instant>) -> [Range<Instant>] {
    guard !stretch.isEmpty else { return self }
    let apart = filter { $0.upperBound < stretch.lowerBound || $0.lowerBound > stretch.upperBound }
    let touching = filter { !($0.upperBound < stretch.lowerBound || $0.lowerBound > stretch.upperBound) }
    let low = touching.map(\.lowerBound).min().map { Swift.min($0, stretch.lowerBound) } ?? stretch.lowerBound
    let high = touching.map(\.upperBound).max().map { Swift.max($0, stretch.upperBound) } ?? stretch.upperBound
    return (apart + [low..<high]).sorted { $0.lowerBound < $1.lowerBound }
  }
}
