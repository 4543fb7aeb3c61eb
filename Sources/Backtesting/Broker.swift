import Pipelines
import Trading

/// A cash account that holds one position at most and writes down each exit.
struct Broker {
  let plan: TradePlan
  let fill: BacktestOptions.Fill
  let feeRate: Double
  let slippage: Double
  private(set) var cash: Double
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
    self.cash = options.start
  }

  /// Cash and the position at the last close.
  var equity: Double {
    guard let position else { return cash }
    return cash + position.side.sign * position.quantity * lastClose
  }

  /// What is held at the last close as a share of equity, below nothing where it is short.
  var exposure: Double {
    guard let position, equity > 0 else { return 0 }
    return position.side.sign * position.quantity * lastClose / equity
  }

  /// The open: waiting orders fill, and stops and targets that the open has jumped over.
  mutating func open(_ prices: BarPrices, time: Instant) {
    lastTime = time
    let fillsNow = fill == .nextOpen && prices.open > 0
    if fillsNow, orders.leave { leave(at: prices.open, time: time, .signal) }
    if let position {
      if position.stopIsReached(by: prices.open) { leave(at: prices.open, time: time, .stop) }
      takeTargets(reachedBy: prices.open, time: time) { _ in prices.open }
    }
    if fillsNow {
      leaveIfAged(at: prices.open, time: time)
      enter(at: prices.open, time: time)
      orders = Orders()
    }
  }

  /// Between open and close: what came first inside a bar is not known, so the stop is taken first.
  mutating func trade(inside prices: BarPrices, time: Instant) {
    guard let position else { return }
    let (against, withUs) = position.side == .long ? (prices.low, prices.high) : (prices.high, prices.low)
    if position.stopIsReached(by: against) {
      // An entry that slipped past its own stop finds the open worse than the stop.
      let price = position.side == .long ? min(prices.open, position.stop) : max(prices.open, position.stop)
      leave(at: price, time: time, .stop)
    } else {
      takeTargets(reachedBy: withUs, time: time) { $0 }
    }
  }

  /// Counts the bar as one more in the position.
  mutating func age() { position?.bars += 1 }

  /// Takes the signals of one bar, which are known at its close.
  mutating func hear(_ signals: ArraySlice<Signal>) {
    orders.hear(signals, holding: position?.side, plan: plan.side)
  }

  /// The close: marks the position, and fills what fills at a close.
  mutating func close(_ prices: BarPrices, time: Instant) {
    lastClose = prices.close
    guard fill == .close, prices.close > 0 else { return }
    if orders.leave { leave(at: prices.close, time: time, .signal) }
    leaveIfAged(at: prices.close, time: time)
    enter(at: prices.close, time: time)
    orders = Orders()
  }

  /// Lists what is still held, marked at the last close: no fill, so neither fee nor slippage.
  mutating func end() {
    guard let position else { return }
    trades.append(position.exit(of: position.quantity, at: lastClose, time: lastTime, fee: 0, .end))
  }

  private mutating func enter(at price: Double, time: Instant) {
    // Without money there is no quantity; with a position of this side the order has nothing to do.
    guard let side = orders.entry, position == nil, cash > 0 else { return }
    let price = slipped(price, buying: side == .long)
    let quantity = cash * plan.size / (price * (1 + feeRate))
    let fee = quantity * price * feeRate
    let left = cash - side.sign * quantity * price - fee
    // All of the cash spent may leave a rounding error below nothing.
    cash = max(0, left)
    lastID += 1
    position = Position(
      id: lastID, side: side, time: time, price: price, quantity: quantity, fee: fee, stop: plan.stop)
  }

  private mutating func leaveIfAged(at price: Double, time: Instant) {
    guard let maxBars = plan.maxBars, let position, position.bars >= maxBars else { return }
    leave(at: price, time: time, .maxBars)
  }

  private mutating func takeTargets(reachedBy reached: Double, time: Instant, price: (Double) -> Double) {
    while let position, position.targetsTaken < plan.targets.count {
      let target = plan.targets[position.targetsTaken]
      let level = position.price(at: target.at)
      guard position.side.sign * (reached - level) >= 0 else { return }
      self.position?.targetsTaken += 1
      leave(position.entryQuantity * target.close, at: price(level), time: time, .target)
    }
  }

  private mutating func leave(at price: Double, time: Instant, _ reason: Trade.ExitReason) {
    leave(.infinity, at: price, time: time, reason)
  }

  private mutating func leave(_ quantity: Double, at price: Double, time: Instant, _ reason: Trade.ExitReason) {
    guard let position else { return }
    // What a rounding error would leave behind goes with the rest.
    let isAll = quantity >= position.quantity - position.entryQuantity * 1e-12
    let quantity = isAll ? position.quantity : quantity
    let price = slipped(price, buying: position.side == .short)
    let fee = quantity * price * feeRate
    cash += position.side.sign * quantity * price - fee
    trades.append(position.exit(of: quantity, at: price, time: time, fee: fee, reason))
    if isAll { self.position = nil } else { self.position?.quantity -= quantity }
  }

  private func slipped(_ price: Double, buying: Bool) -> Double { price * (buying ? 1 + slippage : 1 - slippage) }
}
