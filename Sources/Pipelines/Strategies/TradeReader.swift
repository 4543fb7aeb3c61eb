import PluginKit

/// Reads `trade:`, how a strategy's signals are traded.
enum TradeReader {
  static func read(_ entry: YAMLValue.Entry?, _ diagnostics: Diagnostics) -> TradePlan {
    var plan = TradePlan()
    guard let entry, var reader = MappingReader(entry.value, "trade", at: entry.key, diagnostics) else { return plan }
    let sides = TradePlan.Side.allCases.map(\.rawValue)
    if let word = diagnostics.word(reader.take("side"), "side", of: sides) {
      plan.side = TradePlan.Side(rawValue: word) ?? .long
    }
    if let size = size(reader.entry("size"), diagnostics) { plan.size = .equity(size) }
    if let stop = fraction(reader.take("stop"), "stop", upTo: 0.99, diagnostics) {
      plan.stops = [.fraction(stop, from: .entry)]
    }
    plan.targets = targets(reader.take("take_profit"), diagnostics)
    plan.maxBars = diagnostics.whole(reader.take("max_bars"), "max_bars", 1...100_000)
    reader.finish()
    return plan
  }

  private static func size(_ entry: YAMLValue.Entry?, _ diagnostics: Diagnostics) -> Double? {
    guard let entry, var reader = MappingReader(entry.value, "size", at: entry.key, diagnostics) else { return nil }
    let share = fraction(reader.require("equity"), "equity", upTo: 1, diagnostics)
    reader.finish()
    return share
  }

  private static func targets(_ value: YAMLValue?, _ diagnostics: Diagnostics) -> [TradePlan.Target] {
    guard let value else { return [] }
    guard let items = value.items else {
      return fraction(value, "take_profit", upTo: 100, diagnostics).map { [.init(at: $0, close: 1)] } ?? []
    }
    var targets: [TradePlan.Target] = []
    var left = 1.0
    for item in items {
      guard var reader = MappingReader(item, "a target", diagnostics) else { continue }
      let at = fraction(reader.require("at"), "at", upTo: 100, diagnostics)
      let given = reader.take("close")
      let close = given == nil ? left : fraction(given, "close", upTo: 1, diagnostics)
      reader.finish()
      guard let at, let close else { continue }
      if case .fraction(let last) = targets.last?.at, at <= last {
        diagnostics.report(
          .outOfRange, at: item,
          "targets ascend: \(Figure(at * 100))% does not lie beyond \(Figure(last * 100))%")
      }
      if close > left + 1e-12 {
        diagnostics.report(.outOfRange, at: given ?? item, "the targets close more than the whole position")
      }
      left = max(0, left - close)
      targets.append(.init(at: at, close: close))
    }
    return targets
  }

  /// A share above 0, as a percentage or a number.
  private static func fraction(
    _ value: YAMLValue?, _ what: String, upTo limit: Double, _ diagnostics: Diagnostics
  ) -> Double? {
    guard let value, let number = diagnostics.number(value, what, percent: true) else { return nil }
    if number > 0, number <= limit { return number }
    diagnostics.report(
      .outOfRange, at: value, "\(what) is a share above 0 % and up to \(Int(limit * 100)) %; found \(value.found)",
      hint: "write 8%")
    return nil
  }
}
