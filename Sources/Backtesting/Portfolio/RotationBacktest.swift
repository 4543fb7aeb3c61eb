public import Pipelines
import Trading

/// Replays a rotation over the symbols of its universe with one purse. All series are of one timeframe.
///
/// In the result `symbol` is the rotation's name, `bars` counts every time at which some symbol has a bar, and there are
/// no signals: those of a rotation are its decisions.
public func backtest(
  _ rotation: Rotation, members: [RotationMember], universe: Universe, options: BacktestOptions = BacktestOptions()
) -> BacktestResult {
  let market = PortfolioMarket(members.map(\.candles), options: options)
  var walk = RotationReplay(rotation, members, universe: universe, options: options)
  walk.run(market.times, counted: market.counted)
  let first = walk.firstChoice
  let hold = first.flatMap { first in
    let day = market.times[market.counted.lowerBound + first]
    return market.equalHold(
      Set(walk.symbols.filter { universe.contains($0, at: day) }), from: first, options: options)
  }
  let figures = PortfolioFigures(
    members: PortfolioFigures.Member.all(walk.symbols, of: walk.replay.trades, by: \.symbol, start: options.start),
    decisions: walk.decisions, correlations: market.correlations)
  let notes = Set(members.flatMap(\.ranking.notes)).sorted()
  return market.result(
    name: rotation.name, replay: walk.replay, hold: hold, figures: figures, universe: universe, options: options,
    notes: notes)
}

extension PortfolioMarket {
  var correlations: CorrelationMatrix? {
    guard let first = counted.first, let last = counted.last else { return nil }
    return CorrelationMatrix(of: series.map(\.totalReturn), from: times[first], through: times[last])
  }

  /// The entry of a rotation or a portfolio.
  func result(
    name: String, replay: Replay, hold: [Double]?, figures: PortfolioFigures, universe: Universe,
    options: BacktestOptions, conflicts: Int = 0, notes: [String]
  ) -> BacktestResult {
    let metrics = Metrics(
      replay: replay, hold: hold, start: options.start, times: times[counted], periodsPerYear: periodsPerYear)
    return BacktestResult(
      strategy: name, symbol: name, timeframe: timeframe, bars: counted.count, conflicts: conflicts,
      signals: [], trades: replay.trades, outcomes: [], metrics: metrics, equity: replay.equity, buyHoldEquity: hold,
      priceReturns: meanReturns, netExposure: replay.closes > 0 ? replay.exposures / Double(replay.closes) : 0,
      start: options.start, times: Array(times[counted]), periodsPerYear: periodsPerYear,
      notes: self.notes(on: universe, options: options) + notes, portfolio: figures,
      prices: series.contains { $0.adjustment != nil } ? .adjusted : .unadjusted)
  }

  private func notes(on universe: Universe, options: BacktestOptions) -> [String] {
    var notes = Set(series.map { PriceBasis(of: $0).note }).sorted()
    if options.fill == .close { notes.append("Fills at the close whose values decide: optimistic.") }
    if !universe.isDated {
      notes.append(
        "today's members: survivorship. None of the symbols has dates of membership (watchlists in config.yaml).")
    }
    notes.append("Buy and hold: equal amounts of all symbols.")
    for candles in series {
      guard let last = candles.times.last, let end = counted.last.map({ times[$0] }), last < end,
        last.advanced(by: 14 * Timeframe.day.milliseconds) < end
      else { continue }
      notes.append(
        "\(candles.instrument.symbol): its prices end on \(last.dateText); what is held then keeps its last one.")
    }
    return notes
  }
}
