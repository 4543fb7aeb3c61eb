import Trading

extension Broker {
  /// Sells (or buys back) what a position is worth beyond a value; less than a billionth of the account is a rounding
  /// error and stays.
  mutating func cut(to value: Double, _ prices: BarPrices, _ time: Instant, _ purse: inout Purse) {
    guard let position, prices.open > 0 else { return }
    let excess = position.quantity - value / lastMark(of: position)
    guard excess * prices.open > purse.equity * 1e-9 else { return }
    leave(excess, at: prices.open, isMarket: true, prices, time, .rebalance, &purse)
  }

  /// Buys (or sells short) what a position lacks of a value, as far as the money goes.
  mutating func topUp(to value: Double, _ prices: BarPrices, _ time: Instant, _ purse: inout Purse) {
    guard var position, prices.open > 0 else { return }
    let lack = value / lastMark(of: position) - position.quantity
    guard lack * prices.open > purse.equity * 1e-9 else { return }
    let price = costs.slipped(prices.open, buying: position.side == .long, in: prices)
    guard let fill = fill(of: lack, at: price, time, purse) else { return }
    let before = position.mark
    position.borrow(at: lastClose, to: time, costs)
    position.topUp(fill)
    pay(fill, side: position.side, &purse)
    purse.mark(before, to: position.mark)
    self.position = position
  }

  /// The price by which it is marked: the last close less what the bar paid since, or its fill where there has been no
  /// close.
  private func lastMark(of position: Position) -> Double {
    position.bars > 0 ? lastClose - exDividend : position.lastFill
  }
}
