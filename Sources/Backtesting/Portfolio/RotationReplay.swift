public import Pipelines
public import Trading

/// One symbol of a rotation: its prices, and what `rank:` and `where:` made of them.
public struct RotationMember: Sendable {
  public var candles: CandleSeries
  public var ranking: Ranking

  public init(candles: CandleSeries, ranking: Ranking) {
    self.candles = candles
    self.ranking = ranking
  }
}

/// Walks a rotation through the bars of all its symbols with one purse.
struct RotationReplay {
  let rotation: Rotation
  let universe: Universe
  let options: BacktestOptions
  let symbols: [String]
  let rankings: [Ranking]
  var cursors: [MemberCursor]
  private(set) var cash: Double
  private var holdings: [Holding?]
  /// Shares of the equity that wait for the next bar of their symbol.
  private var targets: [Double?]
  /// The members chosen at the last decision.
  private var chosen: Set<Int> = []
  private var lastID = 0
  /// A change of less than this share of the equity is a rounding error, and no trade.
  private static let least = 1e-9
  private(set) var replay = Replay()
  private(set) var decisions: [PortfolioFigures.Decision] = []
  /// The first counted step at which some member could be ranked.
  private(set) var firstChoice: Int?

  /// Members stand by the alphabet: in which order they came says nothing.
  init(_ rotation: Rotation, _ members: [RotationMember], universe: Universe, options: BacktestOptions) {
    let members = members.sorted { $0.candles.instrument.symbol < $1.candles.instrument.symbol }
    self.rotation = rotation
    self.universe = universe
    self.options = options
    symbols = members.map(\.candles.instrument.symbol)
    rankings = members.map(\.ranking)
    cursors = members.map { MemberCursor($0.candles) }
    cash = options.start
    holdings = members.map { _ in nil }
    targets = members.map { _ in nil }
  }

  /// Walks all steps and counts those in `counted`.
  mutating func run(_ times: [Instant], counted: Range<Int>) {
    for step in 0..<counted.upperBound {
      let now = times[step]
      for index in cursors.indices { cursors[index].know(by: now) }
      let counts = counted.contains(step)
      if counts, options.fill == .nextOpen, step > 0, isNewPeriod(now, after: times[step - 1]) {
        decide(at: now, step: step - counted.lowerBound)
      }
      let bars = cursors.indices.map { cursors[$0].begin(at: now) }
      guard counts else { continue }
      takeDividends(bars)
      leaveEndedMemberships(at: now)
      if options.fill == .nextOpen { trade(bars, .open, at: now) }
      if options.fill == .close {
        // Optimistic: the close that made the values is the one at which they are filled.
        if step + 1 < times.count, isNewPeriod(times[step + 1], after: now) {
          for index in cursors.indices { cursors[index].know(by: times[step + 1]) }
          decide(at: times[step + 1], step: step - counted.lowerBound)
        }
        trade(bars, .close, at: now)
      }
      mark()
    }
    end(at: counted.isEmpty ? nil : times[counted.upperBound - 1])
  }

  private func isNewPeriod(_ now: Instant, after before: Instant) -> Bool {
    rotation.rebalance.start(of: now) != rotation.rebalance.start(of: before)
  }

  // MARK: Deciding

  private mutating func decide(at now: Instant, step: Int) {
    var candidates: [(index: Int, rank: Double, measure: Double)] = []
    for index in cursors.indices {
      let cursor = cursors[index]
      guard universe.contains(symbols[index], at: now), !cursor.isSilent(at: now), let bar = cursor.lastKnown,
        rankings[index].values[bar].isFinite
      else { continue }
      let closes = rotation.weighting.rule == .equal ? [] : cursor.closes(rotation.weighting.lookback + 1) ?? []
      guard let measure = rotation.weighting.measure(closes) else { continue }
      candidates.append((index, rankings[index].values[bar], measure))
    }
    if firstChoice == nil, !candidates.isEmpty { firstChoice = step }
    // Of equal ranks the first by the alphabet.
    candidates.sort { ($0.rank, $1.index) > ($1.rank, $0.index) }
    var next = Set(candidates.prefix(rotation.untilRank).map(\.index)).intersection(chosen)
    for candidate in candidates where next.count < rotation.top { next.insert(candidate.index) }
    chosen = next
    let held = candidates.filter { next.contains($0.index) }.sorted { $0.index < $1.index }
    let shares = Weighting.shares(held.map(\.measure), places: rotation.top)
    targets = holdings.map { $0 == nil ? nil : 0 }
    for (candidate, share) in zip(held, shares) { targets[candidate.index] = share }
    decisions.append(
      PortfolioFigures.Decision(
        time: now, weights: zip(held, shares).map { .init(symbol: symbols[$0.index], weight: $1) }))
  }

  private mutating func leaveEndedMemberships(at now: Instant) {
    for index in holdings.indices where !universe.contains(symbols[index], at: now) {
      targets[index] = holdings[index] == nil ? nil : 0
      chosen.remove(index)
    }
  }

  // MARK: Trading

  /// What was held at the close before gets what its bar pays.
  private mutating func takeDividends(_ bars: [Int?]) {
    for index in holdings.indices where bars[index] != nil && cursors[index].paid > 0 {
      cash += holdings[index]?.take(dividend: cursors[index].paid) ?? 0
      cursors[index].fill(at: cursors[index].mark - cursors[index].paid)
    }
  }

  /// Cash and what is held, by the last prices known.
  private var worth: Double {
    holdings.indices.reduce(cash) { $0 + (holdings[$1]?.quantity ?? 0) * (holdings[$1] == nil ? 0 : cursors[$1].mark) }
  }

  /// Fills the targets of the symbols that have a bar: what is sold first, then what is bought, all of it scaled down
  /// together where the cash is short.
  private mutating func trade(_ bars: [Int?], _ column: CandleSeries.Column, at now: Instant) {
    let worth = worth
    guard worth > 0 else { return }
    let costs = options.costs
    var purchases: [(index: Int, quantity: Double, price: Double)] = []
    for index in targets.indices {
      guard let share = targets[index], let bar = bars[index] else { continue }
      let prices = BarPrices(cursors[index].candles, bar)
      let price = column == .open ? prices.open : prices.close
      guard price > 0 else { continue }
      targets[index] = nil
      // A new position costs its share; one that is held is corrected by what its last mark calls for, so that a gap at
      // the open is no reason to trade.
      let held = holdings[index]?.quantity ?? 0
      let change = held > 0 ? share * worth / cursors[index].mark - held : share * worth / price
      if share == 0 {
        sell(index, .infinity, at: costs.slipped(price, buying: false, in: prices), now, .signal)
      } else if change * price < -worth * RotationReplay.least {
        sell(index, -change, at: costs.slipped(price, buying: false, in: prices), now, .rebalance)
      } else if change > 0 {
        purchases.append((index, change, costs.slipped(price, buying: true, in: prices)))
      }
      cursors[index].fill(at: price)
    }
    let cost = purchases.reduce(0) { $0 + $1.quantity * $1.price + costs.fee($1.quantity, at: $1.price) }
    let scale = cost > cash ? cash / cost : 1
    for purchase in purchases where purchase.quantity * scale * purchase.price > worth * RotationReplay.least {
      let quantity = min(purchase.quantity * scale, costs.quantity(for: cash, at: purchase.price))
      buy(purchase.index, quantity, at: purchase.price, now)
    }
  }

  private mutating func buy(_ index: Int, _ quantity: Double, at price: Double, _ now: Instant) {
    guard quantity > 0 else { return }
    let fee = options.costs.fee(quantity, at: price)
    if holdings[index] == nil {
      lastID += 1
      holdings[index] = Holding(id: lastID, entryTime: now)
    }
    holdings[index]?.buy(quantity, at: price, fee: fee)
    // All of the cash spent may leave a rounding error below nothing.
    cash = max(0, cash - quantity * price - fee)
  }

  private mutating func sell(
    _ index: Int, _ quantity: Double, at price: Double, _ now: Instant, _ reason: Trade.ExitReason
  ) {
    guard var holding = holdings[index] else { return }
    let sold = min(quantity, holding.quantity)
    let fee = min(options.costs.fee(sold, at: price), sold * price + cash)
    replay.trades.append(
      holding.sell(sold, at: price, time: now, fee: fee, reason, symbol: symbols[index]))
    cash = max(0, cash + sold * price - fee)
    holdings[index] = holding.quantity > 0 ? holding : nil
  }

  /// The end of a step: everything is worth its last close.
  private mutating func mark() {
    var held = 0.0
    var isHolding = false
    for index in holdings.indices {
      guard let holding = holdings[index] else { continue }
      held += holding.quantity * cursors[index].close
      isHolding = true
    }
    let equity = cash + held
    replay.equity.append(equity)
    replay.closes += 1
    guard isHolding else { return }
    replay.closesInPosition += 1
    if equity > 0 { replay.exposures += held / equity }
  }

  /// Lists what is still held at its last close: no fill, so neither fee nor slippage.
  private mutating func end(at now: Instant?) {
    guard let now else { return }
    for index in holdings.indices {
      guard var holding = holdings[index] else { continue }
      replay.trades.append(
        holding.sell(
          .infinity, at: cursors[index].close, time: now, fee: 0, .end, symbol: symbols[index]))
    }
  }
}
