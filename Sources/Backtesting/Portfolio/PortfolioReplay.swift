import Pipelines
import Trading

/// Walks the sleeves of a portfolio through the bars of all their symbols with one purse.
///
/// A bar is opened at its own time and closed when its close is known, so that nothing is decided by a price of another
/// market that was still to come.
struct PortfolioReplay {
  let portfolio: Portfolio
  let universe: Universe
  let options: BacktestOptions
  let symbols: [String]
  private(set) var sleeves: [Sleeve]
  private(set) var purse: Purse
  private(set) var replay = Replay()
  private(set) var skipped = 0
  private(set) var conflicts = 0
  private var cursors: [MemberCursor]
  /// Bars that have been opened and are not closed, by symbol.
  private var opened: [Int?]

  /// Sleeves stand by symbol and then by strategy's name: in which order they came says nothing.
  init(
    _ portfolio: Portfolio, _ given: [PortfolioSleeve], market: PortfolioMarket, universe: Universe,
    options: BacktestOptions
  ) {
    self.portfolio = portfolio
    self.universe = universe
    self.options = options
    let symbols = market.series.map(\.instrument.symbol)
    self.symbols = symbols
    cursors = market.series.map { MemberCursor($0) }
    opened = market.series.map { _ in nil }
    purse = Purse(options.start)
    let ordered = given.sorted {
      ($0.candles.instrument.symbol, $0.strategy) < ($1.candles.instrument.symbol, $1.strategy)
    }
    sleeves = ordered.compactMap { sleeve in
      guard let symbol = symbols.firstIndex(of: sleeve.candles.instrument.symbol) else { return nil }
      let broker = Broker(
        plan: sleeve.plan, columns: sleeve.run.columns, timeframe: market.timeframe,
        sessions: sleeve.candles.sessions, dividends: sleeve.candles.dividends, options: options,
        periodsPerYear: market.periodsPerYear)
      let place = portfolio.strategies.firstIndex { $0.name == sleeve.strategy } ?? 0
      let counted = sleeve.candles.bars(from: options.from, to: options.to)
      return Sleeve(sleeve, place: place, symbol: symbol, counted: counted, broker: broker)
    }
  }

  /// The most positions at one time.
  private var places: Int { portfolio.maxPositions ?? sleeves.count }

  mutating func run(_ times: [Instant], counted: Range<Int>) {
    for step in 0..<counted.upperBound {
      let now = times[step]
      close(knownBy: now)
      if step > counted.lowerBound { mark() }
      for index in cursors.indices { cursors[index].know(by: now) }
      let bars = cursors.indices.map { cursors[$0].begin(at: now) }
      guard counted.contains(step) else { continue }
      open(bars, at: now, isNewPeriod: step > counted.lowerBound && isNewPeriod(now, after: times[step - 1]))
    }
    guard !counted.isEmpty else { return }
    close(knownBy: nil)
    mark()
    for index in sleeves.indices { sleeves[index].broker.end() }
    replay.trades = trades
  }

  private func isNewPeriod(_ now: Instant, after before: Instant) -> Bool {
    portfolio.rebalance.map { $0.start(of: now) != $0.start(of: before) } ?? false
  }

  // MARK: The open

  private mutating func open(_ bars: [Int?], at now: Instant, isNewPeriod: Bool) {
    var trading: [(sleeve: Int, bar: Int, prices: BarPrices)] = []
    for (symbol, bar) in bars.enumerated() { if bar != nil { opened[symbol] = bar } }
    for index in sleeves.indices {
      let symbol = sleeves[index].symbol
      guard let bar = bars[symbol] else { continue }
      trading.append((index, bar, BarPrices(cursors[symbol].candles, bar)))
    }
    for (index, bar, prices) in trading {
      sleeves[index].broker.leaveAtOpen(prices, bar: bar, time: now, purse: &purse)
      if !universe.contains(symbols[sleeves[index].symbol], at: now) { expel(index, prices, now) }
    }
    setShares()
    if isNewPeriod { rebalance(trading.map { ($0.sleeve, $0.prices) }, at: now) }
    let wanting = options.fill == .nextOpen ? trading.filter { sleeves[$0.sleeve].wanted != nil } : []
    let candidates = sides(of: wanting.map(\.sleeve))
    for (index, bar, prices) in trading where candidates[index] == nil {
      sleeves[index].broker.enterAtOpen(prices, bar: bar, time: now, purse: &purse)
    }
    for (index, bar, prices) in wanting.sorted(by: { comesBefore($0.sleeve, $1.sleeve) }) {
      admit(index, among: candidates, at: prices.open, prices, now)
      sleeves[index].broker.enterAtOpen(prices, bar: bar, time: now, purse: &purse)
    }
  }

  /// Out of the universe there is neither position nor order.
  private mutating func expel(_ index: Int, _ prices: BarPrices, _ now: Instant) {
    sleeves[index].giveUpEntry()
    sleeves[index].broker.resting = nil
    guard sleeves[index].broker.position != nil, prices.open > 0 else { return }
    sleeves[index].broker.leave(at: prices.open, prices, now, .signal, &purse)
  }

  private mutating func rebalance(_ trading: [(sleeve: Int, prices: BarPrices)], at now: Instant) {
    let equity = purse.equity
    for (index, prices) in trading {
      sleeves[index].broker.cut(to: equity * sleeves[index].broker.share, prices, now, &purse)
    }
    for (index, prices) in trading {
      sleeves[index].broker.topUp(to: equity * sleeves[index].broker.share, prices, now, &purse)
    }
  }

  /// The share of the account of which each sleeve's sizes speak.
  private mutating func setShares() {
    let weighting = portfolio.weighting
    let bySymbol = cursors.map { cursor in
      weighting.measure(weighting.rule == .equal ? [] : cursor.closes(weighting.lookback + 1) ?? [])
    }
    let measured = sleeves.indices.filter { bySymbol[sleeves[$0].symbol] != nil }
    let shares = Weighting.shares(measured.compactMap { bySymbol[sleeves[$0].symbol] }, places: places)
    for index in sleeves.indices { sleeves[index].broker.share = 0 }
    for (index, share) in zip(measured, shares) { sleeves[index].broker.share = min(1, share) }
  }

  // MARK: Who enters

  /// The more confident comes first, then the strategy and the symbol that the alphabet has first.
  private func comesBefore(_ one: Int, _ other: Int) -> Bool {
    let (a, b) = (sleeves[one], sleeves[other])
    if a.confidence != b.confidence { return a.confidence > b.confidence }
    return (a.strategy, a.symbol) < (b.strategy, b.symbol)
  }

  /// What they want before any of them has had to give up.
  private func sides(of wanting: [Int]) -> [Int: Trade.Side] {
    Dictionary(wanting.compactMap { index in sleeves[index].wanted.map { (index, $0) } }) { first, _ in first }
  }

  /// Lets an entry be, or takes it away where there is no place for it or another strategy stands against it.
  private mutating func admit(
    _ index: Int, among candidates: [Int: Trade.Side], at price: Double, _ prices: BarPrices, _ now: Instant
  ) {
    guard let side = sleeves[index].wanted else { return }
    let held = sleeves.indices.count { $0 != index && sleeves[$0].taken != nil }
    let others = sleeves.indices.filter { other in
      other != index && sleeves[other].symbol == sleeves[index].symbol
        && (sleeves[other].taken.map { $0 != side } ?? false
          || candidates[other].map { $0 != side } ?? false)
    }
    switch portfolio.onConflict {
    case .net: break
    case .skip where !others.isEmpty: return conflict(index)
    case .skip: break
    case .first:
      if others.contains(where: { sleeves[$0].place < sleeves[index].place }) { return conflict(index) }
    }
    guard held < places else {
      skipped += 1
      sleeves[index].giveUpEntry()
      return
    }
    guard portfolio.onConflict == .first else { return }
    for other in others {
      conflicts += 1
      sleeves[other].giveUpEntry()
      sleeves[other].broker.resting = nil
      if price > 0 { sleeves[other].broker.leave(at: price, prices, now, .signal, &purse) }
    }
  }

  private mutating func conflict(_ index: Int) {
    conflicts += 1
    sleeves[index].giveUpEntry()
  }

  // MARK: The close

  /// Closes the bars whose close is known by now, those that are known first before the others; without a time, all.
  private mutating func close(knownBy now: Instant?) {
    while true {
      let times = opened.indices.compactMap { symbol in opened[symbol].map { cursors[symbol].candles.knownAt($0) } }
      guard let time = times.min(), now.map({ time <= $0 }) ?? true else { return }
      closeBars(knownAt: time)
    }
  }

  private mutating func closeBars(knownAt time: Instant) {
    var closing: [(sleeve: Int, bar: Int, prices: BarPrices, label: Instant)] = []
    for index in sleeves.indices {
      let candles = cursors[sleeves[index].symbol].candles
      guard let bar = opened[sleeves[index].symbol], candles.knownAt(bar) == time else { continue }
      closing.append((index, bar, BarPrices(candles, bar), candles.times[bar]))
    }
    for symbol in opened.indices {
      if let bar = opened[symbol], cursors[symbol].candles.knownAt(bar) == time { opened[symbol] = nil }
    }
    for (index, bar, prices, label) in closing {
      sleeves[index].broker.trade(inside: prices, bar: bar, time: label, purse: &purse)
      sleeves[index].broker.age()
      sleeves[index].hear(bar)
    }
    let wanting = options.fill == .close ? closing.filter { sleeves[$0.sleeve].wanted != nil } : []
    let candidates = sides(of: wanting.map(\.sleeve))
    for (index, bar, prices, label) in closing where candidates[index] == nil {
      sleeves[index].broker.close(prices, bar: bar, time: label, purse: &purse)
    }
    for (index, bar, prices, label) in wanting.sorted(by: { comesBefore($0.sleeve, $1.sleeve) }) {
      admit(index, among: candidates, at: prices.close, prices, label)
      sleeves[index].broker.close(prices, bar: bar, time: label, purse: &purse)
    }
  }

  /// The end of a step: the account by the last closes that are known.
  private mutating func mark() {
    replay.equity.append(purse.equity)
    replay.closes += 1
    guard sleeves.contains(where: { $0.broker.position != nil }) else { return }
    replay.closesInPosition += 1
    if purse.equity > 0 { replay.exposures += purse.held / purse.equity }
  }

  /// All rows by their exits, with positions numbered by their entries.
  private var trades: [Trade] {
    struct Key: Hashable { let sleeve, id: Int }
    var entries: [Key: Instant] = [:]
    var rows: [(trade: Trade, key: Key)] = []
    for (index, sleeve) in sleeves.enumerated() {
      for var trade in sleeve.broker.trades {
        trade.symbol = symbols[sleeve.symbol]
        trade.strategy = sleeve.strategy
        let key = Key(sleeve: index, id: trade.positionID)
        entries[key] = trade.entryTime
        rows.append((trade, key))
      }
    }
    let order = entries.sorted { ($0.value, $0.key.sleeve, $0.key.id) < ($1.value, $1.key.sleeve, $1.key.id) }
    let numbers = Dictionary(order.enumerated().map { ($1.key, $0 + 1) }, uniquingKeysWith: { first, _ in first })
    return rows.enumerated()
      .sorted { ($0.element.trade.exitTime, $0.offset) < ($1.element.trade.exitTime, $1.offset) }
      .map { row in
        var trade = row.element.trade
        trade.positionID = numbers[row.element.key] ?? trade.positionID
        return trade
      }
  }
}
