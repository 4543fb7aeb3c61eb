public import PluginKit
public import SeriesMath

/// The straight line through the last n values by least squares, without the cancellation that n Σ j x − Σ j Σ x
/// suffers where prices are large and move little.
///
/// Sums are of distances to an anchor near the window. It moves to the window's mean, and the sums are made anew, every
/// 8 windows, 64 bars at the least; so a bar costs O(1) on average.
@usableFromInline
struct WindowLine: Sendable {
  @usableFromInline let period: Int
  /// The newest value's distance from the window's middle, in bars.
  @usableFromInline let half: Double
  /// 1 / Σ (j − half)².
  @usableFromInline let share: Double
  @usableFromInline var anchor = 0.0
  /// Σ of distances to the anchor, and of each times its place: the oldest has place 0.
  @usableFromInline var plain = GroupedSum()
  @usableFromInline var placed = GroupedSum()
  @usableFromInline var left = 0

  @inlinable
  init(period: Int) {
    self.period = period
    let n = Double(period)
    half = (n - 1) / 2
    share = 12 / (n * (n * n - 1))
  }

  /// The mean and the slope of the window that ends now. The first call finds the window full, later ones the bar
  /// before it too.
  @inlinable
  mutating func next(_ x: borrowing View) -> (mean: Double, slope: Double) {
    left -= 1
    if left <= 0 { return renew(x) }
    let sum = plain.add(x[0] - x[period])
    // Every place becomes one less, but for the newest, which becomes n − 1.
    return line(sum, placed.add(Double(period) * (x[0] - anchor) - sum))
  }

  /// Gives `take` the lines of the windows that end at these bars, and writes what it makes of them.
  @inlinable
  @inline(__always)
  mutating func column(
    _ x: borrowing Stretch, into out: inout MutableSpan<Double>, _ take: (_ mean: Double, _ slope: Double) -> Double
  ) {
    let (entering, leaving) = (x.input(), x.input(ago: period))
    var space = InlineArray<512, Double>(repeating: 0)
    var whole = space.mutableSpan
    var row = 0
    while row < out.count {
      let count = Swift.min(out.count - row, left - 1)
      guard count > 0 else {
        let line = next(x.view(row))
        out[row] = take(line.mean, line.slope)
        row += 1
        continue
      }
      let (new, old) = (entering.extracting(row..<row + count), leaving.extracting(row..<row + count))
      var sums = whole.part(0..<count)
      for step in 0..<count { sums[step] = new[step] - old[step] }
      plain.add(&sums)
      var part = out.part(row..<row + count)
      for step in 0..<count { part[step] = Double(period) * (new[step] - anchor) - sums[step] }
      placed.add(&part)
      for step in 0..<count {
        let line = line(sums[step], part[step])
        part[step] = take(line.mean, line.slope)
      }
      left -= count
      row += count
    }
  }

  @inlinable
  @inline(__always)
  func line(_ plain: Double, _ placed: Double) -> (mean: Double, slope: Double) {
    (anchor + plain / Double(period), (placed - half * plain) * share)
  }

  /// Moves the anchor to the window's mean; two passes over the window.
  @inline(never)
  @usableFromInline
  mutating func renew(_ x: borrowing View) -> (mean: Double, slope: Double) {
    left = max(64, 8 * period)
    var total = 0.0
    for ago in 0..<period { total += x[ago] - x[0] }
    anchor = x[0] + total / Double(period)
    var (sum, weighted) = (0.0, 0.0)
    for ago in 0..<period {
      let distance = x[ago] - anchor
      sum += distance
      weighted += distance * Double(period - 1 - ago)
    }
    (plain, placed) = (GroupedSum(sum), GroupedSum(weighted))
    return line(sum, weighted)
  }
}
