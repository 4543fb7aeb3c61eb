public import Trading

/// Cuts bars into at most 64 blocks whose bounds depend on the calendar alone, never on where the data begin: the block
/// that holds a day is the same in a series that ends a bar later. Lengths double, and each block of one length is two
/// of the next shorter one, so block sums of different lengths can be brought together.
public struct CalendarBlocks: Hashable, Sendable {
  /// The length of each block: a day halved or doubled some times.
  public let milliseconds: Int64
  /// The first block's number, counted in blocks of this length from 1970-01-01T00:00:00Z.
  public let first: Int
  /// How many blocks there are, those without a bar (a weekend, say) included.
  public let count: Int
  /// For each bar its block, from 0.
  public let places: [Int]

  /// The most blocks.
  public static let limit = 64
  /// A day over 2¹⁰, the shortest length: 84.375 s.
  private static let shortest: Int64 = 84_375

  /// The shortest blocks of which no more than 64 hold the bars.
  ///
  /// - Parameter times: labels of the bars, ascending.
  public init(_ times: some BidirectionalCollection<Instant>) {
    var length = CalendarBlocks.shortest
    func number(_ time: Instant) -> Int { Int((Double(time.milliseconds) / Double(length)).rounded(.down)) }
    let (start, end) = (times.first ?? Instant(milliseconds: 0), times.last)
    while number(end ?? start) - number(start) >= CalendarBlocks.limit { length *= 2 }
    let origin = number(start)
    milliseconds = length
    first = origin
    count = end.map { number($0) - origin + 1 } ?? 0
    places = times.map { number($0) - origin }
  }

  /// The sums of one series of returns, one a bar, by block.
  public func sums(_ returns: some Collection<Double>) -> [BlockSums] {
    var sums = [BlockSums](repeating: BlockSums(), count: count)
    for (place, value) in zip(places, returns) { sums[place].add(value) }
    return sums
  }
}
