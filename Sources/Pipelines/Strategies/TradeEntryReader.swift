import PluginKit
import Trading

extension TradeReader {
  /// How a position is entered: `market`, or a mapping with `stop` or `limit`.
  mutating func entry(_ entry: YAMLValue.Entry?) -> TradePlan.Entry? {
    guard let entry else { return nil }
    if entry.value.entries == nil {
      if entry.value.text != "market" {
        diagnostics.report(
          .wrongType, at: entry.value, "entry is market, or a mapping with stop or limit; found \(entry.value.found)",
          hint: entry.value.text.flatMap { nearest($0, among: ["market"]) }.map { "did you mean \"\($0)\"?" }
            ?? "entry: { stop: \"highest(high, 20)\", expires: 1b }")
      }
      return nil
    }
    guard var reader = MappingReader(entry.value, "entry", at: entry.key, diagnostics) else { return nil }
    let chosen = choice(["stop", "limit"], of: &reader, hint: "entry: { stop: highest(high, 20) }")
    let expires = expiry(reader.take("expires"))
    reader.finish()
    guard let chosen, let price = terms.bind(chosen.value, as: .number, "entry.\(chosen.name)", .signal) else {
      return nil
    }
    return chosen.name == "stop" ? .stop(price, expires: expires) : .limit(price, expires: expires)
  }

  private func expiry(_ value: YAMLValue?) -> TradePlan.Expiry? {
    guard let value, let text = diagnostics.text(value, "expires") else { return nil }
    if text == "session" { return .session }
    if text.hasSuffix("b"), let bars = Int(text.dropLast()), (1...10_000).contains(bars) { return .bars(bars) }
    if let duration = Timeframe(text) { return .duration(duration) }
    diagnostics.report(
      .badTime, at: value, "expires \(value.found) is neither bars nor a duration",
      hint: "write 1b for one bar, 30m or 2d for a time, or session")
    return nil
  }

  /// How much an entry takes.
  mutating func size(_ entry: YAMLValue.Entry?) -> TradePlan.Size? {
    guard let entry, var reader = MappingReader(entry.value, "size", at: entry.key, diagnostics) else { return nil }
    let keys = ["equity", "fixed", "risk", "volatility", "kelly"]
    let chosen = choice(keys, of: &reader, hint: "size: { equity: 100% }")
    var size: TradePlan.Size?
    switch chosen?.name {
    case "equity": size = fraction(chosen?.value, "equity", upTo: 1).map { .equity($0) }
    case "fixed": size = amount(chosen?.value).map { .fixed($0) }
    case "risk":
      let risk = fraction(chosen?.value, "risk", upTo: 1)
      let given = reader.require("distance", hint: "distance: 2 * atr(20), which is to lose the risk")
      guard let given, let distance = self.distance(given, "distance", .signal) else { break }
      if let risk { size = .risk(risk, distance: distance) }
    case "volatility":
      let target = fraction(chosen?.value, "volatility", upTo: 10)
      let bars = whole(reader.take("bars"), "bars", 2...10_000) ?? 20
      if let target { size = .volatility(target, deviation: deviation(over: bars), bars: bars) }
    case "kelly": size = kelly(chosen?.value, &reader)
    default: break
    }
    reader.finish()
    return size
  }

  private func amount(_ value: YAMLValue?) -> Double? {
    guard let value, let number = diagnostics.number(value, "fixed") else { return nil }
    if number > 0, number <= 1e15 { return number }
    diagnostics.report(.outOfRange, at: value, "fixed is an amount of money above 0; found \(value.found)")
    return nil
  }

  /// The population deviation of the returns from close to close.
  private mutating func deviation(over bars: Int) -> Int {
    let change = Term.operation(
      .subtract, [.operation(.divide, [.close, Term.close.ago(1)]), .number(1)])
    let term = Term.indicator("stddev", change, with: ["period": Double(bars)])
    return terms.place(of: binder.graph.add(term, binder.registry))
  }

  private func kelly(_ value: YAMLValue?, _ reader: inout MappingReader) -> TradePlan.Size? {
    let fraction = self.fraction(value, "kelly", upTo: 1)
    var kelly = TradePlan.Kelly(fraction: fraction ?? 1)
    if let cap = self.fraction(reader.take("cap"), "cap", upTo: 1) { kelly.cap = cap }
    let floor = reader.take("floor")
    if let share = self.fraction(floor, "floor", upTo: 1) { kelly.floor = share }
    if let after = whole(reader.take("after"), "after", 2...100_000) { kelly.after = after }
    if let floor, kelly.floor > kelly.cap {
      diagnostics.report(
        .outOfRange, at: floor,
        "floor is at most cap: \(Figure(kelly.floor * 100))% lies above \(Figure(kelly.cap * 100))%")
    }
    return fraction == nil ? nil : .kelly(kelly)
  }
}
