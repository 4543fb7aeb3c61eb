/// A recursive average that seeds itself with the plain average of the first n values it is given: for averages of
/// averages, where each starts when the one before it has a value.
public struct Seeded<Average: RecursiveAverage>: Sendable {
  @usableFromInline let period: Int
  @usableFromInline var seen = 0
  @usableFromInline var sum = 0.0
  @usableFromInline var average: Average

  @inlinable
  public init(period: Int) {
    self.period = period
    average = Average(period: period)
  }

  @inlinable public var value: Double { average.value }

  /// Takes a value of the warm-up; true once there is an average.
  @inlinable
  public mutating func warm(_ x: Double) -> Bool {
    seen += 1
    if seen > period {
      _ = average.next(x)
      return true
    }
    sum += x
    guard seen == period else { return false }
    average.seed(sum / Double(period))
    return true
  }

  /// Every value after the seed.
  @inlinable
  public mutating func next(_ x: Double) -> Double { average.next(x) }
}
