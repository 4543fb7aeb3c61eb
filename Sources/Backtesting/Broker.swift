import Pipelines
import Trading

/// Trades one symbol with the money of an account: holds one position at most and writes down each exit.
///
/// Of a bar it is told the open (exits, then entries), what happens inside, the signals of the close, and the close.
struct Broker {
  let plan: TradePlan
  let fill: BacktestOptions.Fill
  let feeRate: Double
  let slippage: Double
  /// The share of the account that the plan's sizes speak of.
  var share = 1.0
  private(set) var position: Position?
  private(set) var trades: [Trade] = []
  private var orders = Orders()
  private var lastClose = Double.nan
  private var lastTime = Instant(milliseconds: 0)
  private var lastID = 0

  init(plan: TradePlan, options: BacktestOptions) {
    self.plan = plan
    self.fill = options.fill
    self.feeRate = options.feeRate
    self.slippage = options.slippage
  }

  /// What is held at the last close, below nothing where it is short.
  var worth: Double {
    guard let position else { return 0 }
    return position.side.sign * position.quantity * lastClose
  }

  /// The open: waiting exits fill, stops and targets that the open has jumped over, then waiting entries.
  mutating func open(_ prices: BarPrices, bar: Int, time: Instant, purse: inout Purse) {
    leaveAtOpen(prices, bar: bar, time: time, purse: &purse)
    enterAtOpen(prices, bar: bar, time: time, purse: &purse)
  }

  /// The exits of the open alone; brokers that share a purse leave before any of them enters.
  mutating func leaveAtOpen(_ prices: BarPrices, bar: Int, time: Instant, purse: inout Purse) {
    lastTime = time
    let fillsNow = fill == .nextOpen && prices.open > 0
    if fillsNow, orders.leave { leave(at: prices.open, time: time, .signal, &purse) }
    if let position {
      if position.stopIsReached(by: prices.open) { leave(at: prices.open, time: time, .stop, &purse) }
      takeTargets(reachedBy: prices.open, time: time, purse: &purse) { _ in prices.open }
    }
    if fillsNow { leaveIfAged(at: prices.open, time: time, &purse) }
  }

  /// The entries of the open.
  mutating func enterAtOpen(_ prices: BarPrices, bar: Int, time: Instant, purse: inout Purse) {
    guard fill == .nextOpen, prices.open > 0 else { return }
    enter(at: prices.open, time: time, &purse)
    orders = Orders()
  }

  /// Between open and close: what came first inside a bar is not known, so the stop is taken first.
  mutating func trade(inside prices: BarPrices, bar: Int, time: Instant, purse: inout Purse) {
    guard let position else { return }
    let (against, withUs) = position.side == .long ? (prices.low, prices.high) : (prices.high, prices.low)
    if position.stopIsReached(by: against) {
      // An entry that slipped past its own stop finds the open worse than the stop.
      let price = position.side == .long ? min(prices.open, position.stop) : max(prices.open, position.stop)
      leave(at: price, time: time, .stop, &purse)
    } else {
      takeTargets(reachedBy: withUs, time: time, purse: &purse) { $0 }
    }
  }

  /// Takes the signals of one bar, which are known at its close.
  mutating func hear(_ signals: ArraySlice<Signal>) {
    orders.hear(signals, holding: position?.side, plan: plan.side)
  }

  /// The close: marks the position, and fills what fills at a close. Its signals are heard before.
  mutating func close(_ prices: BarPrices, bar: Int, time: Instant, purse: inout Purse) {
    mark(prices.close, &purse)
    guard fill == .close, prices.close > 0 else { return }
    if orders.leave { leave(at: prices.close, time: time, .signal, &purse) }
    leaveIfAged(at: prices.close, time: time, &purse)
    enter(at: prices.close, time: time, &purse)
    orders = Orders()
    mark(prices.close, &purse)
  }

  /// Counts the bar as one more in the position.
  mutating func age() { position?.bars += 1 }

  /// Lists what is still held, marked at the last close: no fill, so neither fee nor slippage.
  mutating func end() {
    guard let position else { return }
    trades.append(position.exit(of: position.quantity, at: lastClose, time: lastTime, fee: 0, .end))
  }

  private mutating func mark(_ close: Double, _ purse: inout Purse) {
    let before = position?.mark ?? 0
    lastClose = close
    let now = worth
    position?.mark = now
    purse.held = purse.held - before + now
  }

  private mutating func enter(at price: Double, time: Instant, _ purse: inout Purse) {
    // Without money there is no quantity; with a position of this side the order has nothing to do.
    guard let side = orders.entry, position == nil, purse.free > 0, case .equity(let size) = plan.size else { return }
    let price = slipped(price, buying: side == .long)
    let quantity = min(purse.equity * share * size, purse.free) / (price * (1 + feeRate))
    let fee = quantity * price * feeRate
    // All of the cash spent may leave a rounding error below nothing.
    purse.cash = max(0, purse.cash - side.sign * quantity * price - fee)
    let mark = side.sign * quantity * price
    purse.held += mark
    lastID += 1
    position = Position(
      id: lastID, side: side, time: time, price: price, quantity: quantity, fee: fee, stop: plan.firstStop)
    position?.mark = mark
  }

  private mutating func leaveIfAged(at price: Double, time: Instant, _ purse: inout Purse) {
    guard let maxBars = plan.maxBars, let position, position.bars >= maxBars else { return }
    leave(at: price, time: time, .maxBars, &purse)
  }

  private mutating func takeTargets(
    reachedBy reached: Double, time: Instant, purse: inout Purse, price: (Double) -> Double
  ) {
    while let position, position.targetsTaken < plan.targets.count {
      let target = plan.targets[position.targetsTaken]
      guard case .fraction(let at) = target.at else { return }
      let level = position.price(at: at)
      guard position.side.sign * (reached - level) >= 0 else { return }
      self.position?.targetsTaken += 1
      leave(position.entryQuantity * target.close, at: price(level), time: time, .target, &purse)
    }
  }

  private mutating func leave(
    at price: Double, time: Instant, _ reason: Trade.ExitReason, _ purse: inout Purse
  ) { leave(.infinity, at: price, time: time, reason, &purse) }

  private mutating func leave(
    _ quantity: Double, at price: Double, time: Instant, _ reason: Trade.ExitReason, _ purse: inout Purse
  ) {
    guard let position else { return }
    // What a rounding error would leave behind goes with the rest.
    let isAll = quantity >= position.quantity - position.entryQuantity * 1e-12
    let quantity = isAll ? position.quantity : quantity
    let price = slipped(price, buying: position.side == .short)
    let fee = quantity * price * feeRate
    purse.cash += position.side.sign * quantity * price - fee
    trades.append(position.exit(of: quantity, at: price, time: time, fee: fee, reason))
    let kept = isAll ? 0 : position.mark * (1 - quantity / position.quantity)
    purse.held = purse.held - position.mark + kept
    self.position?.mark = kept
    if isAll { self.position = nil } else { self.position?.quantity -= quantity }
  }

  private func slipped(_ price: Double, buying: Bool) -> Double { price * (buying ? 1 + slippage : 1 - slippage) }
}

extension TradePlan {
  fileprivate var firstStop: Double? {
    for case .fraction(let stop, _) in stops { return stop }
    return nil
  }
}
