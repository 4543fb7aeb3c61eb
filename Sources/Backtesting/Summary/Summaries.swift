public import Pipelines
import Trading

/// Backtests strategies over one market as far as a league table shows it. The figures are those of
/// `Backtest.result`, but nothing is kept of a bar, so that memory does not grow with the bars.
///
/// - Parameter latest: how many of each strategy's latest signals are told.
public func summaries(
  of strategies: [Strategy], over market: Market, options: BacktestOptions = BacktestOptions(), latest: Int
) throws(GraphError) -> [BacktestSummary] {
  var summaries = [BacktestSummary?](repeating: nil, count: strategies.count)
  if let fast = SummaryRun(market, options, latest: latest) {
    // What reads other series or timeframes stays whole, so that nothing that it lacks is passed over.
    let own = strategies.indices.filter { strategies[$0].graph.clocks.isEmpty && strategies[$0].plan.isTraded }
    for (place, summary) in zip(own, try fast.summaries(of: own.map { strategies[$0] })) { summaries[place] = summary }
  }
  let left = summaries.indices.filter { summaries[$0] == nil }
  if !left.isEmpty {
    // The latest of all bars are not those of the counted ones where an end is named.
    let reasons = options.to == nil ? Reasons.latest(latest) : .all
    let runs = try run(left.map { strategies[$0] }, over: market, reasons: reasons)
    let backtest = Backtest(on: market, options: options)
    for (place, run) in zip(left, runs) {
      let strategy = strategies[place]
      var summary = backtest.result(of: run, plan: strategy.plan, strategy: strategy.name).summary
      summary.signals = summary.signals.suffix(latest)
      summaries[place] = summary
    }
  }
  return summaries.compactMap(\.self)
}

/// Backtests strategies as a sweep does: the columns that they read are worked out once for each block of bars,
/// conditions are sets of bars, and accounts go from fill to fill.
private struct SummaryRun {
  private let market: Market
  private let backtest: Backtest
  private let horizons: [Horizon]
  private let latest: Int
  private let closes: CountedCloses

  /// Nil where the prices have bars without a price to fill at.
  init?(_ market: Market, _ options: BacktestOptions, latest: Int) {
    self.market = market
    self.latest = latest
    horizons = options.horizons
    var options = options
    options.horizons = []
    backtest = Backtest(on: market, options: options)
    closes = CountedCloses(of: backtest)
    guard backtest.fillsAtEveryBar else { return nil }
  }

  /// Nil for those that an ordinary replay must do.
  func summaries(of strategies: [Strategy]) throws(GraphError) -> [BacktestSummary?] {
    let family = StrategyFamily(strategies)
    var summaries: [BacktestSummary?] = []
    while summaries.count < strategies.count {
      summaries += try together(family.strategies[summaries.count...], family.graph)
    }
    return summaries
  }

  /// As many from the first on as go together.
  private func together(
    _ strategies: ArraySlice<Strategy>, _ graph: Graph
  ) throws(GraphError) -> [BacktestSummary?] {
    var conditions = ConditionSteps(graph)
    var taken: [Strategy?] = []
    var lanes: [SweepLane] = []
    var steps: [[ConditionSteps.Step]] = []
    for strategy in strategies where conditions.columns.size < SweepColumns.limit {
      let terms = SweepTerms(strategy.plan, backtest.options)
      taken.append(terms == nil ? nil : strategy)
      guard let terms else { continue }
      let calls = conditions.take(strategy.rule)
      steps.append(conditions.steps)
      if latest > 0 { conditions.columns.keep(strategy.rule.told) }
      lanes.append(
        SweepLane(
          calls, earliest: strategy.rule.firstBars(in: graph), emitsLevels: strategy.emitsLevels, terms,
          // The blocks of a calendar are not asked for.
          SweepAccount(start: backtest.options.start, firstBar: backtest.counted.lowerBound, BlockEnds(bars: []))))
    }
    let (own, nodes, places) = conditions.columns.extracted()
    var tallies = taken.compactMap(\.self).map { strategy in
      CallTally(
        horizons: horizons.count,
        latest: latest > 0 ? SignalRecord(strategy.rule, places: places, limit: latest) : nil)
    }
    try replay(&lanes, &tallies, steps, own, nodes)
    var place = -1
    return taken.map { strategy in
      guard let strategy else { return nil }
      place += 1
      guard let metrics = lanes[place].metrics(backtest, closes) else { return nil }
      let tally = tallies[place]
      return BacktestSummary(
        strategy: strategy.name, symbol: backtest.candles.instrument.symbol, timeframe: backtest.candles.timeframe,
        signalCount: tally.signalCount, signals: tally.latest?.signals(of: backtest.candles) ?? [],
        outcomes: tally.outcomes(after: horizons), metrics: metrics, prices: PriceBasis(of: backtest.candles))
    }
  }

  private func replay(
    _ lanes: inout [SweepLane], _ tallies: inout [CallTally], _ steps: [[ConditionSteps.Step]], _ graph: Graph,
    _ nodes: [Int]
  ) throws(GraphError) {
    guard !lanes.isEmpty else { return }
    let run = GraphRun(graph, block: PriceBlock.limit)
    var block = ColumnBlock(columns: nodes.count + 1)
    var prices = PriceBlock()
    var forward = ForwardBlock(horizons, of: backtest, isWhole: closes.count == backtest.counted.count)
    let ends = BlockEnds(bars: [])
    let starts = steps.indices.map { steps[..<$0].reduce(0) { $0 + $1.count } }
    var before = [UInt8](repeating: 0, count: steps.reduce(0) { $0 + $1.count })
    var bits = ConditionBits(steps: steps.map(\.count).max() ?? 0)
    var rows = CallRows()
    var moves = SweepMoves()
    while run.count < backtest.counted.upperBound {
      let bars = run.count..<min(run.count + PriceBlock.limit, backtest.counted.upperBound)
      try run.advance(market, rows: bars.count)
      block.take(bars, of: run, nodes)
      prices.take(bars, of: backtest, after: prices.lastClose)
      forward.take(bars)
      for lane in lanes.indices {
        let own = steps[lane]
        var known = before.mutableSpan
        bits.work(own.span, before: &known, from: starts[lane], block)
        lanes[lane].trade(bits, &rows, prices, ends, &moves)
        tallies[lane].take(rows, hasExits: lanes[lane].hasExits, prices, forward, of: run)
      }
    }
  }
}
