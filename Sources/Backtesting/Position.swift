import Trading

/// What is held, and what it was entered at.
struct Position {
  let id: Int
  let side: Trade.Side
  let entryTime: Instant
  let entryPrice: Double
  let entryQuantity: Double
  let entryFee: Double
  /// The price of the stop; without one, a price that nothing reaches.
  let stop: Double
  /// What is left of the quantity entered.
  var quantity: Double
  var targetsTaken = 0
  /// Closes seen in the position; missing bars have none.
  var bars = 0
  /// What it was worth at the last close, or at the fill; below nothing where it is short.
  var mark = 0.0

  init(id: Int, side: Trade.Side, time: Instant, price: Double, quantity: Double, fee: Double, stop: Double?) {
    self.id = id
    self.side = side
    self.entryTime = time
    self.entryPrice = price
    self.entryQuantity = quantity
    self.entryFee = fee
    self.stop = price * (1 - side.sign * (stop ?? .infinity))
    self.quantity = quantity
  }

  /// The price at a distance in the position's favour.
  func price(at distance: Double) -> Double { entryPrice * (1 + side.sign * distance) }

  func stopIsReached(by price: Double) -> Bool { side.sign * (price - stop) <= 0 }

  /// The row of an exit, with its share of the entry's fee.
  func exit(of quantity: Double, at price: Double, time: Instant, fee: Double, _ reason: Trade.ExitReason) -> Trade {
    let fees = entryFee * (quantity / entryQuantity) + fee
    let pnl = side.sign * quantity * (price - entryPrice) - fees
    return Trade(
      positionID: id, side: side, entryTime: entryTime, entryPrice: entryPrice, exitTime: time, exitPrice: price,
      quantity: quantity, fees: fees, pnl: pnl, return: pnl / (quantity * entryPrice), exitReason: reason)
  }
}

extension Trade.Side {
  /// +1 for long, −1 for short.
  var sign: Double { self == .long ? 1 : -1 }
}
