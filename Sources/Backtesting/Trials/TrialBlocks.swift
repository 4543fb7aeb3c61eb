import Trading

/// Block sums with their place in the calendar; see `CalendarBlocks`.
public struct TrialBlocks: Hashable, Sendable {
  /// The length of each block.
  public var milliseconds: Int64
  /// The first block's number, counted in blocks of this length from 1970-01-01T00:00:00Z.
  public var first: Int
  public var sums: [BlockSums]

  public init(milliseconds: Int64, first: Int, sums: [BlockSums]) {
    self.milliseconds = milliseconds
    self.first = first
    self.sums = sums
  }

  /// The same in longer blocks, whose length is this one doubled some times, over `range` of their numbers; where there
  /// was nothing the count is 0.
  func over(_ range: Range<Int>, milliseconds length: Int64) -> [BlockSums] {
    let doublings = doublings(to: length)
    var result = [BlockSums](repeating: BlockSums(), count: range.count)
    for (place, block) in sums.enumerated() {
      let number = (first + place) >> doublings
      guard range.contains(number) else { continue }
      result[number - range.lowerBound].count += block.count
      result[number - range.lowerBound].sum += block.sum
      result[number - range.lowerBound].squares += block.squares
    }
    return result
  }
}

extension TrialBlocks {
  /// Blocks over which many trials are compared, at most.
  private static let comparable = 2 * CalendarBlocks.limit

  /// Block sums of many trials over the same blocks within the dates: those of the longest length among the trials, or
  /// longer ones. A trial without any has blocks without bars.
  static func aligned(_ blocks: [TrialBlocks?], over dates: ClosedRange<Instant>) -> [[BlockSums]] {
    let present = blocks.compactMap { $0 }
    var length = present.map(\.milliseconds).max() ?? 1
    var range = common(present, dates, length)
    while range.count > comparable, length < 1 << 60 {
      length *= 2
      range = common(present, dates, length)
    }
    return blocks.map { $0?.over(range, milliseconds: length) ?? Array(repeating: BlockSums(), count: range.count) }
  }

  /// Numbers of the blocks that any of the trials has within the dates.
  private static func common(_ blocks: [TrialBlocks], _ dates: ClosedRange<Instant>, _ length: Int64) -> Range<Int> {
    func number(_ time: Instant) -> Int { Int((Double(time.milliseconds) / Double(length)).rounded(.down)) }
    let starts = blocks.map { $0.first >> $0.doublings(to: length) }
    let ends = blocks.map { (($0.first + max(1, $0.sums.count) - 1) >> $0.doublings(to: length)) + 1 }
    let first = max(number(dates.lowerBound), starts.min() ?? 0)
    return first..<max(first, min(number(dates.upperBound) + 1, ends.max() ?? first))
  }

  /// How often the length doubles to that one.
  private func doublings(to length: Int64) -> Int {
    var doublings = 0
    while doublings < 62, milliseconds << Int64(doublings) < length { doublings += 1 }
    return doublings
  }
}
