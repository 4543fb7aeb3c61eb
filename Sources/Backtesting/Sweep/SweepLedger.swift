public import Pipelines
public import PluginKit
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
    let known = configurations(of: rows, options)
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
        if let configuration = known[number] {
          var trial = Trial(
            configuration, strategy: template.base.name, params: params(row.combination),
            symbol: candles.instrument.symbol,
            timeframe: candles.timeframe, dates: dates, bars: bars.count, moments: row.figures[place].moments,
            blocks: row.figures[place].blocks, calendar: calendar)
          if let tried {
            trial.tried = min(tried.lowerBound, dates.lowerBound)...max(tried.upperBound, dates.upperBound)
          }
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

  /// What was tried, row by row; nil where the values do not go together.
  private func configurations(of rows: Rows, _ options: BacktestOptions) -> [TrialConfiguration?] {
    var configurations = TrialConfigurations(options)
    var all: [TrialConfiguration?] = []
    all.reserveCapacity(rows.rows.count)
    while all.count < rows.rows.count {
      let part = rows.rows[all.count..<min(all.count + Sweep.recorded, rows.rows.count)]
      let (family, refused) = template.family(grid.axes, part.map { grid.values($0.combination) })
      var made = family.strategies.makeIterator()
      for place in 0..<part.count {
        guard refused[place] == nil, let strategy = made.next() else {
          all.append(nil)
          continue
        }
        var configuration = configurations.configuration(of: strategy)
        // A row holds numbers alone: with a word among the values its returns cannot be had again from it.
        if hasWords { configuration.source = nil }
        all.append(configuration)
      }
    }
    return all
  }

  private var hasWords: Bool { grid.axes.contains { $0.values.contains { $0.number == nil } } }

  private func params(_ combination: Int) -> [String: Double] {
    var params: [String: Double] = [:]
    for (axis, value) in zip(grid.axes, grid.values(combination)) { params[axis.name] = value.number }
    return params
  }
}

extension TrialLedger {
  /// A strategy with some values of its parameters and what it came to.
  public struct Tried: Sendable {
    public var strategy: Strategy
    public var params: [String: Setting]
    public var figures: SweepFigures

    public init(strategy: Strategy, params: [String: Setting], figures: SweepFigures) {
      (self.strategy, self.params, self.figures) = (strategy, params, figures)
    }
  }

  /// Records strategies that were backtested over the bars of one series that `options` count.
  @discardableResult
  public mutating func record(
    _ tried: [Tried], over candles: CandleSeries, options: BacktestOptions
  ) throws(TrialLedgerError) -> Recording {
    let bars = candles.bars(from: options.from, to: options.to)
    guard !bars.isEmpty else { return Recording() }
    let dates = candles.times[bars.lowerBound]...candles.times[bars.upperBound - 1]
    let calendar = CalendarBlocks(candles.times[bars])
    var configurations = TrialConfigurations(options)
    return try record(
      tried.map { entry in
        var configuration = configurations.configuration(of: entry.strategy)
        let numbers = entry.params.compactMapValues(\.number)
        // A row holds numbers alone: with a word among the values its returns cannot be had again from it.
        if numbers.count < entry.params.count { configuration.source = nil }
        return Trial(
          configuration, strategy: entry.strategy.name, params: numbers, symbol: candles.instrument.symbol,
          timeframe: candles.timeframe, dates: dates, bars: bars.count, moments: entry.figures.moments,
          blocks: entry.figures.blocks, calendar: calendar)
      })
  }
}
