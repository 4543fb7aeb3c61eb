public import Trading

/// Strategies at work over many series in turn: each series keeps a `FamilyState`, takes it up for its next bars, and
/// leaves it again. What the strategies share is worked out once for all of them.
///
/// The signals are those of `run(_:over:)` over the same bars, to the last bit, however the bars are cut: both take the
/// same steps from the first bar on.
public final class FamilyRun {
  public let family: StrategyFamily
  private let run: GraphRun
  private var emitters: [SignalEmitter]

  /// - Parameter block: The most bars that are taken at a time; more serve a rebuild, fewer use less memory.
  public init(_ family: StrategyFamily, block: Int = 256) {
    self.family = family
    run = GraphRun(family.graph, block: block)
    emitters = family.strategies.map { SignalEmitter($0.rule, levels: $0.emitsLevels, plan: $0.plan.columns) }
  }

  /// The state of a series of which no bar has been taken.
  public func begin() -> FamilyState {
    FamilyState(graph: run.state(), standings: emitters.map { _ in SignalEmitter.Standing() })
  }

  /// Takes the bars of a market that the state has not seen, and gives the signals of bars from `tellsFrom` on: in the
  /// order of their bars, on a bar in the order of the strategies.
  ///
  /// Where it throws, the state is of no use any more.
  ///
  /// - Parameter tells: Whether the signals of a strategy, by its place, are wanted.
  public func advance(
    _ state: FamilyState, over market: Market, tellsFrom: Int = 0, tells: (Int) -> Bool = { _ in true }
  ) throws(GraphError) -> [FamilySignal] {
    let end = market.first + market.deciding.count
    guard state.count >= market.first else { throw .noSeries(market.deciding.instrument.symbol) }
    guard state.count < end else { return [] }
    run.exchange(state.graph)
    defer { run.exchange(state.graph) }
    let told = emitters.indices.map(tells)
    for place in emitters.indices {
      emitters[place].standing = state.standings[place]
      emitters[place].firstBar = market.first
      emitters[place].tellsFrom = told[place] ? tellsFrom : .max
    }
    while run.count < end {
      let bars = run.count..<min(run.count + run.block, end)
      try run.advance(market, rows: bars.count)
      if bars.count == 1 {
        for place in emitters.indices { emitters[place].read(bars.lowerBound, of: run, market.deciding) }
      } else {
        for place in emitters.indices { emitters[place].read(bars, of: run, market.deciding) }
      }
    }
    var signals: [FamilySignal] = []
    for place in emitters.indices {
      state.standings[place] = emitters[place].standing
      guard emitters[place].hasSignals else { continue }
      signals += emitters[place].take().map { FamilySignal(strategy: place, signal: $0.signal, planned: $0.planned) }
    }
    // Stable within a strategy: exits stand before the calls of their bar.
    return signals.enumerated().sorted {
      ($0.element.signal.bar, $0.element.strategy, $0.offset) < ($1.element.signal.bar, $1.element.strategy, $1.offset)
    }.map(\.element)
  }

  /// How many bars of each other symbol a state has taken; of one that is read on several clocks, the fewest.
  public func taken(_ state: FamilyState) -> [String: Int] {
    var taken: [String: Int] = [:]
    run.taken(state.graph) { symbol, bars in taken[symbol] = min(taken[symbol] ?? bars, bars) }
    return taken
  }
}

/// All that strategies remember of one series. It goes with the runs of one family.
public final class FamilyState {
  let graph: GraphState
  var standings: [SignalEmitter.Standing]

  init(graph: GraphState, standings: [SignalEmitter.Standing]) {
    self.graph = graph
    self.standings = standings
  }

  /// Bars taken so far.
  public var count: Int { graph.count }
}

/// A signal of one of a family's strategies.
public struct FamilySignal: Hashable, Sendable {
  /// The strategy's place in the family.
  public var strategy: Int
  public var signal: Signal
  /// What the columns of the strategy's plan (`TradePlan.columns`) say at the signal's bar.
  public var planned: [Double] = []
}
