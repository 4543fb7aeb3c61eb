/// Sums of returns over one block of bars: enough to work out mean and deviation over any union of blocks.
public struct BlockSums: Hashable, Sendable {
  /// Bars, the sum of their returns, and the sum of the squares.
  public var count, sum, squares: Double

  public init(count: Double = 0, sum: Double = 0, squares: Double = 0) {
    self.count = count
    self.sum = sum
    self.squares = squares
  }

  /// Takes one return in.
  public mutating func add(_ value: Double) {
    count += 1
    sum += value
    squares += value * value
  }
}
