internal import PluginKit
internal import Trading

/// The quantity of an entry by the strategy's own sizing, over the account that the channel names.
struct IntentSize {
  struct Refusal: Error, Hashable { let reason: String }

  let quantity: Result<Double, Refusal>

  /// - Parameter price: the close of the signal's bar, at which an order at the market is reckoned.
  init(_ order: PlannedOrder, _ terms: OrderTerms, price: Double) {
    quantity = Result { () throws(Refusal) in try IntentSize.quantity(order, terms, price: order.price ?? price) }
  }

  private static func quantity(
    _ order: PlannedOrder, _ terms: OrderTerms, price: Double
  ) throws(Refusal) -> Double {
    guard price.isFinite, price > 0 else { throw Refusal(reason: "there is no price above 0 to reckon by") }
    func account() throws(Refusal) -> Double {
      guard let equity = terms.equity else {
        throw Refusal(reason: "its size is a share of the account, and the channel names no equity")
      }
      return equity
    }
    let wanted: Double
    switch order.size {
    // The default of a strategy that says nothing of size.
    case .equity(1): throw Refusal(reason: "the strategy says no size of its own (trade: { size: … })")
    case .equity(let share): wanted = try account() * share / price
    case .money(let money): wanted = money / price
    case .risk(let share, let distance?):
      let equity = try account()
      // Never more than there is, as in a backtest.
      wanted = min(equity * share / distance, equity / price)
    case .risk(_, nil): throw Refusal(reason: "the distance of its stop is not known before the fill")
    case .volatility: throw Refusal(reason: "its size by volatility is not known before the fill")
    case .kelly: throw Refusal(reason: "its size hangs on the record of its positions, which the receiver has")
    }
    let quantity = terms.rounded(wanted)
    guard quantity > 0 else { throw Refusal(reason: "its size is less than one step of \(terms.step.size)") }
    if let most = terms.mostWorth, quantity * price > most {
      throw Refusal(reason: "it would be worth more than max_value \(most)")
    }
    return quantity
  }
}

extension PlannedOrder {
  /// That of an entry that rests at one.
  var price: Double? {
    switch entry {
    case .nextOpen: nil
    case .stop(let price), .limit(let price): price
    }
  }
}
