import PluginKit
import Trading

/// Reads `trade:`, how a strategy's signals are traded.
struct TradeReader {
  let binder: Binder
  /// Of the step that makes the signals; nil where it is faulty.
  let rule: SignalRule?
  var terms: TradeTerms

  init(binder: Binder, rule: SignalRule?) {
    self.binder = binder
    self.rule = rule
    terms = TradeTerms(binder: binder)
  }

  var diagnostics: Diagnostics { binder.diagnostics }

  mutating func read(_ entry: YAMLValue.Entry?) -> TradePlan {
    var plan = TradePlan()
    guard let entry, var reader = MappingReader(entry.value, "trade", at: entry.key, diagnostics) else { return plan }
    let sides = TradePlan.Side.allCases.map(\.rawValue)
    if let word = diagnostics.word(reader.take("side"), "side", of: sides) {
      plan.side = TradePlan.Side(rawValue: word) ?? .long
    }
    plan.legs = legs(reader.entry("legs"))
    if let how = self.entry(reader.entry("entry")) { plan.entry = how }
    if let size = size(reader.entry("size")) { plan.size = size }
    let scope: TradeTerms.Scope = plan.legs.isEmpty ? .position : .legs
    let stop = reader.entry("stop")
    plan.stops = stops(stop?.value, scope)
    plan.targets = targets(reader.take("take_profit"), scope)
    plan.addition = addition(reader.entry("add"), scope)
    plan.maxBars = whole(reader.take("max_bars"), "max_bars", 1...100_000)
    plan.entriesPerSession = entriesPerSession(reader.take("max_entries"))
    plan.flat = flat(reader.take("flat"))
    if let reentry = reader.entry("reenter") { plan.reentry = self.reentry(reentry, hasStop: stop != nil) }
    reader.finish()
    if !plan.legs.isEmpty { checkLegs(plan, entry.value) }
    plan.columns = terms.columns
    return plan
  }

  private func entriesPerSession(_ value: YAMLValue?) -> Int? {
    guard let value, let text = diagnostics.text(value, "max_entries") else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
    if parts.count == 2, parts[1] == "session", let count = Int(parts[0]), (1...1_000).contains(count) { return count }
    diagnostics.report(
      .wrongType, at: value, "max_entries is a number of entries of a session; found \(value.found)",
      hint: "write 1/session, up to 1000/session")
    return nil
  }

  /// Minutes before the session's close.
  private func flat(_ value: YAMLValue?) -> Int? {
    guard let value, let text = diagnostics.text(value, "flat") else { return nil }
    let words = text.filter { $0 != " " }
    if words == "session_close" { return 0 }
    if words.hasPrefix("session_close-") {
      let length = Timeframe(String(words.dropFirst("session_close-".count)))
      if let length, length.unit == .minute || length.unit == .hour, length.milliseconds < 86_400_000 {
        return Int(length.milliseconds / 60_000)
      }
    }
    diagnostics.report(
      .badTime, at: value, "flat is a time before the session's close; found \(value.found)",
      hint: "write session_close, or session_close - 5m (minutes or hours, below a day)")
    return nil
  }

  private mutating func reentry(_ entry: YAMLValue.Entry, hasStop: Bool) -> TradePlan.Reentry {
    guard let word = diagnostics.word(entry.value, "reenter", of: ["edge", "while_true"]) else { return .edge }
    if !hasStop {
      diagnostics.report(
        .notActedOn, at: entry.key, "reenter says what follows a stop, and there is none", hint: "add stop:")
    }
    guard word == "while_true", let rule else { return .edge }
    switch rule.calls {
    case .both(let buy, let sell): return .whileTrue(buy: terms.place(of: buy), sell: terms.place(of: sell))
    case .positions(let long, let short):
      return .whileTrue(buy: long.map { terms.place(of: $0.enter) }, sell: short.map { terms.place(of: $0.enter) })
    }
  }

  private mutating func addition(_ entry: YAMLValue.Entry?, _ scope: TradeTerms.Scope) -> TradePlan.Addition? {
    guard let entry, var reader = MappingReader(entry.value, "add", at: entry.key, diagnostics) else { return nil }
    let when = reader.require("when", hint: "when: close >= position.last_fill + 0.5 * entry(atr(20))")
    var condition: TradeExpression?
    if let when { condition = terms.bind(when, as: .condition, "add.when", scope) }
    let units = whole(reader.require("units", hint: "units: 4, the first one included"), "units", 2...1_000)
    reader.finish()
    guard let condition, let units else { return nil }
    return TradePlan.Addition(when: condition, units: units)
  }

  /// The one key of these that a mapping has; nil, and reported, where it has none or several.
  func choice(
    _ keys: [String], of reader: inout MappingReader, hint: String
  ) -> YAMLValue.Entry? {
    let found = keys.compactMap { reader.entry($0) }
    if found.count == 1 { return found.first }
    if let second = found.dropFirst().first {
      diagnostics.report(
        .conflictingKeys, at: second.key, "\(reader.what) has one of \(keys.joined(separator: ", ")), not several")
    } else if let near = reader.entries.first(where: { nearest($0.name, among: keys) != nil }) {
      diagnostics.report(
        .unknownKey, at: near.key, "\(reader.what) has no key \"\(near.name)\"",
        hint: suggestion(for: near.name, among: keys, called: "keys"))
      _ = reader.take(near.name)
    } else {
      diagnostics.report(
        .missingKey, at: reader.place, "\(reader.what) needs one of \(keys.joined(separator: ", "))", hint: hint)
    }
    return nil
  }

  /// A share above 0, as a percentage, a number, or the name of a number under `params:`.
  func fraction(_ value: YAMLValue?, _ what: String, upTo limit: Double) -> Double? {
    guard let value else { return nil }
    let named = value.text.flatMap { binder.parameters[$0] }
    guard let number = named ?? diagnostics.number(value, what, percent: true) else { return nil }
    if number > 0, number <= limit { return number }
    diagnostics.report(
      .outOfRange, at: value, "\(what) is a share above 0 % and up to \(Int(limit * 100)) %; found \(value.found)",
      hint: "write 8%")
    return nil
  }

  /// A whole number, or the name of one under `params:`.
  func whole(_ value: YAMLValue?, _ what: String, _ range: ClosedRange<Int>) -> Int? {
    guard let value, let text = value.text, let named = binder.parameters[text] else {
      return diagnostics.whole(value, what, range)
    }
    if let whole = Int(exactly: named), range.contains(whole) { return whole }
    diagnostics.report(
      .outOfRange, at: value,
      "\(what) is a whole number from \(range.lowerBound) to \(range.upperBound); \(text) is \(Figure(named))")
    return nil
  }

  /// A distance in prices.
  mutating func distance(_ value: YAMLValue, _ what: String, _ scope: TradeTerms.Scope) -> TradeExpression? {
    if let text = value.text, case .number(_, isPercent: true)? = (try? ExpressionParser.parse(text))?.kind {
      diagnostics.report(
        .kindMismatch, at: value, "\(what) is in prices; \(text) is a share",
        hint: "write 2 * atr(20), or \(text) * close")
      return nil
    }
    guard let term = terms.bind(value, as: .number, what, scope) else { return nil }
    if case .number(let number) = term, !(number > 0) {
      diagnostics.report(.outOfRange, at: value, "\(what) is above 0; found \(value.found)")
      return nil
    }
    return term
  }
}
