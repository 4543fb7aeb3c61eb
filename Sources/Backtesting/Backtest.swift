public import Pipelines
public import Trading

/// One series made ready for backtests: what depends on the prices alone is computed once and shared by every strategy
/// and every parameter set that is replayed over it.
public struct Backtest: Sendable {
  /// The prices that are replayed.
  public let candles: CandleSeries
  /// How they are replayed.
  public let options: BacktestOptions
  /// The bars that count: `from` to `to`.
  public let counted: Range<Int>
  /// Bars a year, by which figures are annualised.
  public let periodsPerYear: Double
  /// Labels of the counted bars.
  let times: [Instant]
  /// From close to close over the counted bars; 0 at the first and at missing bars.
  let priceReturns: [Double]
  /// The other series of a strategy with groups, by `@role`.
  let others: [String: CandleSeries]
  let forwardReturns: [ForwardReturns]
  /// The market regime of each bar; nil where outcomes are not told by regime.
  let regimes: [MarketRegime]?

  /// Prepares a series.
  public init(on candles: CandleSeries, options: BacktestOptions = BacktestOptions()) {
    self.init(on: Market(candles), options: options)
  }

  /// Prepares a series and those that positions of several symbols hold besides.
  public init(on market: Market, options: BacktestOptions = BacktestOptions()) {
    let candles = market.deciding
    let counted = candles.bars(from: options.from, to: options.to)
    self.candles = candles
    self.others = market.others
    self.options = options
    self.counted = counted
    self.periodsPerYear = options.periodsPerYear ?? Backtesting.periodsPerYear(of: candles, seen: counted.upperBound)
    self.times = counted == candles.times.indices ? candles.times : Array(candles.times[counted])
    self.priceReturns = candles.closeReturns(counted)
    // Whoever follows a signal has the dividends too.
    let seen = candles.totalReturn
    let regimes =
      options.outcomesInDetail && !options.horizons.isEmpty
      ? MarketRegime.column(of: seen, before: counted.upperBound) : nil
    self.regimes = regimes
    self.forwardReturns = options.horizons.map {
      ForwardReturns(over: $0, of: seen, counted: counted, regimes: regimes)
    }
  }

  /// Replays what a strategy said, by its plan.
  public func result(of run: SignalRun, plan: TradePlan, strategy: String) -> BacktestResult {
    let signals = run.signals.filter { counted.contains($0.bar) }
    let replay = replay(plan.isTraded ? signals : [], plan: plan, columns: run.columns)
    let hold = buyAndHold(from: run.firstEntry(of: plan.side))
    let metrics = Metrics(
      replay: replay, hold: hold, start: options.start, times: times[...], periodsPerYear: periodsPerYear)
    return BacktestResult(
      strategy: strategy, symbol: candles.instrument.symbol, timeframe: candles.timeframe, bars: counted.count,
      conflicts: run.conflicts, signals: signals, trades: replay.trades,
      outcomes: outcomes(of: signals), metrics: metrics, equity: replay.equity,
      buyHoldEquity: hold, priceReturns: priceReturns,
      netExposure: replay.closes > 0 ? replay.exposures / Double(replay.closes) : 0, start: options.start,
      times: times, periodsPerYear: periodsPerYear, notes: notes(on: replay) + run.notes,
      prices: PriceBasis(of: candles))
  }

  private func notes(on replay: Replay) -> [String] {
    var notes = [PriceBasis(of: candles).note]
    if options.fill == .close { notes.append("Fills at the close of the signal's own bar: optimistic.") }
    if !options.horizons.isEmpty { notes.append(Grade.rule) }
    if replay.trades.contains(where: { $0.exitReason == .marginCall }) {
      notes.append("A short was bought back when it had eaten the account's money (margin_call).")
    }
    return notes
  }
}

extension CandleSeries {
  fileprivate func closeReturns(_ counted: Range<Int>) -> [Double] {
    var last = Double.nan
    let dividends = dividends
    return counted.map { bar in
      let close = value(.close, at: bar)
      guard close > 0 else { return 0 }
      defer { last = close }
      let paid = dividends.isEmpty ? 0 : dividends[bar]
      return last > 0 ? (close + paid) / last - 1 : 0
    }
  }
}

/// Replays one strategy over one series; over many, prepare a `Backtest` once.
public func backtest(
  _ run: SignalRun, on candles: CandleSeries, plan: TradePlan, strategy: String,
  options: BacktestOptions = BacktestOptions()
) -> BacktestResult {
  Backtest(on: candles, options: options).result(of: run, plan: plan, strategy: strategy)
}
