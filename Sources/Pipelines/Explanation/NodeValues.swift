import PluginKit
import Trading

extension Graph {
  /// The values of some nodes on some bars, a row a node; what lies after the bars is not read.
  func values(of wanted: [Int], on bars: Range<Int>, over market: Market) throws(GraphError) -> [[Double]] {
    var rows = wanted.map { _ in [Double]() }
    try read(market, through: bars.upperBound) { bar, run in
      guard bar >= bars.lowerBound else { return }
      for (row, node) in wanted.enumerated() { rows[row].append(run.value(node, at: bar)) }
    }
    return rows
  }

  /// Runs over the first bars of a series and hands out each of them.
  func read(_ market: Market, through end: Int, _ body: (Int, GraphRun) -> Void) throws(GraphError) {
    let candles = market.deciding
    let run = GraphRun(self)
    while run.count < min(end, candles.count) {
      let bars = run.count..<min(run.count + run.block, end, candles.count)
      try run.advance(market, rows: bars.count)
      for bar in bars { body(bar, run) }
    }
  }
}

/// What became of one node over the bars so far.
struct NodeHistory {
  private(set) var value = Double.nan
  private(set) var previous = Double.nan
  /// The bar since which the value has been the same.
  private(set) var since = 0
  /// The last bar on which it was 1.
  private(set) var lastTrue: Int?
  private(set) var firstValue: Int?

  mutating func take(_ value: Double, at bar: Int) {
    previous = self.value
    if bar == 0 || !(value == self.value || value.isNaN && self.value.isNaN) { since = bar }
    if value == 1 { lastTrue = bar }
    if firstValue == nil, !value.isNaN { firstValue = bar }
    self.value = value
  }
}
