#if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
import _Builtin_intrinsics.intel.sse2
#endif

extension MutableSpan where Element == Double {
  /// The part of a column that holds these rows. Loops over parts of one length need no check a row.
  @inlinable
  @inline(__always)
  @_lifetime(&self)
  public mutating func part(_ rows: Range<Int>) -> MutableSpan<Double> { _mutatingExtracting(rows) }

  /// Makes values into `factor` × their square roots.
  public mutating func takeSquareRoots(times factor: Double) {
    var at = 0
    #if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
    // A root a value is all that `squareRoot` comes to, and a test for a call where it is negative.
    while at + 8 <= count {
      var group = part(at..<at + 8)
      for pair in 0..<4 {
        let roots = _mm_sqrt_pd(SIMD2(group[2 * pair], group[2 * pair + 1])) * factor
        group[2 * pair] = roots[0]
        group[2 * pair + 1] = roots[1]
      }
      at += 8
    }
    #endif
    while at < count {
      self[at] = self[at].squareRoot() * factor
      at += 1
    }
  }
}
