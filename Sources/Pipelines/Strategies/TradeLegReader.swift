import PluginKit

extension TradeReader {
  /// What one unit of a position of several symbols is made of: a weight for each role of the groups.
  mutating func legs(_ entry: YAMLValue.Entry?) -> [TradePlan.Leg] {
    guard let entry, var reader = MappingReader(entry.value, "legs", at: entry.key, diagnostics) else { return [] }
    guard !binder.roles.isEmpty else {
      diagnostics.report(
        .missingInput, at: entry.key, "legs are symbols that are traded together, and there are no groups",
        hint: "instead of symbols: groups: [{ a: GC=F, b: SI=F }]")
      return []
    }
    var legs: [TradePlan.Leg] = []
    for role in binder.roles {
      guard let value = reader.require(role, hint: "a weight for each role: \(role): 1, or -1 for what is sold") else {
        continue
      }
      guard let weight = terms.bind(value, as: .number, "the weight of \(role)", .signal) else { continue }
      if case .number(0) = weight {
        diagnostics.report(.outOfRange, at: value, "a weight is not 0: leave the role out of the groups")
      }
      legs.append(TradePlan.Leg(role: role, weight: weight))
    }
    reader.finish()
    return legs
  }

  /// What a position of several symbols cannot have: its legs' bars are apart, so nothing is known inside a bar.
  func checkLegs(_ plan: TradePlan, _ trade: YAMLValue) {
    func refuse(_ key: String, _ message: String, hint: String) {
      guard let entry = trade.entries?.first(where: { $0.name == key }) else { return }
      diagnostics.report(.conflictingKeys, at: entry.key, message, hint: hint)
    }
    if plan.entry != .market {
      refuse("entry", "legs are entered at the market: they have no one price to wait for", hint: "leave out entry")
    }
    if plan.addition != nil { refuse("add", "to legs nothing is added", hint: "leave out add") }
    if plan.stops.contains(where: { !$0.suitsLegs }) || plan.targets.contains(where: { !$0.at.suitsLegs }) {
      let key = plan.stops.contains(where: { !$0.suitsLegs }) ? "stop" : "take_profit"
      refuse(
        key, "legs have no one price: their \(key) is a share of what they cost",
        hint: key == "stop" ? "stop: 5%, or { when: position.return < -5% }" : "take_profit: 5%")
    }
    switch plan.size {
    case .equity, .fixed, .kelly: break
    case .risk, .volatility:
      refuse("size", "legs are sized by equity, fixed or kelly", hint: "size: { equity: 50% }")
    }
  }
}

extension TradePlan.Stop {
  fileprivate var suitsLegs: Bool {
    switch self {
    case .fraction(_, let from): from == .entry
    case .when: true
    case .distance, .price, .trail: false
    }
  }
}

extension TradePlan.Level {
  fileprivate var suitsLegs: Bool { if case .fraction = self { true } else { false } }
}
