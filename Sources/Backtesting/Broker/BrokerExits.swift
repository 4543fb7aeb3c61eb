import Pipelines
import Trading

extension Broker {
  /// One bar, or what is left of it after a fill, under a position: stop first, then targets.
  mutating func live(_ prices: BarPrices, _ time: Instant, _ purse: inout Purse) {
    guard let side = position?.side else { return }
    position?.see(prices)
    let (against, withUs) = side == .long ? (prices.low, prices.high) : (prices.high, prices.low)
    // An entry that slipped past its own stop finds the open worse than the stop.
    let worse: (Double) -> Double = { side == .long ? min(prices.open, $0) : max(prices.open, $0) }
    leaveIfStopped(by: against, at: worse, prices, time, &purse)
    takeTargets(reachedBy: withUs, at: { $0 }, prices, time, &purse)
  }

  /// Leaves where a price has reached the stop, or where a short has eaten what there is to buy it back with.
  mutating func leaveIfStopped(
    by reached: Double, at price: (Double) -> Double, _ prices: BarPrices, _ time: Instant, _ purse: inout Purse
  ) {
    guard let position else { return }
    if position.side == .short {
      let limit = highestPrice(of: position, purse)
      if limit < position.stop {
        if reached >= limit { leave(at: price(limit), prices, time, .marginCall, &purse) }
        return
      }
    }
    guard position.stopIsReached(by: reached) else { return }
    leave(at: price(position.stop), prices, time, .stop, &purse)
    if plan.reentry != .edge { stopped = position.side }
  }

  /// Targets are limit orders: they fill at their price or better, without slippage.
  mutating func takeTargets(
    reachedBy reached: Double, at price: (Double) -> Double, _ prices: BarPrices, _ time: Instant,
    _ purse: inout Purse
  ) {
    while let position, position.targetsTaken < targetLevels.count {
      let level = targetLevels[position.targetsTaken]
      guard position.side.sign * (reached - level) >= 0 else { return }
      let target = plan.targets[position.targetsTaken]
      self.position?.targetsTaken += 1
      // The last of targets that close everything leaves nothing, whatever was added in between.
      let isRest = position.targetsTaken + 1 == targetLevels.count && plan.targetsCloseAll
      leave(
        isRest ? .infinity : position.entered * target.close, at: price(level), isMarket: false, prices, time, .target,
        &purse)
    }
  }

  mutating func leaveIfAged(at price: Double, _ prices: BarPrices, _ time: Instant, _ purse: inout Purse) {
    guard let maxBars = plan.maxBars, let position, position.bars >= maxBars else { return }
    leave(at: price, prices, time, .maxBars, &purse)
  }

  mutating func leave(
    at price: Double, _ prices: BarPrices, _ time: Instant, _ reason: Trade.ExitReason, _ purse: inout Purse
  ) { leave(.infinity, at: price, isMarket: true, prices, time, reason, &purse) }

  mutating func leave(
    _ quantity: Double, at price: Double, isMarket: Bool, _ prices: BarPrices, _ time: Instant,
    _ reason: Trade.ExitReason, _ purse: inout Purse
  ) {
    guard var position else { return }
    let before = position.mark
    position.borrow(at: lastClose.isNaN ? position.price : lastClose, to: time, costs)
    // What a rounding error would leave behind goes with the rest.
    let isAll = quantity >= position.quantity - position.entered * 1e-12
    let quantity = isAll ? position.quantity : quantity
    var price = isMarket ? costs.slipped(price, buying: position.side == .short, in: prices) : price
    var fee = costs.fee(quantity, at: price)
    let part = quantity / position.quantity
    if position.side == .short {
      // An account cannot lose more than it has: beyond that the loss is not its own.
      price = min(price, highestPrice(of: position, purse))
      let money = position.reserve * part + purse.free
      fee = min(costs.fee(quantity, at: price), max(0, money - quantity * price - position.borrow * part))
    } else {
      fee = min(fee, quantity * price + purse.free)
    }
    let borrow = position.borrow * part
    purse.reserve(-position.reserve * part)
    trades.append(position.exit(quantity, at: price, time: time, fee: fee, reason))
    purse.pay(-position.side.sign * quantity * price + fee + borrow)
    if isAll {
      purse.mark(before, to: 0)
      record.close(return: position.realised / position.cost)
      self.position = nil
    } else {
      purse.mark(before, to: position.mark)
      self.position = position
    }
  }

  /// The price at which buying a short back takes all the money there is.
  private func highestPrice(of position: Position, _ purse: Purse) -> Double {
    costs.highestPrice(of: position.quantity, for: max(0, position.reserve + purse.free - position.borrow))
  }
}

extension TradePlan {
  var targetsCloseAll: Bool { targets.reduce(0) { $0 + $1.close } >= 1 - 1e-9 }
}
