public import Trading

/// Runs strategies over one series: their graphs are merged, so that what they share is worked out once.
public func run(_ strategies: [Strategy], over candles: CandleSeries, block: Int = 1_024) throws(GraphError)
  -> [SignalRun]
{
  var graph = Graph()
  var rules: [SignalRule] = []
  for strategy in strategies { rules.append(strategy.rule.moved(graph.merge(strategy.graph))) }
  var emitters = zip(rules, strategies).map { SignalEmitter($0, levels: $1.emitsLevels) }
  let run = GraphRun(graph, block: block)
  while run.count < candles.count {
    let bars = run.count..<min(run.count + block, candles.count)
    try run.advance(candles, rows: bars.count)
    for index in emitters.indices {
      for bar in bars { emitters[index].read(bar, of: run, candles) }
    }
  }
  return zip(emitters, rules).map { emitter, rule in
    let first = rule.firstBars(in: graph)
    return SignalRun(
      signals: emitter.signals, conflicts: emitter.conflicts, firstBuy: first.buy, firstSell: first.sell)
  }
}

extension SignalRule {
  /// The first bars at whose close a buy and a sell could be known; nil where the rule has none.
  func firstBars(in graph: Graph) -> (buy: Int?, sell: Int?) {
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
