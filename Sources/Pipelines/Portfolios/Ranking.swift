import Trading

/// What a rotation makes of one symbol at each of its bars.
public struct Ranking: Sendable {
  /// The rank's value by bar; NaN where there is none or where `where:` is not true.
  public let values: [Double]
  /// The first bar at which both were known, by the graph or, on other clocks, by what was seen.
  public let firstKnown: Int?
  /// What a reader must know of the series that were read besides.
  public let notes: [String]

  public init(values: [Double], firstKnown: Int?, notes: [String] = []) {
    self.values = values
    self.firstKnown = firstKnown
    self.notes = notes
  }
}

extension Rotation {
  /// Works out `rank:` and `where:` over one symbol and the others that they read.
  public func ranking(over market: Market, block: Int = 1_024) throws(GraphError) -> Ranking {
    let candles = market.deciding
    let run = GraphRun(graph, block: block)
    var values: [Double] = []
    values.reserveCapacity(candles.count)
    var firstKnown: Int?
    while run.count < candles.count {
      let bars = run.count..<min(run.count + block, candles.count)
      try run.advance(market, rows: bars.count)
      for bar in bars {
        let rank = run.value(rank, at: bar)
        let truth = condition.map { run.value($0, at: bar) } ?? 1
        if firstKnown == nil, !rank.isNaN, !truth.isNaN, !candles.isMissing(bar) { firstKnown = bar }
        values.append(truth == 1 && rank.isFinite ? rank : .nan)
      }
    }
    return Ranking(values: values, firstKnown: firstKnown, notes: run.notes(on: candles))
  }
}
