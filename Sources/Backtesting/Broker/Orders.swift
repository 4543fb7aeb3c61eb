import Pipelines
import Trading

/// What is to be done at the next fill. Exits come before entries.
struct Orders {
  /// A call to enter, and the bar at whose close it was made.
  struct Entry {
    var side: Trade.Side
    var signal: Int
  }

  /// Why the position that is held is to be left.
  var leave: Trade.ExitReason?
  /// Enter on this side, unless it is held already.
  var entry: Entry?
  /// Add a unit to what is held.
  var adds = false
  /// What rests on these sides is cancelled.
  private(set) var cancelsLong = false
  private(set) var cancelsShort = false

  /// Nothing waits for a fill.
  var isEmpty: Bool { leave == nil && entry == nil && !adds }

  func cancels(_ side: Trade.Side) -> Bool { side == .long ? cancelsLong : cancelsShort }

  /// Adds what one bar's signals call for. Where bars are missing, orders of several bars wait for one fill, and a later
  /// bar's word stands over an earlier one's.
  mutating func hear(_ signals: ArraySlice<Signal>, holding held: Trade.Side?, plan: TradePlan.Side) {
    var left: Trade.Side?
    for signal in signals {
      switch signal.direction {
      case .exitLong: exit(.long, holding: held, left: &left)
      case .exitShort: exit(.short, holding: held, left: &left)
      case .buy where plan == .short: exit(.short, holding: held, left: &left)
      case .sell where plan == .long: exit(.long, holding: held, left: &left)
      case .buy: enter(.long, at: signal.bar, holding: held, left: left)
      case .sell: enter(.short, at: signal.bar, holding: held, left: left)
      }
    }
  }

  private mutating func exit(_ side: Trade.Side, holding held: Trade.Side?, left: inout Trade.Side?) {
    if entry?.side == side { entry = nil }
    if side == .long { cancelsLong = true } else { cancelsShort = true }
    guard held == side else { return }
    leave = .signal
    left = side
  }

  private mutating func enter(
    _ side: Trade.Side, at bar: Int, holding held: Trade.Side?, left: Trade.Side?
  ) {
    entry = Entry(side: side, signal: bar)
    // Held on this side already: an earlier bar's exit is overruled, an exit of this very bar is not.
    leave = held != nil && (held != side || left == side) ? .signal : nil
  }
}

/// An order at a price that waits for the market to come to it.
struct RestingOrder {
  var entry: Orders.Entry
  var price: Double
  /// A stop order waits for a worse price than the market's, a limit order for a better one.
  var isStop: Bool
  /// Bars that it is still valid for.
  var barsLeft: Int
  /// It is no longer valid on bars that open at or after this.
  var end: Instant?
  /// It is valid on bars of this date alone.
  var day: Int?

  /// Whether the market comes to its price by rising: a buy stop, or a sell limit.
  var waitsAbove: Bool { isStop == (entry.side == .long) }

  func isReached(by price: Double) -> Bool { waitsAbove ? price >= self.price : price <= self.price }

  /// What is known to come after a fill inside a bar: the side on which the order waited, and the close.
  func rest(of bar: BarPrices) -> BarPrices {
    waitsAbove
      ? BarPrices(open: price, high: bar.high, low: min(price, bar.close), close: bar.close)
      : BarPrices(open: price, high: max(price, bar.close), low: bar.low, close: bar.close)
  }
}
