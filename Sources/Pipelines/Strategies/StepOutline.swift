public import Trading

/// A step as it was written, with the columns that it became: for those who tell a rule or explain it.
public struct StepOutline: Sendable {
  public let id: String
  /// The module's id; nil for a step of expressions.
  public let module: String?
  /// What stands under `with:`, as written.
  public let settings: [(name: String, value: String)]
  /// Ids of the steps that it combines.
  public let inputs: [String]
  public let rule: SignalRule
  /// Expressions as written by their key: `buy`, `long.enter`.
  private let expressions: [String: String]

  /// One condition of a step.
  public struct Condition: Sendable {
    /// `buy`, `sell`, `long.enter`, `long.exit`, `short.enter`, `short.exit`.
    public let name: String
    public let direction: Direction
    public let node: Int
    /// The expression; nil for a module's.
    public let text: String?
  }

  init(id: String, entries: [YAMLValue.Entry], rule: SignalRule) {
    self.id = id
    self.rule = rule
    func value(_ name: String) -> YAMLValue? { entries.first { $0.name == name }?.value }
    module = value("module")?.text
    settings = (value("with")?.entries ?? []).map { ($0.name, $0.value.text ?? "") }
    inputs = (value("inputs")?.items ?? []).compactMap(\.text)
    var expressions: [String: String] = [:]
    for entry in entries {
      if let text = entry.value.text { expressions[entry.name] = text }
      for inner in entry.value.entries ?? [] {
        if let text = inner.value.text { expressions["\(entry.name).\(inner.name)"] = text }
      }
    }
    self.expressions = expressions
  }

  /// The conditions that there are, in the order in which people read them.
  public var conditions: [Condition] {
    func condition(_ name: String, _ direction: Direction, _ node: Int) -> Condition {
      let text = module == nil ? expressions[name] : nil
      return Condition(name: name, direction: direction, node: node, text: text)
    }
    switch rule.calls {
    case .both(let buy, let sell): return [condition("buy", .buy, buy), condition("sell", .sell, sell)]
    case .positions(let long, let short):
      var conditions: [Condition] = []
      if let long {
        conditions += [condition("long.enter", .buy, long.enter), condition("long.exit", .exitLong, long.exit)]
      }
      if let short {
        conditions += [condition("short.enter", .sell, short.enter), condition("short.exit", .exitShort, short.exit)]
      }
      return conditions
    }
  }
}

extension Strategy {
  /// The step that makes the signals.
  public var decidingStep: StepOutline? { steps.last { $0.rule.calls == rule.calls } }
}
