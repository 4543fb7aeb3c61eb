import Trading

/// A graph on another clock, brought along with the deciding bars: at each of them it has taken all of its own bars
/// that were known by then, and no other.
final class ClockRun {
  private let clock: Graph.Clock
  private let run: GraphRun
  /// The clock's own bars, made when the run begins and again when the deciding series has grown.
  private var market: Market?
  private var bars = 0
  /// Own bars that are known at the last deciding row so far.
  private var known = 0
  /// Deciding bars at which nothing new was known since the bar before.
  private(set) var unchanged = 0

  init(_ clock: Graph.Clock, _ graph: Graph) {
    self.clock = clock
    run = GraphRun(graph)
  }

  /// Gives `take` the values of its columns for each deciding row: the column, the row, the value.
  func advance(
    _ columns: [Int], with outer: Market, rows: Range<Int>, _ take: (_ column: Int, _ row: Int, _ value: Double) -> Void
  ) throws(GraphError) {
    let own = try market(in: outer)
    let atEnd = count(of: own.deciding, knownAt: outer.deciding.knownAt(rows.upperBound - 1), from: known)
    for row in rows {
      let before = known
      known = count(of: own.deciding, knownAt: outer.deciding.knownAt(row), from: known)
      if known == before { unchanged += 1 }
      // Whole blocks, up to what the last of the rows will know: a value depends on its own past alone, and what is
      // taken for a row is that of the last bar it knows.
      while run.count < known { try run.advance(own, rows: min(run.block, atEnd - run.count)) }
      for column in columns { take(column, row, known > 0 ? run.adjusted(column, at: known - 1) : .nan) }
    }
  }

  private func count(of series: CandleSeries, knownAt now: Instant, from known: Int) -> Int {
    var known = known
    while known < series.count, series.knownAt(known) <= now { known += 1 }
    return known
  }

  private func market(in outer: Market) throws(GraphError) -> Market {
    if let market, bars == outer.deciding.count { return market }
    var series = outer.deciding
    if let symbol = clock.symbol {
      guard let other = outer.others[symbol] else { throw .noSeries(symbol) }
      series = other
    }
    if let timeframe = clock.timeframe {
      guard timeframe.milliseconds > outer.deciding.timeframe.milliseconds else {
        throw .notHigher(timeframe, than: outer.deciding.timeframe)
      }
      series = series.resampled(to: timeframe)
    }
    let made = Market(series, others: outer.others)
    (market, bars) = (made, outer.deciding.count)
    return made
  }
}
