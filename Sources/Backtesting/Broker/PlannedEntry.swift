public import Pipelines
public import Trading

extension TradePlan {
  /// What a signal enters, worked out by the broker's own rules as they stand at the signal's close: a fill at the next
  /// open, or an order that rests at its price. Nil where the signal enters nothing, where the order has no price, and
  /// where the strategy says nothing of trading.
  ///
  /// An order at a price may fill at any later bar, and by then its stop and size may be others: of those only what
  /// does not change is given.
  ///
  /// - Parameter values: of the columns that the plan reads, at the signal's bar.
  public func order(for direction: Direction, values: [Double]) -> PlannedOrder? {
    guard isTraded, self != TradePlan(), let side = entrySide(of: direction) else { return nil }
    let read = PlanValues(columns: values.map { [$0] }, bar: 0, signal: 0) { $0 == .side ? side.sign : .nan }
    var order = PlannedOrder(isLong: side == .long, entry: .nextOpen, size: .equity(1))
    if let resting = entry.resting {
      guard let price = read.entryPrice(resting.price) else { return nil }
      order.entry = resting.isStop ? .stop(price) : .limit(price)
      order.expiry = resting.expiry.map(PlannedOrder.Expiry.init)
    }
    let isMarket = entry == .market
    func known(_ expression: TradeExpression) -> Double? {
      guard isMarket || !expression.moves else { return nil }
      let value = read.value(expression)
      return value.isFinite ? value : nil
    }
    order.stops = stops.compactMap { stop in
      switch stop {
      case .fraction(let share, _): .fraction(share)
      case .distance(let distance, _): known(distance).map { .distance($0) }
      case .price(let price): known(price).map { .price($0) }
      case .trail(let share): .trail(share)
      case .when: nil
      }
    }
    order.targets = targets.compactMap { target in
      let level: PlannedOrder.Target.Level? =
        switch target.at {
        case .fraction(let share): .fraction(share)
        case .distance(let distance): known(distance).map { .distance($0) }
        case .price(let price): known(price).map { .price($0) }
        }
      return level.map { PlannedOrder.Target(at: $0, close: target.close) }
    }
    order.size =
      switch size {
      case .equity(let share): .equity(share)
      case .fixed(let money): .money(money)
      case .risk(let share, let distance): .risk(share, distance: known(distance).flatMap { $0 > 0 ? $0 : nil })
      case .volatility(let target, _, _): .volatility(target)
      case .kelly(let kelly): .kelly(kelly.fraction)
      }
    return order
  }

  /// The call whose position a signal ends; nil where it ends none, or where the strategy says nothing of trading.
  public func ended(by direction: Direction) -> Direction? {
    switch direction {
    case .exitLong: .buy
    case .exitShort: .sell
    case .sell where isTraded && self != TradePlan() && side != .short: .buy
    case .buy where isTraded && self != TradePlan() && side != .long: .sell
    case .buy, .sell: nil
    }
  }

  /// Whether positions end otherwise than by a signal: by stops, targets or time.
  public var hasOwnExits: Bool { !stops.isEmpty || !targets.isEmpty || maxBars != nil || flat != nil }

  private func entrySide(of direction: Direction) -> Trade.Side? {
    switch direction {
    case .buy where side != .short: .long
    case .sell where side != .long: .short
    case .buy, .sell, .exitLong, .exitShort: nil
    }
  }
}

extension TradePlan.Entry {
  /// The price of an order that waits, and how long it does; nil for one that does not.
  var resting: (price: TradeExpression, expiry: TradePlan.Expiry?, isStop: Bool)? {
    switch self {
    case .market: nil
    case .stop(let price, let expires): (price, expires, true)
    case .limit(let price, let expires): (price, expires, false)
    }
  }
}

extension PlanValues {
  /// The price of an order that waits; nil where there is none.
  func entryPrice(_ expression: TradeExpression) -> Double? {
    let price = value(expression)
    return price > 0 && price.isFinite ? price : nil
  }
}

extension PlannedOrder.Expiry {
  fileprivate init(_ expiry: TradePlan.Expiry) {
    switch expiry {
    case .bars(let bars): self = .bars(bars)
    case .duration(let length): self = .length(length)
    case .session: self = .session
    }
  }
}
