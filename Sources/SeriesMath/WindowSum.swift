/// A sum over the last n values that keeps what rounding takes, so that it is as good as a sum made anew however long
/// it runs and whatever has passed through; n zeros in a row give exactly 0.
///
/// Each addition's rounding error is itself a number (Knuth's two-sum) and is summed apart.
/// Source: A. Neumaier, 1974; D. Knuth, The Art of Computer Programming, volume 2, 4.2.2.
public struct WindowSum: Sendable {
  @usableFromInline let period: Int
  @usableFromInline var sum = 0.0
  @usableFromInline var lost = 0.0
  @usableFromInline var zeros = 0

  @inlinable
  public init(period: Int) { self.period = period }

  /// Takes the newest value; gives the sum.
  @inlinable
  public mutating func add(_ x: Double) -> Double {
    zeros = x == 0 ? zeros + 1 : 0
    if zeros >= period { (sum, lost) = (0, 0) }
    put(x)
    return sum + lost
  }

  /// Takes the oldest value away, after `add`.
  @inlinable
  public mutating func remove(_ x: Double) { put(-x) }

  @inlinable
  mutating func put(_ x: Double) {
    let total = sum + x
    let part = total - sum
    lost += (sum - (total - part)) + (x - part)
    sum = total
  }
}
