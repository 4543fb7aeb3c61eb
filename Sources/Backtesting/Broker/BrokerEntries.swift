import Pipelines
import Trading

extension Broker {
  mutating func enter(
    _ entry: Orders.Entry, at price: Double, isMarket: Bool, _ prices: BarPrices, _ time: Instant,
    _ purse: inout Purse
  ) {
    // Without money there is no quantity; with a position of this side the order has nothing to do.
    guard position == nil, purse.free > 0, sessions.takesEntries else { return }
    let price = isMarket ? costs.slipped(price, buying: entry.side == .long, in: prices) : price
    let wanted = quantity(at: price, values(signal: entry.signal), purse)
    guard let fill = fill(of: wanted, at: price, time, purse) else { return }
    var position = Position(fill, id: nextID(), side: entry.side, signal: entry.signal)
    pay(fill, side: entry.side, &purse)
    purse.mark(0, to: position.mark)
    if !plan.stops.isEmpty || !plan.targets.isEmpty { setLevels(of: &position, anew: true) }
    self.position = position
    sessions.countEntry()
    stopped = nil
  }

  /// One more unit of the first one's quantity, as far as the money goes.
  mutating func addUnit(at price: Double, _ prices: BarPrices, _ time: Instant, _ purse: inout Purse) {
    guard var position else { return }
    let price = costs.slipped(price, buying: position.side == .long, in: prices)
    guard let fill = fill(of: position.unit, at: price, time, purse) else { return }
    let before = position.mark
    position.borrow(at: lastClose, to: time, costs)
    position.add(fill)
    pay(fill, side: position.side, &purse)
    purse.mark(before, to: position.mark)
    setLevels(of: &position, anew: false)
    self.position = position
  }

  /// As much of a quantity as the free money buys (or, short, secures) with its fee; nil where that is nothing.
  func fill(of wanted: Double, at price: Double, _ time: Instant, _ purse: Purse) -> Fill? {
    let quantity = min(wanted, costs.quantity(for: purse.free, at: price))
    guard quantity > 0, quantity.isFinite else { return nil }
    return Fill(quantity: quantity, price: price, fee: costs.fee(quantity, at: price), time: time)
  }

  func pay(_ fill: Fill, side: Trade.Side, _ purse: inout Purse) {
    purse.pay(side.sign * fill.value + fill.fee)
    if side == .short { purse.reserve(2 * fill.value) }
  }

  /// The quantity that the plan's size asks for.
  private func quantity(at price: Double, _ values: PlanValues, _ purse: Purse) -> Double {
    let equity = purse.equity * share
    func quantity(_ part: Double) -> Double { costs.quantity(for: min(equity * part, purse.free), at: price) }
    switch plan.size {
    case .equity(let part): return quantity(part)
    case .fixed(let money): return costs.quantity(for: min(money, purse.free), at: price)
    case .risk(let part, let distance):
      let distance = values.value(distance)
      return distance > 0 ? equity * part / distance : 0
    case .volatility(let target, let column, let bars):
      let deviation = values.column(column, values.bar)
      guard !deviation.isNaN else { return 0 }
      let yearly = deviation * (Double(bars) / Double(bars - 1) * periodsPerYear).squareRoot()
      return quantity(yearly > target ? target / yearly : 1)
    case .kelly(let kelly): return quantity(record.share(kelly))
    }
  }

  /// An entry that waits at its price, worked out at the signal; nil where the price is unknown.
  func restingOrder(for entry: Orders.Entry, _ time: Instant) -> RestingOrder? {
    guard let (expression, expiry, isStop) = plan.entry.resting else { return nil }
    let values = PlanValues(columns: columns, bar: entry.signal, signal: entry.signal)
    guard let price = values.entryPrice(expression) else { return nil }
    var order = RestingOrder(entry: entry, price: price, isStop: isStop, barsLeft: .max, end: nil)
    // With fills at the open an order is placed when the bar after the signal opens, else at the signal's close.
    let isAtOpen = fill == .nextOpen
    switch expiry {
    case .bars(let bars): order.barsLeft = bars
    case .duration(let duration):
      order.end = (isAtOpen ? time : time.advanced(by: length)).advanced(by: duration.milliseconds)
    case .session: order.day = (isAtOpen ? time : time.advanced(by: length)).day
    case nil: break
    }
    return order
  }

  func restingIsValid(_ order: RestingOrder, _ time: Instant) -> Bool {
    order.barsLeft > 0 && order.end.map { time < $0 } ?? true && order.day.map { time.day == $0 } ?? true
      && !sessions.isOver
  }

  func values(signal: Int) -> PlanValues { PlanValues(columns: columns, bar: lastBar, signal: signal) }
}
