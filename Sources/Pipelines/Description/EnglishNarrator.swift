import PluginKit
import Trading

/// Rules in English.
struct EnglishNarrator: Narrator {
  private let source: NarratedGraph

  init(_ source: NarratedGraph) { self.source = source }

  func clause(_ node: Int) -> String {
    if case .number(let value) = source.graph.nodes[node].kind { return value == 1 ? "always" : "never" }
    guard source.takesWords(), let (operation, inputs) = source.operation(node), let first = inputs.first else {
      return source.plain(node)
    }
    if let voice = source.graph.voice(operation, inputs) {
      let voter = source.voters[voice.vote].map { "\"\($0)\"" } ?? value(voice.vote)
      let span = voice.within > 1 ? ", last within \(voice.within) bars" : ""
      return "\(voter) says \(voice.direction.rawValue)\(span)"
    }
    let second = inputs.count > 1 ? inputs[1] : first
    switch operation {
    case .and: return joined(inputs, "and") { isOr($0) }
    case .or: return joined(inputs, "or") { isAnd($0) }
    case .not: return "it is not so that \(clause(first))"
    case .crossesAbove: return "\(value(first)) crosses above \(value(second))"
    case .crossesBelow: return "\(value(first)) crosses below \(value(second))"
    case .within(let bars): return "\(clause(first)) on one of the last \(bars) bars"
    case .every(let bars): return "\(clause(first)) on every one of the last \(bars) bars"
    case .ago(let bars): return "\(clause(first)) \(ago(bars))"
    default:
      guard let words = EnglishNarrator.comparison(operation) else { return source.plain(node) }
      return "\(value(first)) \(words) \(source.threshold(second, against: first) ?? value(second))"
    }
  }

  func value(_ node: Int) -> String {
    if case .number(let value) = source.graph.nodes[node].kind { return Figure(value).description }
    if let column = source.candle(node) { return "the \(column)" }
    guard source.takesWords() else { return source.plain(node) }
    if let indicator = source.indicator(node) { return self.indicator(indicator, node) }
    guard let (operation, inputs) = source.operation(node), let first = inputs.first else { return source.plain(node) }
    if let change = source.graph.change(operation, inputs) {
      return "the change of \(bare(change.of)) over \(bars(change.bars))"
    }
    let second = inputs.count > 1 ? inputs[1] : first
    switch operation {
    case .add: return "\(part(first)) plus \(part(second))"
    case .subtract: return "\(part(first)) less \(part(second))"
    case .multiply: return "\(part(first)) times \(part(second))"
    case .divide: return "\(part(first)) divided by \(part(second))"
    case .negate: return "minus \(part(first))"
    case .ago(let bars): return "\(value(first)) \(ago(bars))"
    case .count(let bars): return "the number of the last \(bars) bars on which \(clause(first))"
    case .since: return "the number of bars since \(clause(first))"
    case .valueWhen: return "\(value(second)) of the last bar on which \(clause(first))"
    case .absolute: return "the size of \(value(first))"
    case .minimum: return "the least of \(inputs.map { value($0) }.joined(separator: ", "))"
    case .maximum: return "the greatest of \(inputs.map { value($0) }.joined(separator: ", "))"
    case .choose where inputs.count == 3:
      return "\(value(second)) where \(clause(first)), else \(value(inputs[2]))"
    case .coalesce: return "\(value(first)), or \(value(second)) where that has no value"
    default: return source.plain(node)
    }
  }

  private func indicator(
    _ indicator: (id: String, settings: [String: Double], inputs: [Int], output: String?), _ node: Int
  ) -> String {
    guard let words = IndicatorWords.table[indicator.id] else { return source.plain(node) }
    var text = "the " + IndicatorWords.filled(words.en, indicator.settings)
    if indicator.inputs.contains(where: { source.candle($0) != .close }) {
      text += " of \(indicator.inputs.map { bare($0) }.joined(separator: " and "))"
    }
    if let output = indicator.output { text = "the \(output) of \(text)" }
    return text
  }

  static func comparison(_ operation: Operation) -> String? {
    switch operation {
    case .greater: "is above"
    case .greaterOrEqual: "is at least"
    case .less: "is below"
    case .lessOrEqual: "is at most"
    case .equal: "equals"
    case .notEqual: "is not"
    default: nil
    }
  }

  private func joined(_ inputs: [Int], _ word: String, _ isOther: (Int) -> Bool) -> String {
    inputs.map { isOther($0) ? "(\(clause($0)))" : clause($0) }.joined(separator: " \(word) ")
  }

  private func isAnd(_ node: Int) -> Bool {
    if case .operation(.and) = source.graph.nodes[node].kind { true } else { false }
  }
  private func isOr(_ node: Int) -> Bool {
    if case .operation(.or) = source.graph.nodes[node].kind { true } else { false }
  }

  /// A value inside a calculation: calculations in it stand in parentheses.
  private func part(_ node: Int) -> String {
    guard let (operation, inputs) = source.operation(node), source.graph.change(operation, inputs) == nil else {
      return value(node)
    }
    switch operation {
    case .add, .subtract, .multiply, .divide: return "(\(value(node)))"
    default: return value(node)
    }
  }

  private func bare(_ node: Int) -> String { source.candle(node).map { "\($0)" } ?? value(node) }
  private func bars(_ count: Int) -> String { count == 1 ? "one bar" : "\(count) bars" }
  private func ago(_ count: Int) -> String { "\(bars(count)) ago" }
}
