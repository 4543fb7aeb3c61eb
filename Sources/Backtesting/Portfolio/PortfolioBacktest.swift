public import Pipelines
import Trading

/// Replays a portfolio of strategies over the symbols of its universe with one purse. All series are of one timeframe.
///
/// In the result `symbol` is the portfolio's name, `bars` counts every time at which some symbol has a bar, and there are
/// no signals: they are those of the strategies. Each trade says its symbol and its strategy.
public func backtest(
  _ portfolio: Portfolio, sleeves: [PortfolioSleeve], universe: Universe, options: BacktestOptions = BacktestOptions()
) -> BacktestResult {
  let bySymbol = Dictionary(
    sleeves.map { ($0.candles.instrument.symbol, $0.candles) }, uniquingKeysWith: { first, _ in first })
  let market = PortfolioMarket(Array(bySymbol.values), options: options)
  var walk = PortfolioReplay(portfolio, sleeves, market: market, universe: universe, options: options)
  walk.run(market.times, counted: market.counted)
  let known = sleeves.compactMap { sleeve in
    sleeve.run.firstEntry(of: sleeve.plan.side).flatMap { bar -> Instant? in
      guard bar < sleeve.candles.count else { return nil }
      return options.fill == .close ? sleeve.candles.times[bar] : sleeve.candles.knownAt(bar)
    }
  }.min()
  let first = known.flatMap { known in market.counted.first { market.times[$0] >= known } }
  let hold = first.flatMap { first in
    market.equalHold(
      Set(walk.symbols.filter { universe.contains($0, at: market.times[first]) }),
      from: first - market.counted.lowerBound, options: options)
  }
  let trades = walk.replay.trades
  let names = Set(sleeves.map(\.strategy)).sorted()
  var figures = PortfolioFigures(
    members: PortfolioFigures.Member.all(walk.symbols, of: trades, by: \.symbol, start: options.start),
    strategies: PortfolioFigures.Member.all(names, of: trades, by: \.strategy, start: options.start),
    decisions: [], correlations: market.correlations)
  (figures.skipped, figures.conflicts) = (walk.skipped, walk.conflicts)
  return market.result(
    name: portfolio.name, replay: walk.replay, hold: hold, figures: figures, universe: universe, options: options,
    conflicts: sleeves.reduce(0) { $0 + $1.run.conflicts },
    notes: portfolio.notes(figures) + Set(sleeves.flatMap(\.run.notes)).sorted())
}

extension Portfolio {
  fileprivate func notes(_ figures: PortfolioFigures) -> [String] {
    var notes: [String] = []
    if figures.skipped > 0 {
      notes.append("\(figures.skipped) entries were left out: as many positions as there may be were held.")
    }
    if figures.conflicts > 0 {
      notes.append(
        "\(figures.conflicts) times two strategies stood against each other (on_conflict: \(onConflict.rawValue)).")
    }
    return notes
  }
}
