import Pipelines
import PluginKit
public import Trading

extension Sweep {
  /// Rows that go into the ledger together.
  private static let recorded = 4_096

  /// Records combinations in a ledger and counts, for each market, the trials that the best of them was chosen from:
  /// all that the ledger knows on the same instrument and timeframe over some of the same dates.
  ///
  /// - Parameters:
  ///   - rows: the figures of the combinations over the bars that `options` count.
  ///   - tried: the dates on which they were tried, where these reach further than those bars.
  public func record(
    _ rows: Rows, options: BacktestOptions? = nil, tried: ClosedRange<Instant>? = nil, in ledger: inout TrialLedger
  ) throws(TrialLedgerError) -> [SweepTrials] {
    let options = options ?? self.options
    var configurations = TrialConfigurations(options)
    var counts: [SweepTrials] = []
    for (place, market) in markets.enumerated() {
      let candles = market.deciding
      let bars = candles.bars(from: options.from, to: options.to)
      guard !bars.isEmpty else {
        counts.append(SweepTrials(of: []))
        continue
      }
      let dates = candles.times[bars.lowerBound]...candles.times[bars.upperBound - 1]
      let calendar = CalendarBlocks(candles.times[bars])
      var batch: [Trial] = []
      for (number, row) in rows.rows.enumerated() {
        if let strategy = strategy(row.combination) {
          let configuration = configurations.configuration(of: strategy)
          var trial = Trial(
            configuration, strategy: strategy.name, params: params(row.combination), symbol: candles.instrument.symbol,
            timeframe: candles.timeframe, dates: dates, bars: bars.count, moments: row.figures[place].moments,
            blocks: row.figures[place].blocks, calendar: calendar)
          if let tried {
            trial.tried = min(tried.lowerBound, dates.lowerBound)...max(tried.upperBound, dates.upperBound)
          }
          // A row holds numbers alone: with a word among the values its returns cannot be had again from it.
          if hasWords { trial.configuration.source = nil }
          batch.append(trial)
        }
        if batch.count == Sweep.recorded || number == rows.rows.count - 1 {
          try ledger.record(batch)
          batch = []
        }
      }
      let data = TrialData(symbol: candles.instrument.symbol, timeframe: candles.timeframe)
      let population = try ledger.population(of: data, over: tried.map { $0.clamped(to: dates) } ?? dates)
      counts.append(
        SweepTrials(
          source: .ledger, raw: population.raw, effective: max(1, population.effective),
          variance: population.varianceOfSharpes))
    }
    return counts
  }

  private func strategy(_ combination: Int) -> Strategy? {
    guard case .strategy(let strategy) = template.strategy(grid.axes, grid.values(combination)) else { return nil }
    return strategy
  }

  private var hasWords: Bool { grid.axes.contains { $0.values.contains { $0.number == nil } } }

  private func params(_ combination: Int) -> [String: Double] {
    var params: [String: Double] = [:]
    for (axis, value) in zip(grid.axes, grid.values(combination)) { params[axis.name] = value.number }
    return params
  }
}
