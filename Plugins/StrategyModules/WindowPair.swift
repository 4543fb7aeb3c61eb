public import PluginKit

/// How the first two inputs vary and vary together over the last n bars, without the cancellation that mean(x y) −
/// mean(x) mean(y) suffers where values are large and move little.
///
/// Sums are of distances to anchors near the window. They move to the window's means, and the sums are made anew, every
/// 8 windows, and when a variance has become small against the distances that it is taken from; so a bar costs O(1) on
/// average.
@usableFromInline
struct WindowPair: Sendable {
  @usableFromInline let period: Int
  @usableFromInline var anchorX = 0.0
  @usableFromInline var anchorY = 0.0
  @usableFromInline var sumX = 0.0
  @usableFromInline var sumY = 0.0
  @usableFromInline var sumXX = 0.0
  @usableFromInline var sumYY = 0.0
  @usableFromInline var sumXY = 0.0
  /// Bars until the sums are made anew.
  @usableFromInline var left = 0

  @inlinable
  init(period: Int) { self.period = period }

  /// Sums over the window that ends now, of products of distances to the means; the first call finds it full. A sum of
  /// squares that is nothing but rounding is 0.
  @inlinable
  mutating func next(_ x: borrowing View) -> (xx: Double, yy: Double, xy: Double) {
    add(x, 0, 1)
    left -= 1
    var products = products()
    if left <= 0 || products.xx < 1e-4 * sumXX || products.yy < 1e-4 * sumYY {
      renew(x)
      products = self.products()
      if products.xx < 1e-12 * sumXX { products.xx = 0 }
      if products.yy < 1e-12 * sumYY { products.yy = 0 }
    }
    let (before, beforeY) = (sumXX, sumYY)
    add(x, period - 1, -1)
    if sumXX < 1e-6 * before || sumYY < 1e-6 * beforeY { left = 0 }
    return products
  }

  @inlinable
  func products() -> (xx: Double, yy: Double, xy: Double) {
    let share = 1 / Double(period)
    return (sumXX - sumX * sumX * share, sumYY - sumY * sumY * share, sumXY - sumX * sumY * share)
  }

  @inlinable
  mutating func add(_ x: borrowing View, _ ago: Int, _ sign: Double) {
    let distanceX = x[0, ago] - anchorX
    let distanceY = x[1, ago] - anchorY
    sumX += sign * distanceX
    sumY += sign * distanceY
    sumXX += sign * (distanceX * distanceX)
    sumYY += sign * (distanceY * distanceY)
    sumXY += sign * (distanceX * distanceY)
  }

  /// Moves the anchors to the window's means; two passes over the window.
  @inline(never)
  @usableFromInline
  mutating func renew(_ x: borrowing View) {
    left = 8 * period
    var (totalX, totalY) = (0.0, 0.0)
    for ago in 0..<period {
      totalX += x[0, ago] - x[0, 0]
      totalY += x[1, ago] - x[1, 0]
    }
    (anchorX, anchorY) = (x[0, 0] + totalX / Double(period), x[1, 0] + totalY / Double(period))
    (sumX, sumY, sumXX, sumYY, sumXY) = (0, 0, 0, 0, 0)
    for ago in 0..<period { add(x, ago, 1) }
  }
}
