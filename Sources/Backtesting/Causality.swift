import MarketData
public import Pipelines
public import Trading

/// The causality certificate of strategies over prices: whether what they said up to a bar depends on that past alone.
///
/// At each cut the future is taken away, and again replaced by noise: of the deciding series what comes after the cut,
/// of every other series, and of news and filings, what was not known by then. Signals up to the cut, their confidence
/// and reasons, and the fills up to it must stay as they were, to the last bit.
public struct CausalityCertificate: Sendable {
  public struct Finding: Sendable, Hashable {
    public var strategy: String
    /// The last bar of the past.
    public var cut: Instant
    /// What was done to the future.
    public var trial: String
    /// The first thing that differs.
    public var difference: String
  }

  public let strategies: [String]
  public let symbol: String
  public let cuts: Int
  public let signals: Int
  public let findings: [Finding]

  /// Tries `cuts` places, spread over the series, each with the future gone and with `noises` invented ones.
  public init(
    of strategies: [Strategy], over market: Market, cuts: Int = 12, noises: Int = 1
  ) throws(GraphError) {
    let whole = try Replayed(strategies, market)
    var findings: [Finding] = []
    let count = market.deciding.count
    let places = Set((1...max(1, cuts)).map { $0 * count / (max(1, cuts) + 1) }).filter { (0..<count).contains($0) }
    for cut in places.sorted() {
      var trials = [("the future taken away", market.past(upTo: cut))]
      for noise in 0..<noises {
        trials.append(
          ("the future replaced by noise", market.withNoise(after: cut, seed: UInt64(cut &* 31 &+ noise + 1))))
      }
      for (trial, changed) in trials {
        let replayed = try Replayed(strategies, changed)
        for (index, strategy) in strategies.enumerated() {
          guard let difference = whole.difference(replayed, at: index, upTo: cut, market.deciding) else { continue }
          findings.append(
            Finding(strategy: strategy.name, cut: market.deciding.times[cut], trial: trial, difference: difference))
        }
      }
    }
    self.strategies = strategies.map(\.name)
    self.symbol = market.deciding.instrument.symbol
    self.cuts = places.count
    self.signals = whole.runs.reduce(0) { $0 + $1.signals.count }
    self.findings = findings
  }
}

/// What strategies said and traded over one market.
private struct Replayed {
  var runs: [SignalRun]
  var trades: [[Trade]]
  /// Whether nothing is added to a position, so that its price is that of its entry.
  var entersOnce: [Bool]

  init(_ strategies: [Strategy], _ market: Market) throws(GraphError) {
    runs = try run(strategies, over: market)
    let backtest = Backtest(on: market)
    entersOnce = strategies.map { $0.plan.addition == nil }
    trades = zip(strategies, runs).map { backtest.result(of: $1, plan: $0.plan, strategy: $0.name).trades }
  }

  /// The first thing up to a bar that is not the same; nil where all is.
  func difference(_ other: Replayed, at index: Int, upTo cut: Int, _ candles: CandleSeries) -> String? {
    let mine = runs[index].signals.filter { $0.bar <= cut }
    let theirs = other.runs[index].signals.filter { $0.bar <= cut }
    for (a, b) in zip(mine, theirs) where a != b {
      return
        "\(a.direction.rawValue) at \(a.time) (\(a.reason)) became \(b.direction.rawValue) at \(b.time) (\(b.reason))"
    }
    if mine.count != theirs.count {
      let extra = mine.count > theirs.count ? mine[theirs.count] : theirs[mine.count]
      return "\(extra.direction.rawValue) at \(extra.time) \(mine.count > theirs.count ? "vanished" : "appeared")"
    }
    let end = candles.times[cut]
    let (closed, theirClosed) = (trades[index].closed(by: end), other.trades[index].closed(by: end))
    for (a, b) in zip(closed, theirClosed) where a != b { return "the exit of \(a.exitTime) changed" }
    if closed.count != theirClosed.count { return "the number of exits changed" }
    // What was entered by then and left later: an exit after the cut, and what was added after it, is the future's.
    let once = entersOnce[index]
    let (held, theirHeld) = (
      trades[index].held(at: end, priced: once), other.trades[index].held(at: end, priced: once)
    )
    for (a, b) in zip(held, theirHeld) where a != b { return "the entry of \(a.time) changed" }
    return held.count == theirHeld.count ? nil : "the number of entries changed"
  }
}

extension [Trade] {
  fileprivate struct Entry: Hashable {
    var id: Int
    var time: Instant
    var side: Trade.Side
    var leg: String?
    var price: Double?
  }

  /// Rows whose exit was over.
  fileprivate func closed(by end: Instant) -> [Trade] { filter { $0.exitTime <= end && $0.exitReason != .end } }

  /// Positions that were entered and not over, each leg once.
  fileprivate func held(at end: Instant, priced: Bool) -> [Entry] {
    var seen: Set<Entry> = []
    return filter { $0.entryTime <= end && ($0.exitTime > end || $0.exitReason == .end) }.map {
      Entry(
        id: $0.positionID, time: $0.entryTime, side: $0.side, leg: $0.leg, price: priced ? $0.entryPrice : nil)
    }.filter { seen.insert($0).inserted }
  }
}

extension Market {
  /// What was known when a bar closed.
  func past(upTo cut: Int) -> Market {
    let now = deciding.knownAt(cut)
    return Market(
      deciding.prefix(cut + 1), others: others.mapValues { $0.prefix($0.count(knownAt: now)) },
      facts: facts.known(by: now))
  }

  /// The same past with another future.
  func withNoise(after cut: Int, seed: UInt64) -> Market {
    let now = deciding.knownAt(cut)
    return Market(
      deciding.withNoise(from: cut + 1, seed: seed),
      others: others.mapValues { $0.withNoise(from: $0.count(knownAt: now), seed: seed &+ 1) },
      facts: facts.withNoise(after: now, seed: seed &+ 2))
  }
}

extension CandleSeries {
  fileprivate func count(knownAt now: Instant) -> Int { (0..<count).first { knownAt($0) > now } ?? count }

  fileprivate func prefix(_ bars: Int) -> CandleSeries {
    var block: [Double] = []
    for column in Column.allCases { block += self.column(column).prefix(bars) }
    let past = CandleSeries(
      instrument: instrument, timeframe: timeframe, times: Array(times.prefix(bars)), block: block,
      sessions: sessions?.of(0..<min(bars, count)))
    return isRestated ? past.paying(Array(dividends.prefix(bars))) : past
  }

  /// Prices from a bar on replaced by a wild walk that any seed makes the same on every machine (xorshift64).
  fileprivate func withNoise(from bar: Int, seed: UInt64) -> CandleSeries {
    var state = seed == 0 ? 1 : seed
    func random() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) / Double(1 << 53)
    }
    var block = block
    var price = bar > 0 ? value(.close, at: bar - 1) : 100
    if price.isNaN { price = 100 }
    for row in bar..<max(bar, count) {
      let open = price
      price = max(price * (0.7 + 0.6 * random()), 1e-6)
      let values = [open, max(open, price) * 1.05, min(open, price) * 0.95, price, 1_000 * random()]
      for column in Column.allCases { block[column.rawValue * count + row] = values[column.rawValue] }
    }
    let invented = CandleSeries(
      instrument: instrument, timeframe: timeframe, times: times, block: block, sessions: sessions)
    guard isRestated else { return invented }
    // As many dividends as there were, of other amounts.
    return invented.paying(
      dividends.enumerated().map { row, paid in
        row < bar || paid == 0 ? paid : 0.2 * random() * block[CandleSeries.Column.low.rawValue * count + row]
      })
  }
}
