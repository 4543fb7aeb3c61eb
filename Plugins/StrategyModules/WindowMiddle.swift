public import SeriesMath

/// The middle of the range of the last n bars: half way from the lowest low to the highest high.
@usableFromInline
struct WindowMiddle: Sendable {
  @usableFromInline var highest: WindowMaximum
  @usableFromInline var lowest: WindowMaximum

  @inlinable
  init(period: Int) {
    highest = WindowMaximum(period: period)
    lowest = WindowMaximum(period: period)
  }

  @inlinable
  mutating func next(high: Double, low: Double) -> Double { (highest.next(high) - lowest.next(-low)) / 2 }
}
