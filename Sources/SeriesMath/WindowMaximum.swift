/// The greatest of the last n values, at a cost that does not depend on n (van Herk, 1992; Gil and Werman, 1993).
///
/// Values fall into blocks of n. A window is the end of the last block and the start of this one: the maximum of the
/// start is carried along, those of every end of the last block are worked out once when it is full. One buffer serves
/// both, for place j of this block is written when the ends up to j are no longer needed.
public struct WindowMaximum: Sendable {
  @usableFromInline let period: Int
  /// One place more than values: behind the last end there is nothing.
  @usableFromInline var buffer: [Double]
  @usableFromInline var place = 0
  @usableFromInline var start = -Double.infinity

  @inlinable
  public init(period: Int) {
    self.period = Swift.max(1, period)
    buffer = [Double](repeating: -.infinity, count: self.period + 1)
  }

  /// The greatest of the last n values, this one included (of all, while there are fewer).
  @inlinable
  public mutating func next(_ x: Double) -> Double {
    start = greater(start, x)
    buffer[place] = x
    place += 1
    let greatest = greater(start, buffer[place])
    if place == period { turn() }
    return greatest
  }

  /// Makes values into the greatest of the window that each ends.
  @inlinable
  public mutating func next(_ values: inout MutableSpan<Double>) {
    var at = 0
    while at < values.count {
      let count = Swift.min(values.count - at, period - place)
      var part = values.part(at..<at + count)
      fill(&part)
      place += count
      at += count
      if place == period { turn() }
    }
  }

  /// Values of one block, four at a time: within four the maxima need not wait for what is carried along.
  @inlinable
  mutating func fill(_ part: inout MutableSpan<Double>) {
    let (count, place) = (part.count, place)
    var start = start
    var whole = buffer.mutableSpan
    var ends = whole.part(place..<place + count + 1)
    var row = 0
    while row + 4 <= count {
      let (a, b, c, d) = (part[row], part[row + 1], part[row + 2], part[row + 3])
      let (first, second, third, fourth) = (ends[row + 1], ends[row + 2], ends[row + 3], ends[row + 4])
      let (two, three) = (greater(a, b), greater(greater(a, b), c))
      let four = greater(two, greater(c, d))
      (ends[row], ends[row + 1], ends[row + 2], ends[row + 3]) = (a, b, c, d)
      part[row] = greater(start, greater(a, first))
      part[row + 1] = greater(start, greater(two, second))
      part[row + 2] = greater(start, greater(three, third))
      start = greater(start, four)
      part[row + 3] = greater(start, fourth)
      row += 4
    }
    while row < count {
      let value = part[row]
      start = greater(start, value)
      ends[row] = value
      part[row] = greater(start, ends[row + 1])
      row += 1
    }
    self.start = start
  }

  /// A block is full: makes its values into the maxima of its ends.
  @inlinable
  mutating func turn() {
    var row = period
    var whole = buffer.mutableSpan
    var ends = whole.part(0..<row)
    var end = -Double.infinity
    while row >= 4 {
      let (a, b, c, d) = (ends[row - 4], ends[row - 3], ends[row - 2], ends[row - 1])
      let (two, three) = (greater(c, d), greater(b, greater(c, d)))
      ends[row - 1] = greater(end, d)
      ends[row - 2] = greater(end, two)
      ends[row - 3] = greater(end, three)
      end = greater(end, greater(greater(a, b), two))
      ends[row - 4] = end
      row -= 4
    }
    while row > 0 {
      row -= 1
      end = greater(end, ends[row])
      ends[row] = end
    }
    (place, start) = (0, -.infinity)
  }
}
