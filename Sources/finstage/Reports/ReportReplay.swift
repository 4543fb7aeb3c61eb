import Backtesting
import Engine
import Insights
import Pipelines
import Storage
import Trading

/// What the strategies say of all bars that were known at the moment of a report, judged: what a backtest over them says.
/// Strategies of one market run together, so that what they share is worked out once.
struct ReportReplay {
  private(set) var judged: [JudgedSignals] = []
  /// Strategies that could not be replayed, and why; each once.
  private(set) var faults: [(strategy: String, reason: String)] = []

  init(_ strategies: [LiveStrategy], over prices: ReportPrices, facts bars: ConfiguredBars, horizon: Horizon)
    async throws
  {
    var groups: [LiveMarket: [LiveStrategy]] = [:]
    // A price alert calls for nothing that could come true.
    for strategy in strategies where strategy.strategy.alert == nil {
      for market in strategy.markets { groups[market, default: []].append(strategy) }
    }
    for (market, members) in groups.sorted(by: { SeriesName.precedes($0.key.deciding, $1.key.deciding) }) {
      try Task.checkCancellation()
      guard let candles = prices.candles[market.deciding], candles.count > 0 else { continue }
      var whole = Market(candles)
      var ready: [LiveStrategy] = []
      for strategy in members {
        let others = market.others(of: strategy.strategy.graph)
        if let missing = others.values.filter({ prices.candles[$0] == nil }).min(by: SeriesName.precedes) {
          note(strategy, "there are no prices of \(missing), which it reads")
          continue
        }
        for (name, other) in others { whole.others[name] = prices.candles[other] }
        ready.append(strategy)
      }
      if ready.contains(where: { !$0.strategy.graph.factMeasures.isEmpty }) {
        whole.facts = try await bars.facts(of: market.deciding.symbol)
      }
      judged.append(
        JudgedSignals(market.name, said(ready, of: whole, called: market.name), over: candles, horizons: [horizon]))
    }
  }

  private mutating func said(
    _ strategies: [LiveStrategy], of market: Market, called name: String
  ) -> [StoredSignal] {
    do throws(GraphError) {
      let runs = try run(strategies.map(\.strategy), over: market, reasons: .latest(0))
      return zip(strategies, runs).flatMap { strategy, run in stored(run.signals, of: strategy, name, market) }
    } catch {
      guard let first = strategies.first, strategies.count > 1 else {
        if let strategy = strategies.first { note(strategy, "\(error)") }
        return []
      }
      // Of several, the one that fails costs the others nothing.
      return said([first], of: market, called: name) + said(Array(strategies.dropFirst()), of: market, called: name)
    }
  }

  /// As if they had been stored; their numbers are none of the store's.
  private func stored(
    _ signals: [Signal], of strategy: LiveStrategy, _ name: String, _ market: Market
  ) -> [StoredSignal] {
    signals.filter { $0.direction.sign != 0 }.map { signal in
      StoredSignal(
        id: 0,
        record: SignalRecord(
          strategy: strategy.name, version: strategy.version, symbol: name, timeframe: market.deciding.timeframe,
          signal: signal))
    }
  }

  private mutating func note(_ strategy: LiveStrategy, _ reason: String) {
    if !faults.contains(where: { $0.strategy == strategy.name }) { faults.append((strategy.name, reason)) }
  }
}
