import Pipelines
public import PluginKit
public import Trading

/// What a walk forward came to.
public struct WalkForward: Sendable {
  /// One window and what was chosen in it.
  public struct Window: Sendable {
    public var dates: WalkPlan.Window
    /// The combination with the best rank on the training part; nil where none has one, and nothing is traded.
    public var combination: Int?
    public var settings: [Setting]?
    /// Its metrics on both parts, by the places of `MetricColumn.all`, of several markets their medians.
    public var inSample, outOfSample: [Double?]?
    /// The figures on the test part, one a market.
    public var markets: [Metrics]
  }

  /// The test parts of one market, joined.
  public struct Joined: Sendable {
    public var symbol: String
    /// Of the joined returns and trades.
    public var metrics: Metrics
    /// Equity at each close of the test parts, from `start` on.
    public var equity: [Double]
    public var times: [Instant]
    /// The probability that the true Sharpe ratio of the joined adjusted returns is above 0.
    public var probabilisticSharpe: Double?
  }

  public var plan: WalkPlan
  public var windows: [Window]
  public var joined: [Joined]
  /// The metrics of the joined test parts, of several markets their medians.
  public var metrics: [Double?]
  /// Combinations that were tried in each window, and those whose values do not go together.
  public var combinations, refused: Int
  public var firstRefusal: String?
  /// The figures of all combinations on the last training part, and the dates of all training parts.
  public var trained = Sweep.Rows()
  public var trainedOver: ClosedRange<Instant>?
}

extension Sweep {
  /// The bars of the windows of a walk: those that the options count, from the day on which every market has some to
  /// the last day of the first to end.
  public var walkTimes: [Instant] {
    let spans = markets.map { market in market.deciding.times[market.deciding.bars(from: options.from, to: options.to)]
    }
    guard let longest = spans.first, let first = spans.compactMap(\.first).max(),
      let last = spans.compactMap(\.last).min()
    else { return [] }
    return longest.filter { $0.day >= first.day && $0.day <= last.day }
  }

  /// Walks forward. In each window every combination is ranked on the training part alone; the best is then traded over
  /// the test part, from cash at its first bar to a mark at its last close. Indicators are warm: they read all bars
  /// before, never a later one.
  public func walkedForward(
    _ combinations: [Int], _ windows: [WalkPlan.Window], plan: WalkPlan, by rank: SweepRank
  ) throws -> WalkForward {
    var walk = WalkForward(
      plan: plan, windows: [], joined: [], metrics: [], combinations: 0, refused: 0)
    var tests: [[BacktestResult?]] = []
    for (stage, window) in windows.enumerated() {
      var options = options
      (options.from, options.to) = (window.train.lowerBound, window.train.upperBound)
      let rows = try rows(combinations, stage: stage, options: options)
      (walk.combinations, walk.refused, walk.firstRefusal) = (rows.rows.count, rows.refused, rows.firstRefusal)
      walk.trained = rows
      let best = results(of: rows).ranked(by: rank).first { $0.metrics[rank.place] != nil }
      (options.from, options.to) = (window.test.lowerBound, window.test.upperBound)
      let outcome = try best.map { try tested($0.combination, options) }
      tests.append(outcome ?? markets.map { _ in nil })
      walk.windows.append(
        WalkForward.Window(
          dates: window, combination: best?.combination, settings: best?.settings, inSample: best?.metrics,
          outOfSample: outcome.map { results in
            SweepResult.medians(of: results.map { SweepFigures(metrics: $0.metrics, moments: nil, blocks: []) })
          },
          markets: outcome?.map(\.metrics) ?? []))
    }
    if let first = windows.first, let last = windows.last {
      walk.trainedOver = first.train.lowerBound...last.train.upperBound
    }
    for (place, market) in markets.enumerated() {
      walk.joined.append(joined(market.deciding, windows, tests.map { $0[place] }))
    }
    walk.metrics = SweepResult.medians(
      of: walk.joined.map { SweepFigures(metrics: $0.metrics, moments: nil, blocks: []) })
    return walk
  }

  /// One combination over the bars that some options count, one result a market.
  public func tested(_ combination: Int, _ options: BacktestOptions) throws -> [BacktestResult] {
    guard case .strategy(let strategy) = template.strategy(grid.axes, grid.values(combination)) else { return [] }
    var options = options
    options.horizons = []
    return try markets.map { market in
      let run = try run([strategy], over: market)
      return Backtest(on: market.deciding, options: options).result(
        of: run[0], plan: strategy.plan, strategy: strategy.name)
    }
  }

  /// Puts the test parts one after another: each goes on with the money that the one before left, and in a window
  /// without a choice the money lies still.
  private func joined(
    _ candles: CandleSeries, _ windows: [WalkPlan.Window], _ tests: [BacktestResult?]
  ) -> WalkForward.Joined {
    var replay = Replay()
    var (times, prices): ([Instant], [Double]) = ([], [])
    var exposure = 0.0
    var money = options.start
    for (window, test) in zip(windows, tests) {
      let bars = candles.bars(from: window.test.lowerBound, to: window.test.upperBound)
      let closes = bars.count { !candles.isMissing($0) }
      times += candles.times[bars]
      replay.closes += closes
      guard let test else {
        replay.equity += Array(repeating: money, count: bars.count)
        prices += Array(repeating: 0, count: bars.count)
        continue
      }
      let factor = money / test.start
      replay.equity += test.equity.map { $0 * factor }
      replay.trades += test.trades.map { $0.scaled(by: factor, id: replay.trades.last?.positionID ?? 0) }
      replay.closesInPosition += Int(((test.metrics.exposure ?? 0) * Double(closes)).rounded())
      exposure += test.netExposure * Double(closes)
      prices += test.priceReturns
      money = replay.equity.last ?? money
    }
    var span = options
    (span.from, span.to, span.horizons) = (windows.first?.test.lowerBound, windows.last?.test.upperBound, [])
    let whole = Backtest(on: candles, options: span)
    // What the choice of each window could know was known before its first bar.
    let hold = windows.isEmpty ? nil : whole.buyAndHold(from: whole.counted.lowerBound - 1)
    let metrics = Metrics(
      replay: replay, hold: hold, start: options.start, times: times[...], periodsPerYear: whole.periodsPerYear)
    let net = replay.closes > 0 ? exposure / Double(replay.closes) : 0
    let adjusted = returns(of: replay.equity, from: options.start).map { own in
      zip(own, prices).map { $0 - net * $1 }
    }
    return WalkForward.Joined(
      symbol: candles.instrument.symbol, metrics: metrics, equity: replay.equity, times: times,
      probabilisticSharpe: adjusted.flatMap { ReturnMoments($0) }.flatMap { Backtesting.probabilisticSharpe($0) })
  }
}

extension Trade {
  /// The same trade with more or less money, its positions counted on from `id`.
  fileprivate func scaled(by factor: Double, id: Int) -> Trade {
    var trade = self
    trade.positionID += id
    trade.quantity *= factor
    trade.fees *= factor
    trade.pnl *= factor
    trade.dividends *= factor
    return trade
  }
}
