import Pipelines
import Trading

/// The columns that the conditions of a sweep read, over one block of bars, each with the set of bars on which it has a
/// value. Column 0 is all ones.
struct ColumnBlock: Sendable {
  private(set) var values: [Double]
  private(set) var known: [UInt64]

  init(columns: Int) {
    values = [Double](repeating: .nan, count: max(1, columns) * PriceBlock.limit)
    known = [UInt64](repeating: 0, count: max(1, columns) * PriceBlock.words)
    for bar in 0..<PriceBlock.limit { values[bar] = 1 }
    for word in 0..<PriceBlock.words { known[word] = ~0 }
  }

  /// Takes the next bars of a run: column k + 1 is the k-th of the nodes.
  mutating func take(_ bars: Range<Int>, of run: GraphRun, _ nodes: [Int]) {
    ColumnBlock.take(bars, of: run, nodes, &values, &known)
  }

  private static func take(
    _ bars: Range<Int>, of run: GraphRun, _ nodes: [Int], _ values: inout [Double], _ known: inout [UInt64]
  ) {
    for (index, node) in nodes.enumerated() {
      let start = (index + 1) * PriceBlock.limit
      var columns = values.mutableSpan
      run.copy(node, from: bars, into: &columns, at: start)
      var sets = known.mutableSpan
      BarComparison.known(
        values.span.extracting(start..<start + PriceBlock.limit), words: PriceBlock.words, &sets,
        at: (index + 1) * PriceBlock.words)
    }
  }

  /// Three rows of words: where column x is above y, where it is below, and where both have a value.
  @inline(__always)
  func compare(_ x: Int, _ y: Int, both: Bool, _ rows: inout MutableSpan<UInt64>, at: Int) {
    let words = PriceBlock.words
    let all = values.span
    let left = all.extracting(x * PriceBlock.limit..<(x + 1) * PriceBlock.limit)
    let right = all.extracting(y * PriceBlock.limit..<(y + 1) * PriceBlock.limit)
    for word in 0..<words { rows[at + 2 * words + word] = known[x * words + word] & known[y * words + word] }
    if both {
      BarComparison.both(left, right, words: words, &rows, at: at)
    } else {
      BarComparison.above(left, right, words: words, &rows, at: at)
    }
  }
}
