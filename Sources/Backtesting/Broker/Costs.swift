/// What trading costs: fees, slippage, and what borrowed shares cost while they are held.
struct Costs: Hashable, Sendable {
  /// The fee of a fill as a share of its value, in money a share, and at the least.
  var feeRate = 0.0
  var feePerShare = 0.0
  var feeMinimum = 0.0
  /// How far a fill stands against the trader, as a share of the price and as a share of the bar's range.
  var slippage = 0.0
  var slippageOfRange = 0.0
  /// Of a short's value, a year.
  var borrowRate = 0.0

  /// Milliseconds of a year of 365.25 days.
  static let year = 31_557_600_000.0

  func fee(_ quantity: Double, at price: Double) -> Double {
    max(quantity * price * feeRate + quantity * feePerShare, feeMinimum)
  }

  /// The quantity that costs this much money at a price, its fee included; 0 where the fee eats the money.
  func quantity(for money: Double, at price: Double) -> Double {
    let quantity = money / (price * (1 + feeRate) + feePerShare)
    guard feeMinimum > 0, fee(quantity, at: price) == feeMinimum else { return max(0, quantity) }
    return max(0, (money - feeMinimum) / price)
  }

  /// The price of a market or stop order.
  func slipped(_ price: Double, buying: Bool, in bar: BarPrices) -> Double {
    let slipped = price * (buying ? 1 + slippage : 1 - slippage)
    guard slippageOfRange > 0 else { return slipped }
    let range = max(0, bar.high - bar.low) * slippageOfRange
    // A sale always brings something, however wide the bar was.
    return buying ? slipped + range : max(slipped - range, slipped * 0.01)
  }

  /// The highest price at which so much money buys a quantity back, fee included.
  func highestPrice(of quantity: Double, for money: Double) -> Double {
    max(0, money / quantity - feePerShare) / (1 + feeRate)
  }

  /// What a short of that value owes for a stretch of time.
  func borrow(_ value: Double, milliseconds: Int64) -> Double {
    value * borrowRate * (Double(milliseconds) / Costs.year)
  }
}

extension BacktestOptions {
  var costs: Costs {
    Costs(
      feeRate: feeRate, feePerShare: feePerShare, feeMinimum: feeMinimum, slippage: slippage,
      slippageOfRange: slippageOfRange, borrowRate: borrowRate)
  }
}
