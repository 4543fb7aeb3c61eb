import Pipelines
import Trading

/// Trades several symbols as one position: all legs fill at the same open, or none does.
///
/// The bars of the legs are apart, so that nothing is known of a spread inside a bar: stops and targets are shares of
/// what the legs were worth, tested at closes, and leave at the next fill.
struct LegBroker {
  let plan: TradePlan
  let costs: Costs
  let fill: BacktestOptions.Fill
  let columns: [[Double]]
  /// In the order of `plan.legs`.
  let series: [LegSeries]
  private(set) var position: LegPosition?
  private(set) var trades: [Trade] = []
  private var orders = Orders()
  /// The share of the position that a target closes at the next fill.
  private var taken = 0.0
  private var sessions: SessionLimits
  private var record = KellyRecord()
  private var stopped: Trade.Side?
  private var lastID = 0
  private var lastBar = -1
  private var lastTime = Instant(milliseconds: 0)

  init(
    plan: TradePlan, columns: [[Double]], series: [LegSeries], timeframe: Timeframe, sessions: BarSessions?,
    options: BacktestOptions
  ) {
    self.plan = plan
    self.columns = columns
    self.series = series
    costs = options.costs
    fill = options.fill
    self.sessions = SessionLimits(
      entries: plan.entriesPerSession, flatMinutes: plan.flat, timeframe: timeframe, calendar: sessions)
  }

  mutating func open(bar: Int, time: Instant, purse: inout Purse) {
    lastTime = time
    let begins = sessions.isNeeded && sessions.open(time, bar: bar)
    let isFlat = sessions.isFlat && (sessions.isOver || begins)
    takeDividends(bar, &purse)
    guard let prices = prices(at: bar), prices.allSatisfy({ $0.open > 0 }) else { return }
    let opens = prices.map(\.open)
    if fill == .nextOpen { takeExits(at: opens, prices, time, &purse) }
    if isFlat { leave(1, at: opens, prices, time, .flat, &purse) }
    if fill == .nextOpen { takeEntry(at: opens, prices, time, &purse) }
  }

  mutating func hear(_ signals: ArraySlice<Signal>) {
    orders.hear(signals, holding: position?.direction, plan: plan.side)
  }

  mutating func close(bar: Int, time: Instant, purse: inout Purse) {
    lastBar = bar
    position?.bars += 1
    mark(bar, time, &purse)
    ask(bar, purse)
    let ends = sessions.isFlat && sessions.closes()
    guard let prices = prices(at: bar), prices.allSatisfy({ $0.close > 0 }) else { return }
    let closes = prices.map(\.close)
    if fill == .close { takeExits(at: closes, prices, time, &purse) }
    if ends { leave(1, at: closes, prices, time, .flat, &purse) }
    guard fill == .close else { return }
    takeEntry(at: closes, prices, time, &purse)
    // What just filled at slipped prices is worth the closes.
    mark(bar, time, &purse)
  }

  mutating func end() {
    guard var position else { return }
    for index in position.legs.indices {
      var leg = position.legs[index]
      add(
        leg.position.exit(leg.position.quantity, at: leg.mark, time: lastTime, fee: 0, .end), leg: leg.series)
      position.legs[index] = leg
    }
  }

  private func prices(at bar: Int) -> [BarPrices]? {
    var prices: [BarPrices] = []
    for leg in series {
      guard let found = leg.prices(at: bar) else { return nil }
      prices.append(found)
    }
    return prices
  }

  private mutating func takeDividends(_ bar: Int, _ purse: inout Purse) {
    guard var position else { return }
    let before = position.worth
    for index in position.legs.indices {
      let dividends = series[position.legs[index].series].dividends
      guard !dividends.isEmpty, dividends[bar] > 0 else { continue }
      let cash = position.legs[index].position.takeDividend(dividends[bar])
      purse.pay(-cash)
    }
    purse.mark(before, to: position.worth)
    self.position = position
  }

  private mutating func mark(_ bar: Int, _ time: Instant, _ purse: inout Purse) {
    guard var position else { return }
    let before = position.worth
    var profit = 0.0
    for index in position.legs.indices {
      let close = series[position.legs[index].series].mark(at: bar)
      if !close.isNaN { position.legs[index].mark = close }
      let mark = position.legs[index].mark
      position.legs[index].position.borrow(at: mark, to: time, costs)
      position.legs[index].position.mark = position.legs[index].position.worth(at: mark)
      let leg = position.legs[index].position
      profit += leg.side.sign * leg.entered * (mark - leg.price)
    }
    position.profit = profit / position.gross
    purse.mark(before, to: position.worth)
    self.position = position
  }

  /// What the plan asks at a close.
  private mutating func ask(_ bar: Int, _ purse: Purse) {
    guard let position else { return enterAgain(bar) }
    if purse.equity <= 0 { orders.leave = .marginCall }
    let values = PlanValues(columns: columns, bar: bar, signal: position.signal) { position.value($0) }
    let isStopped = plan.stops.contains { stop in
      switch stop {
      case .fraction(let share, _): position.profit <= -share
      case .when(let condition): values.value(condition) == 1
      case .distance, .price, .trail: false
      }
    }
    if isStopped, orders.leave == nil {
      orders.leave = .stop
      if orders.entry?.side == position.direction { orders.entry = nil }
      if plan.reentry != .edge { stopped = position.direction }
    }
    guard position.targetsTaken < plan.targets.count, orders.leave == nil else { return }
    let target = plan.targets[position.targetsTaken]
    if case .fraction(let share) = target.at, position.profit >= share {
      taken = target.close
      self.position?.targetsTaken += 1
    }
  }

  private mutating func enterAgain(_ bar: Int) {
    guard case .whileTrue(let buy, let sell) = plan.reentry, let side = stopped, orders.entry == nil else { return }
    let values = PlanValues(columns: columns, bar: bar, signal: bar)
    let (own, other) = side == .long ? (buy, sell) : (sell, buy)
    let truth = own.map { values.column($0, bar) } ?? 0
    if truth == 1, other.map({ values.column($0, bar) }) != 1 {
      orders.entry = Orders.Entry(side: side, signal: bar)
    } else if truth == 0 {
      stopped = nil
    }
  }

  private mutating func takeExits(
    at fills: [Double], _ prices: [BarPrices], _ time: Instant, _ purse: inout Purse
  ) {
    if let reason = orders.leave {
      leave(1, at: fills, prices, time, reason, &purse)
    } else if taken > 0 {
      leave(taken, at: fills, prices, time, .target, &purse)
    }
    (orders.leave, taken) = (nil, 0)
    if let maxBars = plan.maxBars, let position, position.bars >= maxBars {
      leave(1, at: fills, prices, time, .maxBars, &purse)
    }
  }

  private mutating func takeEntry(
    at fills: [Double], _ prices: [BarPrices], _ time: Instant, _ purse: inout Purse
  ) {
    defer { orders = Orders() }
    guard let entry = orders.entry, position == nil, purse.free > 0, sessions.takesEntries else { return }
    let values = PlanValues(columns: columns, bar: lastBar, signal: entry.signal)
    let weights = plan.legs.map { values.value($0.weight) * entry.side.sign }
    guard weights.allSatisfy({ $0.isFinite && $0 != 0 }) else { return }
    let slipped = weights.indices.map { costs.slipped(fills[$0], buying: weights[$0] > 0, in: prices[$0]) }
    let money = min(wanted(purse), purse.free)
    // Fees of all legs come out of the same money.
    let unit = weights.indices.reduce(0) {
      $0 + abs(weights[$1]) * (slipped[$1] * (1 + costs.feeRate) + costs.feePerShare)
    }
    let units = (money - costs.feeMinimum * Double(weights.count)) / unit
    guard units > 0, units.isFinite else { return }
    lastID += 1
    var legs: [LegPosition.Leg] = []
    for index in weights.indices {
      let quantity = abs(weights[index]) * units
      let fill = Fill(
        quantity: quantity, price: slipped[index], fee: costs.fee(quantity, at: slipped[index]), time: time)
      let side = weights[index] > 0 ? Trade.Side.long : .short
      let position = Position(fill, id: lastID, side: side, signal: entry.signal)
      purse.pay(side.sign * fill.value + fill.fee)
      purse.reserve(position.reserve)
      legs.append(LegPosition.Leg(position: position, series: index, mark: fill.price))
    }
    let position = LegPosition(
      id: lastID, direction: entry.side, signal: entry.signal, legs: legs,
      gross: legs.reduce(0) { $0 + $1.position.cost })
    purse.mark(0, to: position.worth)
    self.position = position
    sessions.countEntry()
    stopped = nil
  }

  private func wanted(_ purse: Purse) -> Double {
    switch plan.size {
    case .equity(let share): purse.equity * share
    case .fixed(let money): money
    case .kelly(let kelly): purse.equity * record.share(kelly)
    case .risk, .volatility: 0
    }
  }

  /// Closes a share of each leg as it was entered. What is sold brings the money for what is bought back.
  private mutating func leave(
    _ share: Double, at fills: [Double], _ prices: [BarPrices], _ time: Instant, _ reason: Trade.ExitReason,
    _ purse: inout Purse
  ) {
    guard var position else { return }
    let before = position.worth
    let sold = position.legs.indices.filter { position.legs[$0].position.side == .long }
    let bought = position.legs.indices.filter { position.legs[$0].position.side == .short }
    var isOver = true
    for index in sold + bought {
      var leg = position.legs[index]
      leg.position.borrow(at: leg.mark, to: time, costs)
      let held = leg.position
      let isAll = share >= 1 || held.entered * share >= held.quantity - held.entered * 1e-12
      let quantity = isAll ? held.quantity : held.entered * share
      let part = quantity / held.quantity
      var price = costs.slipped(fills[leg.series], buying: held.side == .short, in: prices[leg.series])
      var money = purse.free + held.reserve * part - held.borrow * part
      if held.side == .short {
        price = min(price, costs.highestPrice(of: quantity, for: max(0, money)))
        money -= quantity * price
      } else {
        money += quantity * price
      }
      let fee = min(costs.fee(quantity, at: price), max(0, money))
      purse.reserve(-held.reserve * part)
      purse.pay(-held.side.sign * quantity * price + fee + held.borrow * part)
      add(leg.position.exit(quantity, at: price, time: time, fee: fee, reason), leg: leg.series)
      if !isAll { isOver = false }
      position.legs[index] = leg
    }
    purse.mark(before, to: isOver ? 0 : position.worth)
    if isOver { record.close(return: position.legs.reduce(0) { $0 + $1.position.realised } / position.gross) }
    self.position = isOver ? nil : position
  }

  private mutating func add(_ trade: Trade, leg: Int) {
    var trade = trade
    trade.leg = plan.legs[leg].role
    trades.append(trade)
  }
}

extension Backtest {
  /// The same walk for a position of several legs; nothing is traded where the prices of one are not given.
  func replayLegs(_ signals: [Signal], plan: TradePlan, columns: [[Double]]) -> Replay {
    var replay = Replay()
    let series = plan.legs.enumerated().compactMap { place, leg in
      (place == 0 ? candles : others["@\(leg.role)"]).map { LegSeries($0, beside: candles) }
    }
    guard series.count == plan.legs.count else {
      replay.equity = counted.map { _ in options.start }
      return replay
    }
    var broker = LegBroker(
      plan: plan, columns: columns, series: series, timeframe: candles.timeframe, sessions: candles.sessions,
      options: options)
    var purse = Purse(options.start)
    var next = 0
    for bar in counted {
      let isMissing = candles.isMissing(bar)
      if !isMissing { broker.open(bar: bar, time: candles.times[bar], purse: &purse) }
      while next < signals.count, signals[next].bar <= bar {
        let end = signals[next...].firstIndex { $0.bar != signals[next].bar } ?? signals.count
        broker.hear(signals[next..<end])
        next = end
      }
      if !isMissing {
        broker.close(bar: bar, time: candles.times[bar], purse: &purse)
        replay.closes += 1
        if let position = broker.position {
          replay.closesInPosition += 1
          if purse.equity > 0 { replay.exposures += position.worth / purse.equity }
        }
      }
      replay.equity.append(purse.equity)
    }
    broker.end()
    replay.trades = broker.trades
    return replay
  }
}
