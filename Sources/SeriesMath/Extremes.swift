/// The greater and the lesser of two numbers that are not NaN: one instruction, where `max` and `min` take a branch.
@inlinable
@inline(__always)
public func greater(_ a: Double, _ b: Double) -> Double { a > b ? a : b }

@inlinable
@inline(__always)
public func lesser(_ a: Double, _ b: Double) -> Double { a < b ? a : b }

/// The greatest, or least, of each window of at most 64 values, for stretches of at most 512 windows.
///
/// Windows are doubled: of 1, 2, 4 … values, each from two halves side by side, and the last from two that overlap.
public enum ShortWindows {
  @inlinable public static var longest: Int { 64 }

  /// `x` holds the `period - 1` values before the first window's last one too.
  @inlinable
  public static func greatest(_ x: Span<Double>, period: Int, into out: inout MutableSpan<Double>) {
    extremes(x, period, &out) { greater($0, $1) }
  }

  @inlinable
  public static func least(_ x: Span<Double>, period: Int, into out: inout MutableSpan<Double>) {
    extremes(x, period, &out) { lesser($0, $1) }
  }

  @inlinable
  @inline(__always)
  static func extremes(
    _ x: Span<Double>, _ period: Int, _ out: inout MutableSpan<Double>, _ best: (Double, Double) -> Double
  ) {
    let rows = out.count
    precondition(period <= longest && rows <= 512 && x.count == rows + period - 1, "a short window, a stretch of rows")
    var (one, other) = (InlineArray<576, Double>(repeating: 0), InlineArray<576, Double>(repeating: 0))
    var (width, count) = (1, x.count)
    if period > 3 {
      (width, count) = (2, count - 1)
      var whole = one.mutableSpan
      var target = whole.part(0..<count)
      pair(x, 1, &target, best)
      var isInOne = true
      while 2 * width < period {
        count -= width
        if isInOne {
          var whole = other.mutableSpan
          var target = whole.part(0..<count)
          pair(one.span, width, &target, best)
        } else {
          var whole = one.mutableSpan
          var target = whole.part(0..<count)
          pair(other.span, width, &target, best)
        }
        isInOne.toggle()
        width *= 2
      }
      if isInOne { pair(one.span, period - width, &out, best) } else { pair(other.span, period - width, &out, best) }
      return
    }
    // One, two or three values.
    for row in 0..<rows {
      var value = x[row]
      for step in 1..<max(1, period) { value = best(value, x[row + step]) }
      out[row] = value
    }
  }

  @inlinable
  @inline(__always)
  static func pair(
    _ x: Span<Double>, _ step: Int, _ out: inout MutableSpan<Double>, _ best: (Double, Double) -> Double
  ) {
    let count = out.count
    let (left, right) = (x.extracting(0..<count), x.extracting(step..<step + count))
    for row in 0..<count { out[row] = best(left[row], right[row]) }
  }
}
