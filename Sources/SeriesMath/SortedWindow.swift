/// The last n values in order of size. A step finds its places by halving and moves what stands between them.
public struct SortedWindow: Sendable {
  @usableFromInline var values: [Double] = []

  @inlinable
  public init(period: Int) { values.reserveCapacity(Swift.max(1, period)) }

  /// How many values are at most x.
  @inlinable
  public func count(upTo x: Double) -> Int {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] <= x { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Puts in a value while the window is not full.
  @inlinable
  public mutating func add(_ x: Double) { values.insert(x, at: count(upTo: x)) }

  /// Puts in a value for one that is there.
  @inlinable
  public mutating func replace(_ old: Double, with x: Double) {
    let place = count(upTo: old) - 1
    let rank = count(upTo: x)
    if rank > place {
      for index in place..<rank - 1 { values[index] = values[index + 1] }
      values[rank - 1] = x
    } else {
      for index in stride(from: place, to: rank, by: -1) { values[index] = values[index - 1] }
      values[rank] = x
    }
  }
}
