/// How long ago the greatest of the last n values stood, at a cost that does not depend on n on average: values that a
/// later one reaches can never be the greatest again, so what is left is a falling staircase, the greatest in front.
public struct WindowPeak: Sendable {
  @usableFromInline let period: Int
  @usableFromInline var values: [Double]
  /// The bar of each value, by its place in the staircase; the staircase is a ring.
  @usableFromInline var bars: [Int]
  @usableFromInline var front = 0
  @usableFromInline var count = 0
  @usableFromInline var bar = 0

  @inlinable
  public init(period: Int) {
    self.period = Swift.max(1, period)
    values = [Double](repeating: 0, count: self.period)
    bars = [Int](repeating: 0, count: self.period)
  }

  /// Bars since the greatest of the last n values, this one included; of equal ones the latest counts.
  @inlinable
  public mutating func next(_ x: Double) -> Int {
    if count > 0, bars[front] <= bar - period {
      front = place(1)
      count -= 1
    }
    while count > 0, values[place(count - 1)] <= x { count -= 1 }
    let last = place(count)
    values[last] = x
    bars[last] = bar
    count += 1
    bar += 1
    return bar - 1 - bars[front]
  }

  @inlinable
  func place(_ step: Int) -> Int {
    let place = front + step
    return place < period ? place : place - period
  }
}
