public import Trading

/// Runs strategies over one series: their graphs are merged, so that what they share is worked out once.
public func run(_ strategies: [Strategy], over candles: CandleSeries, block: Int = 1_024) throws(GraphError)
  -> [SignalRun]
{
  try run(strategies, over: Market(candles), block: block)
}

/// The same over a series and the others that the strategies read.
public func run(
  _ strategies: [Strategy], over market: Market, reasons: Reasons = .all, block: Int = 1_024
) throws(GraphError) -> [SignalRun] {
  try run(StrategyFamily(strategies), over: market, reasons: reasons, block: block)
}

/// The same for strategies whose graphs are one already.
public func run(
  _ family: StrategyFamily, over market: Market, reasons: Reasons = .all, block: Int = 1_024
) throws(GraphError) -> [SignalRun] {
  let candles = market.deciding
  let strategies = family.strategies
  let read = strategies.map(\.plan.columns)
  var columns = read.map { $0.map { _ in [Double]() } }
  var emitters = strategies.map { SignalEmitter($0.rule, levels: $0.emitsLevels, reasons: reasons) }
  let run = GraphRun(family.graph, block: block)
  while run.count < candles.count {
    let bars = run.count..<min(run.count + block, candles.count)
    try run.advance(market, rows: bars.count)
    for index in emitters.indices {
      emitters[index].read(bars, of: run, candles)
      for (place, node) in read[index].enumerated() {
        for bar in bars { columns[index][place].append(run.value(node, at: bar)) }
      }
    }
  }
  let notes = run.notes(on: candles)
  return zip(zip(emitters, strategies), columns).map { pair, columns in
    let (emitter, strategy) = pair
    let first = strategy.rule.firstBars(in: family.graph)
    let (buy, sell) = (later(first.buy, emitter.firstBuy), later(first.sell, emitter.firstSell))
    return SignalRun(
      signals: emitter.signals, conflicts: emitter.conflicts, firstBuy: buy, firstSell: sell,
      notes: notes, columns: columns)
  }
}

extension GraphRun {
  /// What a reader must know of the other series that it has read.
  func notes(on candles: CandleSeries) -> [String] {
    gaps.sorted { $0.key < $1.key }.filter { $0.value > 0 }.map { symbol, bars in
      "\(symbol): at \(bars) of \(candles.count) bars nothing newer was known; the last value stands."
    }
  }
}

/// The first bar by the graph, or the first at which the condition was known where that was later: what runs on another
/// clock has a warm-up that only the prices tell.
private func later(_ computed: Int?, _ known: Int?) -> Int? {
  guard let computed, let known else { return nil }
  return max(computed, known)
}

extension Strategy {
  /// The first bar at whose close it could speak, as far as its graph alone tells.
  public var firstBar: Int? {
    let first = rule.firstBars(in: graph)
    return [first.buy, first.sell].compactMap { $0 }.min()
  }
}

extension SignalRule {
  /// The first bars at whose close a buy and a sell could be known; nil where the rule has none.
  public func firstBars(in graph: Graph) -> (buy: Int?, sell: Int?) {
    func first(_ node: Int?) -> Int? {
      guard let node else { return nil }
      if case .number(let value) = graph.nodes[node].kind, value != 1 { return nil }
      return graph.nodes[node].warmUp
    }
    switch calls {
    case .both(let buy, let sell): return (first(buy), first(sell))
    case .positions(let long, let short): return (first(long?.enter), first(short?.enter))
    }
  }
}
