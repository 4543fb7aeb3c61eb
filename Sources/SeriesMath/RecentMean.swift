/// The mean of the last n values of a series that is made on the way and so stands in no column.
public struct RecentMean: Sendable {
  @usableFromInline var values: [Double]
  @usableFromInline var place = 0
  @usableFromInline var sum = 0.0

  @inlinable
  public init(period: Int) { values = [Double](repeating: 0, count: Swift.max(1, period)) }

  /// The mean once n values were given; before that their sum / n.
  @inlinable
  public mutating func next(_ x: Double) -> Double {
    values[place] = x
    place += 1
    if place == values.count { place = 0 }
    let total = sum + x
    sum = total - values[place]
    return total / Double(values.count)
  }
}
