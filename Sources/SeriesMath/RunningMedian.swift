/// The median of all values given so far: the lower half in a heap with its greatest on top, the upper half in one with
/// its least on top. A value costs the logarithm of their number.
public struct RunningMedian: Sendable {
  private var lower: [Double] = []
  /// Negated, so that one kind of heap serves both halves.
  private var upper: [Double] = []

  public init() {}

  /// How many values were given.
  public var count: Int { lower.count + upper.count }

  /// The middle value, or the mean of the two in the middle; NaN before the first value.
  public var value: Double {
    guard let below = lower.first else { return .nan }
    guard lower.count == upper.count, let above = upper.first else { return below }
    return (below - above) / 2
  }

  /// Takes a value, which must be a number.
  public mutating func add(_ value: Double) {
    if let middle = lower.first, value > middle {
      RunningMedian.push(-value, to: &upper)
      if upper.count > lower.count { RunningMedian.push(-RunningMedian.pop(&upper), to: &lower) }
    } else {
      RunningMedian.push(value, to: &lower)
      if lower.count > upper.count + 1 { RunningMedian.push(-RunningMedian.pop(&lower), to: &upper) }
    }
  }

  private static func push(_ value: Double, to heap: inout [Double]) {
    var place = heap.count
    heap.append(value)
    while place > 0, heap[(place - 1) / 2] < value {
      heap[place] = heap[(place - 1) / 2]
      place = (place - 1) / 2
    }
    heap[place] = value
  }

  /// Takes the greatest from a heap that is not empty.
  private static func pop(_ heap: inout [Double]) -> Double {
    let top = heap[0]
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top }
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] > heap[child] { child += 1 }
      guard heap[child] > last else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = last
    return top
  }
}
