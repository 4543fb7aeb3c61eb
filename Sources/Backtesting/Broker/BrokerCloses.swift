import Pipelines
import Trading

extension Broker {
  /// What the plan asks at a close: where stops and targets lie now, whether to leave, to add, or to enter again.
  mutating func ask() {
    guard var position else { return enterAgain() }
    if levelsMove {
      setLevels(of: &position, anew: false)
      self.position = position
    }
    let values = values(of: position)
    let isLeft = plan.stops.contains { stop in
      if case .when(let condition) = stop { values.value(condition) == 1 } else { false }
    }
    if isLeft, orders.leave == nil {
      orders.leave = .stop
      // A call on the side that is held is no trade, so it is none where the stop ends it on the same bar.
      if orders.entry?.side == position.side { orders.entry = nil }
      if plan.reentry != .edge { stopped = position.side }
    }
    if let addition = plan.addition, orders.leave == nil, position.units < addition.units {
      orders.adds = values.value(addition.when) == 1
    }
  }

  /// After a stop, while the condition of its side stays true.
  private mutating func enterAgain() {
    guard case .whileTrue(let buy, let sell) = plan.reentry, let side = stopped, orders.entry == nil else { return }
    if orders.cancels(side) {
      stopped = nil
      return
    }
    let values = PlanValues(columns: columns, bar: lastBar, signal: lastBar)
    let (own, other) = side == .long ? (buy, sell) : (sell, buy)
    let truth = own.map { values.column($0, lastBar) } ?? 0
    if truth == 1, other.map({ values.column($0, lastBar) }) != 1 {
      orders.entry = Orders.Entry(side: side, signal: lastBar)
    } else if truth == 0 {
      stopped = nil
    }
  }

  private func values(of position: Position) -> PlanValues {
    let close = lastClose
    return PlanValues(columns: columns, bar: lastBar, signal: position.signal) { position.value($0, close: close) }
  }

  /// Works out the levels by the last close; a level without a value stays where it was.
  mutating func setLevels(of position: inout Position, anew: Bool) {
    let values = values(of: position)
    let sign = position.side.sign
    var nearest = -Double.infinity
    for (place, stop) in plan.stops.enumerated() {
      let level = stop.level(of: position, values)
      if anew || !level.isNaN { stopLevels[place] = level }
      if !stopLevels[place].isNaN { nearest = max(nearest, sign * stopLevels[place]) }
    }
    position.stop = sign * nearest
    for (place, target) in plan.targets.enumerated() {
      let level = target.at.level(of: position, values)
      if anew || !level.isNaN { targetLevels[place] = level }
    }
  }
}

extension TradePlan.Stop {
  /// Whether its level moves while nothing fills.
  var moves: Bool {
    switch self {
    case .fraction, .when: false
    case .trail: true
    case .distance(let expression, _), .price(let expression): expression.moves
    }
  }

  var isTested: Bool { if case .when = self { true } else { false } }

  /// The price at which it leaves; NaN where it has none.
  func level(of position: Position, _ values: PlanValues) -> Double {
    let sign = position.side.sign
    func from(_ origin: TradePlan.Origin) -> Double { origin == .entry ? position.price : position.lastFill }
    switch self {
    case .fraction(let share, let origin): return from(origin) * (1 - sign * share)
    case .distance(let distance, let origin): return from(origin) - sign * values.value(distance)
    case .price(let price): return values.value(price)
    case .trail(let share): return (sign > 0 ? position.high : position.low) * (1 - sign * share)
    case .when: return .nan
    }
  }
}

extension TradePlan.Level {
  var moves: Bool {
    switch self {
    case .fraction: false
    case .distance(let expression), .price(let expression): expression.moves
    }
  }

  /// The price at which it is taken; NaN where it has none.
  func level(of position: Position, _ values: PlanValues) -> Double {
    switch self {
    case .fraction(let share): position.price * (1 + position.side.sign * share)
    case .distance(let distance): position.price + position.side.sign * values.value(distance)
    case .price(let price): values.value(price)
    }
  }
}
