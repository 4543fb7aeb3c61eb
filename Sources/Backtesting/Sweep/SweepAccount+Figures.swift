import Trading

/// What the figures of all combinations of a sweep have in common.
struct SweepGround: Sendable {
  let backtest: Backtest
  let blocks: CalendarBlocks
  let ends: BlockEnds
  /// The blocks that have bars, in their order.
  let endedPlaces: [Int]
  /// Sums of the powers 1 to 4 of the counted price returns, and of the first two by calendar block
  /// that has bars.
  let prices: SIMD4<Double>
  let endedPrices: [BlockSums]
  let closes: CountedCloses

  init(_ backtest: Backtest, _ blocks: CalendarBlocks) {
    self.backtest = backtest
    self.blocks = blocks
    let first = backtest.counted.lowerBound
    let places = blocks.places
    ends = BlockEnds(bars: places.indices.dropFirst().filter { places[$0] != places[$0 - 1] }.map { first + $0 })
    endedPlaces = places.indices.filter { $0 + 1 == places.count || places[$0] != places[$0 + 1] }.map { places[$0] }
    prices = backtest.priceReturns.reduce(.zero) { $0 + SIMD4($1, $1 * $1, $1 * $1 * $1, $1 * $1 * $1 * $1) }
    let sums = blocks.sums(backtest.priceReturns)
    endedPrices = endedPlaces.map { sums[$0] }
    closes = CountedCloses(of: backtest)
  }

  /// Block sums of all blocks, of those of the blocks that have bars.
  func spread(_ ended: [BlockSums]) -> [BlockSums] {
    guard ended.count < blocks.count || endedPlaces.isEmpty else { return ended }
    var all = [BlockSums](repeating: BlockSums(), count: blocks.count)
    for (place, sums) in zip(endedPlaces, ended) { all[place] = sums }
    return all
  }
}

/// The closes that there are among the counted bars.
struct CountedCloses: Sendable {
  private(set) var count = 0
  /// The last of them, 0 where there is none.
  private(set) var last = 0.0

  init(of backtest: Backtest) {
    let closes = backtest.candles.column(.close).span
    for bar in backtest.counted where !closes[bar].isNaN {
      count += 1
      last = closes[bar]
    }
  }
}

extension Backtest {
  /// Whether each counted bar that is there has a price at which it fills and one at which it is marked, and nothing is
  /// paid: an account that goes from fill to fill would pass over dividends.
  var fillsAtEveryBar: Bool {
    let (opens, closes) = (candles.column(.open).span, candles.column(.close).span)
    return options.start > 0 && !candles.isRestated
      && counted.allSatisfy { bar in
        let (open, close) = (opens[bar], closes[bar])
        return close.isNaN || (open > 0 && open.isFinite && close > 0 && close.isFinite)
      }
  }

  /// The return of buying at the first chance after the bar at whose close an entry could be known, and holding.
  func holdReturn(from known: Int?, lastClose: Double) -> Double? {
    guard let known else { return nil }
    return purchase(from: known).flatMap { finite($0.quantity * lastClose / options.start - 1) }
  }
}

extension Metrics {
  /// Those of an account that has come to the end of the counted bars.
  init(_ account: SweepAccount, firstEntry: Int?, of backtest: Backtest, _ closes: CountedCloses) {
    let counted = backtest.counted
    let count = Double(counted.count)
    let sums = account.sums
    let hasReturns = count > 1 && !account.isRuined
    let mean = hasReturns ? sums.sum / count : 0
    let deviation = hasReturns ? (max(0, sums.squares - count * mean * mean) / (count - 1)).squareRoot() : nil
    self.init(
      finalEquity: account.cash, start: backtest.options.start,
      returns: ReturnStatistics(
        mean: mean, deviation: deviation, downside: hasReturns ? (sums.squaresOfLosses / count).squareRoot() : nil),
      drawdown: Drawdown(deepest: account.deepest, longest: account.longest),
      record: TradeRecord(closed: account.closed, won: account.won, gains: account.gains, losses: account.losses),
      exposure: finite(Double(account.closesHeld) / Double(closes.count)), trades: account.trades,
      holdReturn: backtest.holdReturn(from: firstEntry, lastClose: closes.last),
      times: backtest.candles.times[counted], periodsPerYear: backtest.periodsPerYear)
  }
}

extension SweepFigures {
  /// The figures of an account that has come to the end of the counted bars.
  init(_ account: inout SweepAccount, firstEntry: Int?, _ ground: SweepGround) {
    let counted = ground.backtest.counted
    account.end(at: counted.upperBound, lastClose: ground.closes.last)
    let metrics = Metrics(account, firstEntry: firstEntry, of: ground.backtest, ground.closes)
    guard !account.isRuined else {
      self.init(metrics: metrics, moments: nil, blocks: [])
      return
    }
    let exposure = ground.closes.count > 0 ? account.exposures / Double(ground.closes.count) : 0
    self.init(
      metrics: metrics,
      moments: ReturnMoments(count: counted.count, powers: account.sums.adjusted(by: exposure, prices: ground.prices)),
      blocks: ground.spread(account.blockSums(exposure, ground.endedPrices)))
  }
}

extension ReturnMoments {
  /// From the sums of the powers 1 to 4; nil under three returns and where they do not vary.
  init?(count: Int, powers: SIMD4<Double>) {
    let n = Double(count)
    guard count > 2 else { return nil }
    let m = powers[0] / n
    let second = powers[1] - n * m * m
    let third = powers[2] - 3 * m * powers[1] + 2 * n * m * m * m
    let fourth = powers[3] - 4 * m * powers[2] + 6 * m * m * powers[1] - 3 * n * m * m * m * m
    guard second > 0, fourth > 0, fourth.isFinite else { return nil }
    let variance = second / n
    self.init(
      count: count, mean: m, deviation: (second / (n - 1)).squareRoot(),
      skewness: third / n / (variance * variance.squareRoot()), kurtosis: fourth / n / (variance * variance))
  }
}
