import MarketData
import Trading

/// A graph on another clock, brought along with the deciding bars: at each of them it has taken all of its own bars
/// that were known by then, and no other. It takes each bar once, so a bar more costs what one bar costs.
final class ClockRun {
  private let clock: Graph.Clock
  private let run: GraphRun
  /// The columns that are read from outside.
  private let columns: [Int]
  private var past: Past

  /// What it has seen, but for what its graph has.
  struct Past {
    var resampler: Resampler?
    /// Bars that went into those of a higher timeframe.
    var fed = 0
    /// Bars of a higher timeframe that the graph has not taken, the first of them being the next it takes.
    var waiting: [Resampler.Bar] = []
    /// When the last bar was known that the graph has taken.
    var lastKnown: Instant?
    /// Values of the columns at the last bar that is known.
    var latest: [Double]
    /// Deciding bars at which nothing new was known since the bar before.
    var unchanged = 0
  }

  init(_ clock: Graph.Clock, _ graph: Graph, columns: [Int], block: Int) {
    self.clock = clock
    self.columns = columns
    run = GraphRun(graph, block: block)
    past = Past(resampler: clock.timeframe.map { Resampler(to: $0) }, latest: columns.map { _ in .nan })
  }

  var unchanged: Int { past.unchanged }

  /// Gives `take` the values of its columns for each deciding row: the column's place among `columns`, the row, the
  /// value.
  func advance(
    with outer: Market, rows: Range<Int>, _ take: (_ place: Int, _ row: Int, _ value: Double) -> Void
  ) throws(GraphError) {
    guard let own = try market(in: outer, rows: rows) else {
      past.unchanged += rows.count
      for row in rows { for place in columns.indices { take(place, row, past.latest[place]) } }
      return
    }
    let last = outer.deciding.knownAt(rows.upperBound - 1 - outer.first)
    let atEnd = count(of: own, knownAt: last, from: run.count)
    var known = run.count
    for row in rows {
      let before = known
      known = count(of: own, knownAt: outer.deciding.knownAt(row - outer.first), from: known)
      if known == before {
        past.unchanged += 1
      } else {
        // Whole blocks, up to what the last of the rows will know: a value depends on its own past alone, and what is
        // taken for a row is that of the last bar it knows.
        while run.count < known { try run.advance(own, rows: min(run.block, atEnd - run.count)) }
        for place in columns.indices { past.latest[place] = run.adjusted(columns[place], at: known - 1) }
      }
      for place in columns.indices { take(place, row, past.latest[place]) }
    }
    if run.count > own.first, past.resampler != nil {
      past.lastKnown = own.deciding.knownAt(run.count - 1 - own.first)
      past.waiting.removeFirst(run.count - own.first)
    }
  }

  private func count(of own: Market, knownAt now: Instant, from known: Int) -> Int {
    var known = known
    let end = own.first + own.deciding.count
    while known < end, own.deciding.knownAt(known - own.first) <= now { known += 1 }
    return known
  }

  /// Its own bars, as far as they are not taken; nil where there are none.
  private func market(in outer: Market, rows: Range<Int>) throws(GraphError) -> Market? {
    var (base, first, facts) = (outer.deciding, outer.first, outer.facts)
    if let symbol = clock.symbol {
      guard let other = outer.others[symbol] else { throw .noSeries(symbol) }
      (base, first, facts) = (other, outer.otherFirsts[symbol] ?? 0, .none)
    }
    guard let timeframe = clock.timeframe else {
      guard run.count >= first else { throw .noSeries(clock.symbol ?? "") }
      return Market(base, others: outer.others, facts: facts, first: first, otherFirsts: outer.otherFirsts)
    }
    guard timeframe.milliseconds > outer.deciding.timeframe.milliseconds else {
      throw .notHigher(timeframe, than: outer.deciding.timeframe)
    }
    guard past.fed >= first else { throw .noSeries(clock.symbol ?? base.instrument.symbol) }
    for row in rows {
      let now = outer.deciding.knownAt(row - outer.first)
      let end = clock.symbol == nil ? row + 1 : first + base.count
      while past.fed < end, base.knownAt(past.fed - first) <= now {
        let bar = past.fed - first
        if let ended = past.resampler?.take(bar, of: base) { past.waiting.append(ended) }
        past.fed += 1
      }
      if let ended = past.resampler?.close(by: now) { past.waiting.append(ended) }
    }
    if past.waiting.isEmpty { return nil }
    var series = CandleSeries(
      instrument: base.instrument, timeframe: timeframe, candles: past.waiting.map(\.candle))
    if past.waiting.contains(where: { $0.factor != 1 }) { series = series.adjusted(by: past.waiting.map(\.factor)) }
    if let calendar = base.sessions?.calendar {
      series = series.keeping(calendar, after: past.lastKnown)
    }
    return Market(series, others: outer.others, facts: facts, first: run.count, otherFirsts: outer.otherFirsts)
  }
}

extension ClockRun {
  /// What it has seen, apart from it.
  final class State {
    fileprivate var past: Past
    fileprivate let graph: GraphState

    fileprivate init(past: Past, graph: GraphState) {
      self.past = past
      self.graph = graph
    }

    /// Bars of the symbol's own that it has taken, where it reads a symbol.
    fileprivate func bars(_ clock: Graph.Clock) -> Int { clock.timeframe == nil ? graph.count : past.fed }
  }

  /// What a run has seen that has not begun. Only for a run that has not.
  func state() -> State { State(past: past, graph: run.state()) }

  func exchange(_ state: State) {
    swap(&past, &state.past)
    run.exchange(state.graph)
  }

  /// For each symbol that it reads, how many of its bars are taken.
  func taken(_ state: State, _ note: (String, Int) -> Void) {
    if let symbol = clock.symbol { note(symbol, state.bars(clock)) }
    run.taken(state.graph, note)
  }
}
