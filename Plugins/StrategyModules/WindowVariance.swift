public import PluginKit
public import SeriesMath
public import SeriesMath

/// The variance of the last n values, of the population, without the cancellation that mean(x²) − mean(x)² suffers
/// where prices are large and move little.
///
/// Sums are of distances to an anchor near the window. The anchor moves to the window's mean, and the sums are made
/// anew, when the variance has become small against the distances that it is taken from, when a value far off has just
/// left, and after 32 windows at the latest; so a bar costs O(1) on average. The rules are those of TA-Lib 0.8 `VAR`.
@usableFromInline
struct WindowVariance: Sendable {
  @usableFromInline let period: Int
  @usableFromInline let share: Double
  @usableFromInline var anchor = 0.0
  @usableFromInline var sum = 0.0
  @usableFromInline var squares = 0.0
  @usableFromInline var seen = false
  /// Bars until the sums are made anew.
  @usableFromInline var left: Int

  @inlinable
  init(period: Int) {
    self.period = period
    share = 1 / Double(period)
    left = 32 * period
  }

  /// Takes a value before the first window is full.
  @inlinable
  mutating func warm(_ x: Double) {
    if !seen { (anchor, seen) = (x, true) }
    add(x)
  }

  /// The variance of the window that ends now.
  @inlinable
  @inline(__always)
  mutating func next(_ x: borrowing View) -> Double {
    add(x[0])
    let mean = sum * share
    let variance = squares * share - mean * mean
    let leaving = remove(x[period - 1])
    left -= 1
    if variance < 1e-6 * (squares * share) || leaving > 1e6 * squares || left <= 0 { return anchored(x) }
    return variance
  }

  /// The variances of the windows that end at these bars. Bars are taken as if no sum were made anew; where that shows
  /// to be wrong they are taken again, one by one.
  @inlinable
  mutating func column(_ x: borrowing Stretch, into out: inout MutableSpan<Double>) {
    let (entering, leaving) = (x.input(), x.input(ago: period - 1))
    var row = 0
    while row < out.count {
      let count = Swift.min(out.count - row, left - 1, 64)
      guard count > 1 else {
        out[row] = next(x.view(row))
        row += 1
        continue
      }
      let (sum, squares) = (sum, squares)
      var part = out.part(row..<row + count)
      if swift(entering.extracting(row..<row + count), leaving.extracting(row..<row + count), &part) {
        left -= count
      } else {
        (self.sum, self.squares) = (sum, squares)
        for step in 0..<count { out[row + step] = next(x.view(row + step)) }
      }
      row += count
    }
  }

  /// False where a sum should have been made anew.
  @inlinable
  @inline(__always)
  mutating func swift(_ entering: Span<Double>, _ leaving: Span<Double>, _ out: inout MutableSpan<Double>) -> Bool {
    var (sum, squares) = (sum, squares)
    // The least of what must not be negative: no branch a bar.
    var least = 0.0
    for row in 0..<out.count {
      let distance = entering[row] - anchor
      sum += distance
      squares += distance * distance
      let mean = sum * share
      let variance = squares * share - mean * mean
      let limit = 1e-6 * (squares * share)
      let old = leaving[row] - anchor
      let square = old * old
      sum -= old
      squares -= square
      least = lesser(least, lesser(variance - limit, 1e6 * squares - square))
      out[row] = variance
    }
    (self.sum, self.squares) = (sum, squares)
    return least == 0
  }

  @inlinable
  mutating func add(_ x: Double) {
    let distance = x - anchor
    sum += distance
    squares += distance * distance
  }

  /// Gives the squared distance of what was taken away.
  @inlinable
  mutating func remove(_ x: Double) -> Double {
    let distance = x - anchor
    sum -= distance
    squares -= distance * distance
    return distance * distance
  }

  /// Moves the anchor to the window's mean; two passes over the window.
  @inline(never)
  @usableFromInline
  mutating func anchored(_ x: borrowing View) -> Double {
    left = 32 * period
    var total = 0.0
    for ago in stride(from: period - 1, through: 0, by: -1) { total += x[ago] }
    anchor = total * share
    (sum, squares) = (0, 0)
    for ago in stride(from: period - 1, through: 0, by: -1) { add(x[ago]) }
    let mean = sum * share
    var variance = squares * share - mean * mean
    // What is left below this is the rounding of the mean itself: the window does not move.
    if variance < 1e-12 * (squares * share) { variance = 0 }
    _ = remove(x[period - 1])
    return variance
  }
}
