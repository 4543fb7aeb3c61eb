/// Which bars of two columns are in which order: bit i of word w is bar 64 w + i. A bar without a value is in neither
/// set. The spans hold 64 values a word.
///
/// This is the innermost loop of a sweep. It takes 16 bars at a time because their masks narrow from 64 bits to bytes in
/// registers (SSE2 has that instruction, and every other vector set too).
struct BarComparison {
  /// Bars with x > y, into words from `at` on.
  static func above(_ x: Span<Double>, _ y: Span<Double>, words: Int, _ orders: inout MutableSpan<UInt64>, at: Int) {
    precondition(
      x.count >= 64 * words && y.count >= 64 * words && at >= 0 && orders.count >= at + words, "a word holds 64 bars")
    for word in 0..<words {
      var above: UInt64 = 0
      for part in 0..<4 {
        let bar = 64 &* word &+ 16 &* part
        above |= bits(sixteen(x, bar) .> sixteen(y, bar)) &<< UInt64(16 &* part)
      }
      orders[unchecked: at &+ word] = above
    }
  }

  /// Bars with x > y, into words from `at` on, then as many words of bars with x < y.
  static func both(_ x: Span<Double>, _ y: Span<Double>, words: Int, _ orders: inout MutableSpan<UInt64>, at: Int) {
    precondition(
      x.count >= 64 * words && y.count >= 64 * words && at >= 0 && orders.count >= at + 2 * words,
      "a word holds 64 bars")
    for word in 0..<words {
      var above: UInt64 = 0
      var below: UInt64 = 0
      for part in 0..<4 {
        let bar = 64 &* word &+ 16 &* part
        let (left, right) = (sixteen(x, bar), sixteen(y, bar))
        above |= bits(left .> right) &<< UInt64(16 &* part)
        below |= bits(left .< right) &<< UInt64(16 &* part)
      }
      orders[unchecked: at &+ word] = above
      orders[unchecked: at &+ words &+ word] = below
    }
  }

  /// Bars on which a column has a value.
  static func known(_ x: Span<Double>, words: Int, _ known: inout MutableSpan<UInt64>, at: Int) {
    precondition(x.count >= 64 * words && at >= 0 && known.count >= at + words, "a word holds 64 bars")
    for word in 0..<words {
      var set: UInt64 = 0
      for part in 0..<4 {
        let values = sixteen(x, 64 &* word &+ 16 &* part)
        set |= bits(values .== values) &<< UInt64(16 &* part)
      }
      known[unchecked: at &+ word] = set
    }
  }

  @inline(__always)
  private static func sixteen(_ values: Span<Double>, _ bar: Int) -> SIMD16<Double> {
    values.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: bar &* 8, as: SIMD16<Double>.self)
  }

  /// Sixteen bits from sixteen lanes: each byte keeps the bit of its place, and a multiplication adds eight bytes up.
  @inline(__always)
  private static func bits(_ mask: SIMDMask<SIMD16<Int64>>) -> UInt64 {
    let bytes = SIMD16<Int8>(truncatingIfNeeded: unsafeBitCast(mask, to: SIMD16<Int64>.self))
    let places = SIMD16<Int8>(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128)
    let halves = unsafeBitCast(bytes & places, to: SIMD2<UInt64>.self)
    let sum: UInt64 = 0x0101_0101_0101_0101
    let low: UInt64 = (halves[0] &* sum) &>> 56
    let high: UInt64 = (halves[1] &* sum) &>> 56
    return low | high &<< 8
  }
}
