import PluginKit
import Trading

extension TradeReader {
  private static let stopLimit = 8

  /// A share, a mapping, or a list of these.
  mutating func stops(_ value: YAMLValue?, _ scope: TradeTerms.Scope) -> [TradePlan.Stop] {
    guard let value else { return [] }
    guard let items = value.items else { return stop(value, scope).map { [$0] } ?? [] }
    if items.isEmpty { diagnostics.report(.outOfRange, at: value, "stop is empty: leave it out") }
    guard items.count <= TradeReader.stopLimit else {
      diagnostics.report(
        .tooLarge, at: value, "a plan has at most \(TradeReader.stopLimit) stops; found \(items.count)")
      return []
    }
    var stops: [TradePlan.Stop] = []
    for item in items {
      if let stop = stop(item, scope) { stops.append(stop) }
    }
    return stops
  }

  private mutating func stop(_ value: YAMLValue, _ scope: TradeTerms.Scope) -> TradePlan.Stop? {
    if value.entries == nil { return fraction(value, "stop", upTo: 0.99).map { .fraction($0, from: .entry) } }
    guard var reader = MappingReader(value, "stop", diagnostics) else { return nil }
    let chosen = choice(["at", "distance", "price", "trail", "when"], of: &reader, hint: "stop: { trail: 3% }")
    var stop: TradePlan.Stop?
    switch chosen?.name {
    case "at":
      let from = origin(&reader)
      stop = fraction(chosen?.value, "at", upTo: 0.99).map { .fraction($0, from: from) }
    case "distance":
      let from = origin(&reader)
      if let chosen, let term = distance(chosen.value, "distance", scope) { stop = .distance(term, from: from) }
    case "price":
      if let chosen, let term = terms.bind(chosen.value, as: .number, "price", scope) { stop = .price(term) }
    case "trail": stop = fraction(chosen?.value, "trail", upTo: 0.99).map { .trail($0) }
    case "when":
      if let chosen, let term = terms.bind(chosen.value, as: .condition, "when", scope) { stop = .when(term) }
    default: _ = reader.take("from")
    }
    reader.finish()
    return stop
  }

  private func origin(_ reader: inout MappingReader) -> TradePlan.Origin {
    let words = TradePlan.Origin.allCases.map(\.rawValue)
    return diagnostics.word(reader.take("from"), "from", of: words).flatMap { TradePlan.Origin(rawValue: $0) } ?? .entry
  }

  mutating func targets(_ value: YAMLValue?, _ scope: TradeTerms.Scope) -> [TradePlan.Target] {
    guard let value else { return [] }
    guard let items = value.items else {
      return fraction(value, "take_profit", upTo: 100).map { [.init(at: $0, close: 1)] } ?? []
    }
    var targets: [TradePlan.Target] = []
    var left = 1.0
    for item in items {
      guard var reader = MappingReader(item, "a target", diagnostics) else { continue }
      let at = level(&reader, scope)
      let given = reader.take("close")
      let close = given == nil ? left : fraction(given, "close", upTo: 1)
      reader.finish()
      guard let at, let close else { continue }
      if case .fraction(let last)? = targets.last?.at, case .fraction(let share) = at, share <= last {
        diagnostics.report(
          .outOfRange, at: item,
          "targets ascend: \(Figure(share * 100))% does not lie beyond \(Figure(last * 100))%")
      } else if close <= 0 {
        diagnostics.report(
          .outOfRange, at: item, "nothing is left for this target: those before it close the whole position",
          hint: "say what each closes: { at: 10%, close: 50% }")
      }
      if close > left + 1e-12 {
        diagnostics.report(.outOfRange, at: given ?? item, "the targets close more than the whole position")
      }
      left = max(0, left - close)
      targets.append(.init(at: at, close: close))
    }
    return targets
  }

  private mutating func level(_ reader: inout MappingReader, _ scope: TradeTerms.Scope) -> TradePlan.Level? {
    // A target that says nothing else is missing its share.
    let others = ["distance", "price"].compactMap { reader.entry($0) }
    guard let other = others.first else { return fraction(reader.require("at"), "at", upTo: 100).map { .fraction($0) } }
    if others.count > 1 || reader.entry("at") != nil {
      diagnostics.report(
        .conflictingKeys, at: other.key, "a target has one of at, distance, price, not several")
      return nil
    }
    if other.name == "distance" { return distance(other.value, "distance", scope).map { .distance($0) } }
    return terms.bind(other.value, as: .number, "price", scope).map { .price($0) }
  }
}
