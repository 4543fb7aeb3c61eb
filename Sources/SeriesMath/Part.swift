extension MutableSpan where Element == Double {
  /// The part of a column that holds these rows. Loops over parts of one length need no check a row.
  @inlinable
  @inline(__always)
  @_lifetime(&self)
  public mutating func part(_ rows: Range<Int>) -> MutableSpan<Double> { _mutatingExtracting(rows) }

  /// Makes values into `factor` × their square roots.
  @inlinable
  public mutating func takeSquareRoots(times factor: Double) {
    var at = 0
    while at + 8 <= count {
      var group = part(at..<at + 8)
      var values = SIMD8<Double>()
      for row in 0..<8 { values[row] = group[row] }
      values = values.squareRoot() * factor
      for row in 0..<8 { group[row] = values[row] }
      at += 8
    }
    while at < count {
      self[at] = self[at].squareRoot() * factor
      at += 1
    }
  }
}
