import Trading

/// What is held of one symbol, and what it was entered at.
struct Position {
  let id: Int
  let side: Trade.Side
  let entryTime: Instant
  /// The bar of the signal that it answers to.
  let signal: Int
  /// The quantity of the first fill; each further unit has as much.
  let unit: Double
  /// The mean price of what was filled.
  private(set) var price: Double
  private(set) var lastFill: Double
  private(set) var units = 1
  /// All that was ever filled, and what it cost without fees.
  private(set) var entered: Double
  private(set) var cost: Double
  /// What is left of it, with the entry fees, the borrow cost and the reserve that go with it.
  private(set) var quantity: Double
  private(set) var fees: Double
  private(set) var borrow = 0.0
  /// Of what is left, dividends so far; a short owes them, as it owes for borrowing.
  private(set) var dividends = 0.0
  private(set) var reserve: Double
  private var borrowedTo: Instant
  /// Profit of what was left so far.
  private(set) var realised = 0.0
  /// What it was worth at the last close, or at the fill; below nothing where it is short.
  var mark: Double
  /// The price of the stop; without one, a price that nothing reaches.
  var stop: Double
  var targetsTaken = 0
  /// Closes seen in the position; missing bars have none.
  var bars = 0
  /// Since the entry.
  private(set) var high: Double
  private(set) var low: Double

  init(_ fill: Fill, id: Int, side: Trade.Side, signal: Int) {
    self.id = id
    self.side = side
    self.entryTime = fill.time
    self.signal = signal
    unit = fill.quantity
    price = fill.price
    lastFill = fill.price
    entered = fill.quantity
    cost = fill.value
    quantity = fill.quantity
    fees = fill.fee
    borrowedTo = fill.time
    reserve = side == .short ? 2 * fill.value : 0
    mark = side.sign * fill.value
    stop = -side.sign * .infinity
    high = fill.price
    low = fill.price
  }

  /// A further unit.
  mutating func add(_ fill: Fill) {
    price = (quantity * price + fill.value) / (quantity + fill.quantity)
    lastFill = fill.price
    units += 1
    entered += fill.quantity
    cost += fill.value
    quantity += fill.quantity
    fees += fill.fee
    mark += side.sign * fill.value
    if side == .short { reserve += 2 * fill.value }
    high = max(high, fill.price)
    low = min(low, fill.price)
  }

  /// More of the same, which is no unit of the plan and no fill that its stops are measured from.
  mutating func topUp(_ fill: Fill) {
    let (before, units) = (lastFill, units)
    add(fill)
    (lastFill, self.units) = (before, units)
  }

  /// What it is worth at a price, borrow cost taken off.
  func worth(at price: Double) -> Double { side.sign * quantity * price - borrow }

  func stopIsReached(by price: Double) -> Bool { side.sign * (price - stop) <= 0 }

  mutating func see(_ bar: BarPrices) {
    high = max(high, bar.high)
    low = min(low, bar.low)
  }

  /// The borrow cost runs up to a moment.
  mutating func borrow(at price: Double, to time: Instant, _ costs: Costs) {
    guard side == .short, costs.borrowRate > 0 else { return }
    borrow += costs.borrow(quantity * price, milliseconds: time.milliseconds - borrowedTo.milliseconds)
    borrowedTo = time
  }

  /// Gives the cash that a dividend brings, by which the mark falls until the next close. A short owes it until it is
  /// bought back, when there is money set aside.
  mutating func takeDividend(_ cash: Double) -> Double {
    let amount = side.sign * quantity * cash
    dividends += amount
    guard side == .short else {
      mark -= amount
      return amount
    }
    borrow -= amount
    return 0
  }

  /// Takes an exit's share out of the position and gives its row. `fee` is that of the exit.
  mutating func exit(
    _ quantity: Double, at price: Double, time: Instant, fee: Double, _ reason: Trade.ExitReason
  ) -> Trade {
    let part = quantity / self.quantity
    let own = (fees: fees * part, borrow: borrow * part, dividends: dividends * part)
    // What a short owes of dividends is no fee.
    let fees = own.fees + fee + own.borrow + min(own.dividends, 0)
    let pnl = side.sign * quantity * (price - self.price) - fees + own.dividends
    self.fees -= own.fees
    borrow -= own.borrow
    dividends -= own.dividends
    reserve -= reserve * part
    mark -= mark * part
    self.quantity -= quantity
    realised += pnl
    return Trade(
      positionID: id, side: side, entryTime: entryTime, entryPrice: self.price, exitTime: time, exitPrice: price,
      quantity: quantity, fees: fees, pnl: pnl, return: pnl / (quantity * self.price), exitReason: reason,
      dividends: own.dividends)
  }
}

/// A quantity at a price.
struct Fill {
  var quantity: Double
  var price: Double
  var fee: Double
  var time: Instant

  /// Without its fee.
  var value: Double { quantity * price }
}

extension Trade.Side {
  /// +1 for long, −1 for short.
  var sign: Double { self == .long ? 1 : -1 }
}
