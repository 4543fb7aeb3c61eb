/// The greater and the lesser of two numbers that are not NaN: one instruction, where `max` and `min` take a branch.
@inlinable
@inline(__always)
public func greater(_ a: Double, _ b: Double) -> Double { a > b ? a : b }

@inlinable
@inline(__always)
public func lesser(_ a: Double, _ b: Double) -> Double { a < b ? a : b }

/// The greatest, or least, of each window of at most 64 values, for stretches of at most 512 windows.
///
/// Windows are made of four narrower ones, which may overlap: of 4 values, of 16, and of 64.
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
    if period <= 4 { return fours(x, 1, period, &out, best) }
    var narrow = InlineArray<576, Double>(repeating: 0)
    var whole = narrow.mutableSpan
    var quads = whole.part(0..<x.count - 3)
    fours(x, 1, 4, &quads, best)
    if period <= 16 { return fours(quads.span, 4, period, &out, best) }
    var wide = InlineArray<576, Double>(repeating: 0)
    var space = wide.mutableSpan
    var sixteens = space.part(0..<x.count - 15)
    fours(quads.span, 4, 16, &sixteens, best)
    fours(sixteens.span, 16, period, &out, best)
  }

  /// Makes windows of `period` from windows of `width`, of which four are enough.
  @inlinable
  @inline(__always)
  static func fours(
    _ x: Span<Double>, _ width: Int, _ period: Int, _ out: inout MutableSpan<Double>,
    _ best: (Double, Double) -> Double
  ) {
    let (count, last) = (out.count, max(1, period) - width)
    let (second, third, fourth) = (min(width, last), min(2 * width, last), last)
    let a = x.extracting(0..<count)
    let b = x.extracting(second..<second + count)
    let c = x.extracting(third..<third + count)
    let d = x.extracting(fourth..<fourth + count)
    for row in 0..<count { out[row] = best(best(a[row], b[row]), best(c[row], d[row])) }
  }
}
