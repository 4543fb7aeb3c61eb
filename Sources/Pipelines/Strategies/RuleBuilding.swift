import PluginKit
import Trading

extension SignalRule {
  /// Puts a module's rule into the graph.
  init(_ rule: Rule, in binder: Binder) {
    var quotes: [String: Int] = [:]
    for quote in rule.quotes where !binder.isBare { quotes[quote.name] = binder.graph.add(quote.term, binder.registry) }
    self.init(
      calls: .both(
        buy: binder.graph.add(rule.buy, binder.registry), sell: binder.graph.add(rule.sell, binder.registry)),
      confidence: binder.graph.add(rule.confidence, binder.registry),
      reasons: binder.isBare
        ? [:]
        : [
          .buy: Reason(template: rule.buyReason) { quotes[$0] },
          .sell: Reason(template: rule.sellReason) { quotes[$0] },
        ])
  }
}

extension Reason {
  /// Cuts `text {name} text` into parts; a name without a column stays as it stands.
  init(template: String, column: (String) -> Int?) {
    var parts: [Part] = []
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      if let column = column(String(rest[rest.index(after: open)..<close])) {
        parts.append(.value(column))
      } else {
        parts.append(.text(String(rest[open...close])))
      }
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    self.init(parts: parts)
  }
}

/// Reads a step that is written as expressions: `buy:` and `sell:`, or `long:` and `short:` with `enter` and `exit`.
struct ExpressionStep {
  let binder: Binder

  private var diagnostics: Diagnostics { binder.diagnostics }

  func read(_ step: inout MappingReader, _ kinds: [String]) -> SignalRule? {
    let before = diagnostics.errors
    let calls = kinds.contains("buy") || kinds.contains("sell")
    if calls, let position = step.entries.first(where: { $0.name == "long" || $0.name == "short" }) {
      diagnostics.report(
        .conflictingKeys, at: position.key, "a step has buy: and sell:, or long: and short:, not both",
        hint: "buy and sell are calls; long and short say when a position begins and ends")
      for key in kinds + ["confidence", "reason"] { _ = step.take(key) }
      return nil
    }
    var reasons: [Direction: Reason] = [:]
    let rule: SignalRule.Calls?
    if calls {
      let buy = condition(step.take("buy"), "buy", .buy, &reasons)
      let sell = condition(step.take("sell"), "sell", .sell, &reasons)
      rule = .both(buy: buy ?? binder.graph.number(0), sell: sell ?? binder.graph.number(0))
    } else {
      let long = position(step.entry("long"), .buy, .exitLong, &reasons)
      let short = position(step.entry("short"), .sell, .exitShort, &reasons)
      rule = .positions(long: long, short: short)
    }
    let confidence = confidence(step.take("confidence"))
    if let value = step.take("reason"), !binder.isBare, let reason = template(value) {
      for direction in reasons.keys { reasons[direction] = reason }
    }
    guard diagnostics.errors == before, let rule else { return nil }
    return SignalRule(calls: rule, confidence: confidence, reasons: reasons)
  }

  private func condition(
    _ value: YAMLValue?, _ what: String, _ direction: Direction, _ reasons: inout [Direction: Reason]
  ) -> Int? {
    guard let value, let node = binder.bind(value, as: .condition, what) else { return nil }
    reasons[direction] = Reason(parts: quoted(value))
    return node
  }

  private func position(
    _ entry: YAMLValue.Entry?, _ enter: Direction, _ exit: Direction, _ reasons: inout [Direction: Reason]
  ) -> SignalRule.Position? {
    guard let entry, var reader = MappingReader(entry.value, entry.name, at: entry.key, diagnostics) else { return nil }
    let enterNode = condition(
      reader.require("enter", hint: "enter: close > sma(close, 20)"), "\(entry.name).enter", enter, &reasons)
    let exitNode = condition(
      reader.require("exit", hint: "exit: close < sma(close, 20)"), "\(entry.name).exit", exit, &reasons)
    reader.finish()
    guard let enterNode, let exitNode else { return nil }
    return SignalRule.Position(enter: enterNode, exit: exitNode)
  }

  private func confidence(_ value: YAMLValue?) -> Int {
    guard let value else { return binder.graph.number(50) }
    let parameter = value.text.flatMap { binder.parameters[$0] }
    guard let number = parameter ?? diagnostics.number(value, "confidence") else { return binder.graph.number(50) }
    if !(0...100).contains(number) {
      diagnostics.report(.outOfRange, at: value, "confidence \(Figure(number)) is out of range", hint: "0 to 100")
    }
    return binder.graph.number(number)
  }

  /// A reason as the user writes it: `{expression}` is its value.
  private func template(_ value: YAMLValue) -> Reason? {
    guard let text = diagnostics.text(value, "reason") else { return nil }
    let scalars = Array(text.unicodeScalars)
    var parts: [Reason.Part] = []
    var at = 0
    while at < scalars.count {
      let open = scalars[at...].firstIndex(of: "{") ?? scalars.count
      if open > at { parts.append(.text(String(String.UnicodeScalarView(scalars[at..<open])))) }
      guard open < scalars.count else { break }
      guard let close = scalars[open...].firstIndex(of: "}") else {
        diagnostics.report(.expressionSyntax, at: value, part: open..<open + 1, "this { is never closed")
        return nil
      }
      guard let bound = binder.bind(part: open + 1..<close, of: value) else { return nil }
      parts.append(.value(bound.node))
      at = close + 1
    }
    return Reason(parts: parts)
  }

  /// The expression as written and the values that it compares.
  private func quoted(_ value: YAMLValue) -> [Reason.Part] {
    guard !binder.isBare, let text = value.text, let expression = try? ExpressionParser.parse(text) else { return [] }
    var parts: [Reason.Part] = [.text(text)]
    var seen: Set<String> = []
    for operand in expression.compared where seen.count < 6 {
      let scalars = Array(text.unicodeScalars)[operand.range]
      let source = String(String.UnicodeScalarView(scalars))
      guard seen.insert(source).inserted, let bound = binder.bind(part: operand.range, of: value),
        bound.kind == .number
      else { continue }
      parts.append(.text("\(seen.count == 1 ? " (" : ", ")\(source) = "))
      parts.append(.value(bound.node))
    }
    if !seen.isEmpty { parts.append(.text(")")) }
    return parts
  }
}

extension Expression {
  /// The sides of comparisons and crossings that are not plain numbers, in the order of the text.
  fileprivate var compared: [Expression] {
    switch kind {
    case .binary(let operation, let left, let right):
      switch operation {
      case .and, .or: return left.compared + right.compared
      case .add, .subtract, .multiply, .divide: return []
      default: return [left, right].filter { !$0.isNumber }
      }
    case .not(let inner): return inner.compared
    case .call(let name, _, let arguments) where name.hasPrefix("crosses_"): return arguments.filter { !$0.isNumber }
    case .call(_, _, let arguments): return arguments.first?.compared ?? []
    default: return []
    }
  }

  private var isNumber: Bool {
    switch kind {
    case .number: true
    case .negate(let inner): inner.isNumber
    default: false
    }
  }
}
