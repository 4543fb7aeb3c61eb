import Pipelines
import Trading

/// Trades one symbol with the money of an account: holds one position at most and writes down each exit.
///
/// Of a bar it is told the open (exits, then entries), what happens inside, its signals, and the close.
struct Broker {
  let plan: TradePlan
  let costs: Costs
  let fill: BacktestOptions.Fill
  /// The columns that the plan's expressions read.
  let columns: [[Double]]
  /// Cash a share by bar; empty where nothing is paid.
  let dividends: [Double]
  let periodsPerYear: Double
  /// The share of the account that the plan's sizes speak of.
  var share = 1.0
  var position: Position?
  var trades: [Trade] = []
  var orders = Orders()
  var resting: RestingOrder?
  var sessions: SessionLimits
  var record = KellyRecord()
  /// The side that a stop was the last to end, while its condition may still be true.
  var stopped: Trade.Side?
  /// The last level known of each stop and target.
  var stopLevels: [Double]
  var targetLevels: [Double]
  /// Whether levels move while nothing fills; whether anything at all is to be worked out at closes.
  let levelsMove: Bool
  let asksAtCloses: Bool
  let length: Int64
  /// The plan knows signals alone, and nothing between them.
  private let isPlain: Bool
  /// The last bar that closed.
  private(set) var lastBar = -1
  private(set) var lastClose = Double.nan
  private(set) var lastTime = Instant(milliseconds: 0)
  /// What the bar at work has paid on a share.
  private(set) var exDividend = 0.0
  private var lastID = 0

  /// - Parameter periodsPerYear: by which a volatility target is annualised.
  init(
    plan: TradePlan, columns: [[Double]] = [], timeframe: Timeframe, sessions: BarSessions? = nil,
    dividends: [Double] = [], options: BacktestOptions, periodsPerYear: Double
  ) {
    self.plan = plan
    self.columns = columns
    self.dividends = dividends
    self.periodsPerYear = periodsPerYear
    costs = options.costs
    fill = options.fill
    length = timeframe.milliseconds
    isPlain = plan.isPlain
    self.sessions = SessionLimits(
      entries: plan.entriesPerSession, flatMinutes: plan.flat, timeframe: timeframe, calendar: sessions)
    stopLevels = plan.stops.map { _ in .nan }
    targetLevels = plan.targets.map { _ in .nan }
    levelsMove = plan.stops.contains(where: \.moves) || plan.targets.contains { $0.at.moves }
    asksAtCloses = levelsMove || plan.addition != nil || plan.reentry != .edge || plan.stops.contains(where: \.isTested)
  }

  /// The open: waiting exits fill, stops and targets that the open has jumped over, then waiting entries.
  mutating func open(_ prices: BarPrices, bar: Int, time: Instant, purse: inout Purse) {
    leaveAtOpen(prices, bar: bar, time: time, purse: &purse)
    enterAtOpen(prices, bar: bar, time: time, purse: &purse)
  }

  /// The exits of the open alone; brokers that share a purse leave before any of them enters.
  mutating func leaveAtOpen(_ prices: BarPrices, bar: Int, time: Instant, purse: inout Purse) {
    lastTime = time
    let begins = sessions.isNeeded && sessions.open(time, bar: bar)
    if !dividends.isEmpty { takeDividend(dividends[bar], &purse) }
    guard prices.open > 0 else { return }
    if fill == .nextOpen, let reason = orders.leave { leave(at: prices.open, prices, time, reason, &purse) }
    guard position != nil else { return }
    leaveIfStopped(by: prices.open, at: { _ in prices.open }, prices, time, &purse)
    takeTargets(reachedBy: prices.open, at: { _ in prices.open }, prices, time, &purse)
    if fill == .nextOpen { leaveIfAged(at: prices.open, prices, time, &purse) }
    // A position that outlived its session, because the close came unforeseen, goes at the next chance.
    if sessions.isFlat, sessions.isOver || begins { leave(at: prices.open, prices, time, .flat, &purse) }
  }

  /// The entries of the open.
  mutating func enterAtOpen(_ prices: BarPrices, bar: Int, time: Instant, purse: inout Purse) {
    guard prices.open > 0 else { return }
    if fill == .nextOpen { takeOrders(at: prices.open, prices, time, &purse) }
    guard let order = resting else { return }
    guard restingIsValid(order, time) else {
      resting = nil
      return
    }
    guard order.isReached(by: prices.open) else { return }
    resting = nil
    enter(order.entry, at: prices.open, isMarket: order.isStop, prices, time, &purse)
  }

  /// Between open and close: what came first inside a bar is not known, so the stop is taken first.
  mutating func trade(inside prices: BarPrices, bar: Int, time: Instant, purse: inout Purse) {
    if position != nil { return live(prices, time, &purse) }
    guard let order = resting else { return }
    guard order.isReached(by: order.waitsAbove ? prices.high : prices.low) else {
      resting?.barsLeft -= 1
      return
    }
    resting = nil
    enter(order.entry, at: order.price, isMarket: order.isStop, prices, time, &purse)
    // Of the rest of the bar only what came after the fill for certain can end the position.
    if position != nil { live(order.rest(of: prices), time, &purse) }
  }

  /// Counts the bar as one more in the position.
  mutating func age() { position?.bars += 1 }

  /// Takes the signals of one bar, which are known at its close.
  mutating func hear(_ signals: ArraySlice<Signal>) {
    orders.hear(signals, holding: position?.side, plan: plan.side)
  }

  /// The close: marks the position, works out what the plan asks at closes, and fills what fills at a close. The bar's
  /// signals are heard before.
  mutating func close(_ prices: BarPrices, bar: Int, time: Instant, purse: inout Purse) {
    (lastBar, lastClose) = (bar, prices.close)
    mark(at: prices.close, time, &purse)
    if asksAtCloses { ask() }
    let ends = sessions.isFlat && sessions.closes()
    guard prices.close > 0 else { return }
    if fill == .close {
      if let reason = orders.leave { leave(at: prices.close, prices, time, reason, &purse) }
      leaveIfAged(at: prices.close, prices, time, &purse)
    }
    if ends { leave(at: prices.close, prices, time, .flat, &purse) }
    if fill == .close {
      takeOrders(at: prices.close, prices, time, &purse)
      // What just filled at a slipped price is worth the close.
      mark(at: prices.close, time, &purse)
    }
    if ends { resting = nil }
  }

  /// Whether nothing can happen before the next signal. A short may have to be bought back, and pays for what it borrows.
  var isQuiet: Bool { isPlain && orders.isEmpty && resting == nil && position?.side != .short }

  /// Passes so many closes, of which the last is given, while nothing can happen.
  mutating func rest(closes: Int, bar: Int, close: Double, time: Instant, purse: inout Purse) {
    (lastBar, lastClose, lastTime) = (bar, close, time)
    position?.bars += closes
    mark(at: close, time, &purse)
  }

  /// Lists what is still held, marked at the last close: no fill, so neither fee nor slippage.
  mutating func end() {
    guard var position else { return }
    trades.append(position.exit(position.quantity, at: lastClose, time: lastTime, fee: 0, .end))
  }

  /// What is held at the last close, below nothing where it is short.
  var worth: Double { position?.mark ?? 0 }

  mutating func nextID() -> Int {
    lastID += 1
    return lastID
  }

  /// What was held at the close before gets it, whatever the open brings.
  private mutating func takeDividend(_ cash: Double, _ purse: inout Purse) {
    exDividend = cash
    guard cash > 0, var position else { return }
    let before = position.mark
    purse.pay(-position.takeDividend(cash))
    purse.mark(before, to: position.mark)
    self.position = position
  }

  private mutating func mark(at close: Double, _ time: Instant, _ purse: inout Purse) {
    guard let before = position?.mark else { return }
    position?.borrow(at: close, to: time, costs)
    let now = position?.worth(at: close) ?? 0
    position?.mark = now
    purse.mark(before, to: now)
  }

  /// Exits and entries that wait for this fill.
  private mutating func takeOrders(at price: Double, _ prices: BarPrices, _ time: Instant, _ purse: inout Purse) {
    defer { orders = Orders() }
    if orders.adds { addUnit(at: price, prices, time, &purse) }
    if let side = resting?.entry.side, orders.cancels(side) { resting = nil }
    guard let entry = orders.entry else { return }
    resting = nil
    guard position == nil else { return }
    if plan.entry == .market {
      enter(entry, at: price, isMarket: true, prices, time, &purse)
    } else {
      resting = restingOrder(for: entry, time)
    }
  }
}
