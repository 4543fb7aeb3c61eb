public import PluginKit
public import SeriesMath

/// The greatest, or the least, of the last n values of one input. A short window is looked through; a long one is
/// carried along.
@usableFromInline
struct WindowExtreme: Sendable {
  @usableFromInline let period: Int
  /// 1 for the greatest, −1 for the least: which is the greatest of the negated values, and negation rounds nothing.
  @usableFromInline let sign: Double
  @usableFromInline let isShort: Bool
  @usableFromInline var window: WindowMaximum

  @inlinable
  init(greatestOf period: Int) { self.init(period, sign: 1) }

  @inlinable
  init(leastOf period: Int) { self.init(period, sign: -1) }

  @inlinable
  init(_ period: Int, sign: Double) {
    self.period = period
    self.sign = sign
    isShort = WindowExtreme.isShort(period)
    window = WindowMaximum(period: isShort ? 1 : period)
  }

  @inlinable
  static func isShort(_ period: Int) -> Bool { period <= ShortWindows.longest }

  /// How far back it reads.
  @inlinable
  static func reach(_ period: Int) -> Int { isShort(period) ? period - 1 : 0 }

  /// Takes a value before the first window is full.
  @inlinable
  mutating func warm(_ x: Double) { if !isShort { _ = window.next(sign * x) } }

  @inlinable
  mutating func next(_ x: borrowing View, _ input: Int = 0) -> Double {
    guard isShort else { return sign * window.next(sign * x[input, 0]) }
    var greatest = sign * x[input, 0]
    for ago in 1..<max(1, period) { greatest = greater(greatest, sign * x[input, ago]) }
    return sign * greatest
  }

  @inlinable
  mutating func column(_ x: borrowing Stretch, _ input: Int = 0, into out: inout MutableSpan<Double>) {
    if isShort {
      let values = x.input(input, reach: period - 1)
      if sign > 0 {
        ShortWindows.greatest(values, period: period, into: &out)
      } else {
        ShortWindows.least(values, period: period, into: &out)
      }
      return
    }
    let values = x.input(input)
    for row in 0..<out.count { out[row] = sign * values[row] }
    window.next(&out)
    if sign < 0 { for row in 0..<out.count { out[row] = -out[row] } }
  }
}
