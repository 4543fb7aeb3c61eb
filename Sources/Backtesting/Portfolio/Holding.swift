import Trading

/// What is held of one symbol, bought at one or several times.
struct Holding {
  let id: Int
  let entryTime: Instant
  private(set) var quantity = 0.0
  /// What the quantity cost, without fees.
  private var cost = 0.0
  /// The fees of that.
  private var fees = 0.0
  /// Dividends that what is left has brought.
  private var dividends = 0.0

  init(id: Int, entryTime: Instant) {
    self.id = id
    self.entryTime = entryTime
  }

  mutating func buy(_ bought: Double, at price: Double, fee: Double) {
    quantity += bought
    cost += bought * price
    fees += fee
  }

  /// Gives the cash that a dividend brings.
  mutating func take(dividend: Double) -> Double {
    dividends += quantity * dividend
    return quantity * dividend
  }

  /// Sells some of it at its average price; what a rounding error would leave goes with the rest.
  mutating func sell(
    _ sold: Double, at price: Double, time: Instant, fee: Double, _ reason: Trade.ExitReason, symbol: String
  ) -> Trade {
    let isAll = sold >= quantity * (1 - 1e-12)
    let sold = isAll ? quantity : sold
    let share = isAll ? 1 : sold / quantity
    let (entryCost, entryFee, paidOut) = (cost * share, fees * share, dividends * share)
    quantity = isAll ? 0 : quantity - sold
    cost -= entryCost
    fees -= entryFee
    dividends -= paidOut
    let paid = entryFee + fee
    let profit = sold * price - entryCost - paid + paidOut
    return Trade(
      positionID: id, side: .long, entryTime: entryTime, entryPrice: entryCost / sold, exitTime: time, exitPrice: price,
      quantity: sold, fees: paid, pnl: profit, return: profit / entryCost, exitReason: reason, symbol: symbol,
      dividends: paidOut)
  }
}
