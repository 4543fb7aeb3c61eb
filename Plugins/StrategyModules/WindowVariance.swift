public import PluginKit
public import SeriesMath

/// The variance of the last n values, of the population, without the cancellation that mean(x²) − mean(x)² suffers
/// where prices are large and move little.
///
/// Sums are of distances to an anchor near the window. The anchor moves to the window's mean, and the sums are made
/// anew, when the variance has become small against the distances that it is taken from, when a value far off is about
/// to leave, and after 128 windows at the latest; so a bar costs O(1) on average. So does TA-Lib 0.8 `VAR`, with other
/// limits.
@usableFromInline
struct WindowVariance: Sendable {
  @usableFromInline let period: Int
  @usableFromInline let share: Double
  @usableFromInline var anchor = 0.0
  /// Of the window's distances to the anchor, and of their squares.
  @usableFromInline var distances = GroupedSum()
  @usableFromInline var squares = GroupedSum()
  /// The same before the first window is full.
  @usableFromInline var begun = (distances: 0.0, squares: 0.0)
  @usableFromInline var seen = false
  /// Bars until the sums are made anew.
  @usableFromInline var left: Int

  @inlinable
  init(period: Int) {
    self.period = period
    share = 1 / Double(period)
    left = 128 * period
  }

  /// Takes a value before the first window is full.
  @inlinable
  mutating func warm(_ x: Double) {
    if !seen { (anchor, seen) = (x, true) }
    let distance = x - anchor
    begun.distances += distance
    begun.squares += distance * distance
  }

  /// The variance of the first full window.
  @inlinable
  mutating func first(_ x: borrowing View) -> Double {
    warm(x[0])
    (distances, squares) = (GroupedSum(begun.distances), GroupedSum(begun.squares))
    return variance(x, begun.distances, begun.squares)
  }

  /// The variance of the window that ends now.
  @inlinable
  mutating func next(_ x: borrowing View) -> Double {
    let (new, old) = (x[0], x[period])
    let change = new - old
    let sum = distances.add(change)
    return variance(x, sum, squares.add(change * ((new - anchor) + (old - anchor))))
  }

  @inlinable
  mutating func variance(_ x: borrowing View, _ sum: Double, _ squares: Double) -> Double {
    let mean = sum * share
    let meanSquare = squares * share
    let variance = meanSquare - mean * mean
    let oldest = x[period - 1] - anchor
    let leaving = oldest * oldest
    left -= 1
    if variance < 1e-5 * meanSquare || leaving > 1e6 * (squares - leaving) || left <= 0 { return anchored(x) }
    return variance
  }

  /// The variances of the windows that end at these bars. Bars are taken as if no sum were made anew; where that shows
  /// to be wrong some of them are taken again, one by one.
  @inlinable
  mutating func column(_ x: borrowing Stretch, into out: inout MutableSpan<Double>) {
    let (entering, oldest, leaving) = (x.input(), x.input(ago: period - 1), x.input(ago: period))
    var most = 512
    var row = 0
    while row < out.count {
      let rows = row..<row + Swift.min(out.count - row, left - 1, most)
      var done = 1
      if rows.count < 2 {
        out[row] = next(x.view(row))
      } else {
        let (distances, squares) = (distances, squares)
        var part = out.part(rows)
        done = rows.count
        if swift(entering.extracting(rows), oldest.extracting(rows), leaving.extracting(rows), &part) {
          left -= done
          most = Swift.min(512, 2 * most)
        } else {
          (self.distances, self.squares) = (distances, squares)
          most = 64
          done = Swift.min(done, most)
          for step in 0..<done { out[row + step] = next(x.view(row + step)) }
        }
      }
      row += done
    }
  }

  /// False where a sum should have been made anew.
  @inlinable
  @inline(__always)
  mutating func swift(
    _ entering: Span<Double>, _ oldest: Span<Double>, _ leaving: Span<Double>, _ out: inout MutableSpan<Double>
  ) -> Bool {
    let (count, anchor, share) = (out.count, anchor, share)
    var space = InlineArray<512, Double>(repeating: 0)
    var whole = space.mutableSpan
    var sums = whole.part(0..<count)
    for row in 0..<count {
      let (new, old) = (entering[row], leaving[row])
      let change = new - old
      sums[row] = change
      out[row] = change * ((new - anchor) + (old - anchor))
    }
    distances.add(&sums)
    squares.add(&out)
    // Counted, not tested: no branch a bar.
    var wrong = 0
    for row in 0..<count {
      let mean = sums[row] * share
      let meanSquare = out[row] * share
      let variance = meanSquare - mean * mean
      let distance = oldest[row] - anchor
      let leaving = distance * distance
      wrong |= variance < 1e-5 * meanSquare ? 1 : 0
      wrong |= leaving > 1e6 * (out[row] - leaving) ? 1 : 0
      out[row] = variance
    }
    return wrong == 0
  }

  /// Moves the anchor to the window's mean; two passes over the window.
  @inline(never)
  @usableFromInline
  mutating func anchored(_ x: borrowing View) -> Double {
    left = 128 * period
    var total = 0.0
    for ago in stride(from: period - 1, through: 0, by: -1) { total += x[ago] }
    anchor = total * share
    var (sum, square) = (0.0, 0.0)
    for ago in stride(from: period - 1, through: 0, by: -1) {
      let distance = x[ago] - anchor
      sum += distance
      square += distance * distance
    }
    (distances, squares) = (GroupedSum(sum), GroupedSum(square))
    let mean = sum * share
    var variance = square * share - mean * mean
    // What is left below this is the rounding of the mean itself: the window does not move.
    if variance < 1e-12 * (square * share) { variance = 0 }
    return variance
  }
}
