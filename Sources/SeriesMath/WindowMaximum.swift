/// The greatest of the last n values, at a cost that does not depend on n (van Herk, 1992; Gil and Werman, 1993).
///
/// Values fall into blocks of n. A window is the end of the last block and the start of this one: the maximum of the
/// start is carried along, those of every end of the last block are worked out once when it is full. One buffer serves
/// both, for place j of this block is written when the ends up to j are no longer needed.
public struct WindowMaximum: Sendable {
  @usableFromInline var buffer: [Double]
  @usableFromInline var place = 0
  @usableFromInline var start = -Double.infinity

  @inlinable
  public init(period: Int) { buffer = [Double](repeating: -.infinity, count: Swift.max(1, period)) }

  /// The greatest of the last n values, this one included (of all, while there are fewer).
  @inlinable
  public mutating func next(_ x: Double) -> Double {
    start = Swift.max(start, x)
    buffer[place] = x
    place += 1
    if place < buffer.count { return Swift.max(start, buffer[place]) }
    let greatest = start
    var end = -Double.infinity
    for index in stride(from: buffer.count - 1, through: 0, by: -1) {
      end = Swift.max(end, buffer[index])
      buffer[index] = end
    }
    place = 0
    start = -.infinity
    return greatest
  }
}
