public import PluginKit

/// The straight line through the last n values by least squares, without the cancellation that n Σ j x − Σ j Σ x
/// suffers where prices are large and move little.
///
/// Sums are of distances to an anchor near the window. It moves to the window's mean, and the sums are made anew, every
/// 8 windows and when a value far off leaves; so a bar costs O(1) on average.
@usableFromInline
struct WindowLine: Sendable {
  @usableFromInline let period: Int
  /// The newest value's distance from the window's middle, in bars.
  @usableFromInline let half: Double
  /// 1 / Σ (j − half)².
  @usableFromInline let share: Double
  @usableFromInline var anchor = 0.0
  /// Σ of distances to the anchor, and of each times its place: the oldest has place 0.
  @usableFromInline var plain = 0.0
  @usableFromInline var placed = 0.0
  /// Σ |distance|, which says what a leaving value leaves behind in the sums.
  @usableFromInline var size = 0.0
  @usableFromInline var left = 0

  @inlinable
  init(period: Int) {
    self.period = period
    let n = Double(period)
    half = (n - 1) / 2
    share = 12 / (n * (n * n - 1))
  }

  /// The mean and the slope of the window that ends now. The first call finds the window full.
  @inlinable
  mutating func next(_ x: borrowing View) -> (mean: Double, slope: Double) {
    let distance = x[0] - anchor
    plain += distance
    placed += distance * Double(period - 1)
    size += abs(distance)
    left -= 1
    if left <= 0 { renew(x) }
    let result = (anchor + plain / Double(period), (placed - half * plain) * share)
    let leaving = x[period - 1] - anchor
    plain -= leaving
    placed -= plain
    size -= abs(leaving)
    if abs(leaving) > 1e3 * size { left = 0 }
    return result
  }

  /// Moves the anchor to the window's mean; two passes over the window.
  @inline(never)
  @usableFromInline
  mutating func renew(_ x: borrowing View) {
    left = 8 * period
    var total = 0.0
    for ago in 0..<period { total += x[ago] - x[0] }
    anchor = x[0] + total / Double(period)
    (plain, placed, size) = (0, 0, 0)
    for ago in stride(from: period - 1, through: 0, by: -1) {
      let distance = x[ago] - anchor
      plain += distance
      placed += distance * Double(period - 1 - ago)
      size += abs(distance)
    }
  }
}
