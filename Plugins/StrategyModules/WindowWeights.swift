public import PluginKit

/// The linearly weighted mean of the last n values: the newest has weight n, the oldest 1.
///
/// The weighted sum loses the plain sum with every bar, and both are made anew from the window every 8 windows, so that
/// rounding does not pile up; a bar costs O(1) on average. The rules are those of TA-Lib 0.8 `WMA`.
@usableFromInline
struct WindowWeights: Sendable {
  @usableFromInline let period: Int
  @usableFromInline let divisor: Double
  @usableFromInline var seen = 0
  @usableFromInline var plain = 0.0
  @usableFromInline var weighted = 0.0
  @usableFromInline var leaving = 0.0
  /// Bars until the sums are made anew.
  @usableFromInline var left: Int

  @inlinable
  init(period: Int) {
    self.period = period
    divisor = Double(period) * Double(period + 1) / 2
    left = 8 * period
  }

  /// Takes a value before the first window is full.
  @inlinable
  mutating func warm(_ x: Double) {
    seen += 1
    plain += x
    weighted += x * Double(seen)
  }

  /// The weighted mean of the window that ends now.
  @inlinable
  mutating func next(_ x: borrowing View) -> Double {
    plain += x[0]
    plain -= leaving
    weighted += x[0] * Double(period)
    left -= 1
    if left <= 0 { renew(x) }
    let mean = weighted / divisor
    weighted -= plain
    leaving = x[period - 1]
    return mean
  }

  @inline(never)
  @usableFromInline
  mutating func renew(_ x: borrowing View) {
    left = 8 * period
    (plain, weighted) = (0, 0)
    for ago in stride(from: period - 1, through: 0, by: -1) {
      plain += x[ago]
      weighted += x[ago] * Double(period - ago)
    }
  }
}
