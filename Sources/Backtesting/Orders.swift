import Pipelines
import Trading

/// What is to be done at the next fill. Exits come before entries.
struct Orders {
  /// Leave the position that is held.
  var leave = false
  /// Enter on this side, unless it is held already.
  var entry: Trade.Side?

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
      case .buy: enter(.long, holding: held, left: left)
      case .sell: enter(.short, holding: held, left: left)
      }
    }
  }

  private mutating func exit(_ side: Trade.Side, holding held: Trade.Side?, left: inout Trade.Side?) {
    if entry == side { entry = nil }
    guard held == side else { return }
    leave = true
    left = side
  }

  private mutating func enter(_ side: Trade.Side, holding held: Trade.Side?, left: Trade.Side?) {
    entry = side
    // Held on this side already: an earlier bar's exit is overruled, an exit of this very bar is not.
    leave = held != nil && (held != side || left == side)
  }
}
