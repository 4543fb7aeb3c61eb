import PluginKit

/// Binds the expressions of `trade:`. What does not speak of the position becomes a column of the graph; the rest is put
/// together from columns and the position's values, close by close.
struct TradeTerms {
  /// What is known where an expression is worked out.
  enum Scope {
    /// At the signal: there is no position yet.
    case signal
    case position
    /// A position of several symbols, which has no one price.
    case legs
  }

  let binder: Binder
  /// The nodes that the expressions read.
  private(set) var columns: [Int] = []

  init(binder: Binder) { self.binder = binder }

  /// An expression of the kind that is wanted; nil where it is faulty, which has been reported.
  mutating func bind(
    _ value: YAMLValue, as kind: Graph.ValueKind, _ what: String, _ scope: Scope
  ) -> TradeExpression? {
    guard let text = value.text, !value.isNull, let expression = try? ExpressionParser.parse(text),
      expression.speaksOfPosition
    else {
      return binder.bind(value, as: kind, what).map { term(of: $0) }
    }
    // The closure works on a copy: a mutating method cannot be captured.
    var terms = self
    let bound = binder.reading(value, text) { terms.bind(expression, scope) }
    self = terms
    guard let bound else { return nil }
    if bound.kind == kind { return bound.term }
    let wanted = kind == .condition ? "a condition (true or false)" : "a number"
    binder.diagnostics.report(
      .kindMismatch, at: value, "\(what) is \(wanted); found a \(bound.kind.rawValue)",
      hint: kind == .condition ? "compare it: \(text) > …" : nil)
    return nil
  }

  /// The place of a node among the columns.
  mutating func place(of node: Int) -> Int {
    if let place = columns.firstIndex(of: node) { return place }
    columns.append(node)
    return columns.count - 1
  }

  private mutating func term(of node: Int) -> TradeExpression {
    if case .number(let value) = binder.graph.nodes[node].kind { return .number(value) }
    return .column(place(of: node))
  }

  private typealias Bound = (term: TradeExpression, kind: Graph.ValueKind)

  private mutating func bind(_ expression: Expression, _ scope: Scope) -> Bound? {
    guard expression.speaksOfPosition else {
      return binder.bind(expression).map { (term(of: $0.node), $0.kind) }
    }
    switch expression.kind {
    case .name("position"):
      binder.report(.outputNeeded, expression.range, "\"position\" has several values: say which", hint: names)
      return nil
    case .output(let inner, let name, let range):
      guard case .name("position") = inner.kind else { break }
      return position(name, range, expression.range, scope)
    case .call("entry", _, let arguments): return entry(arguments, expression.range)
    case .negate(let inner): return operand(inner, .number, "unary minus", scope).map { (.unary(.negate, $0), .number) }
    case .not(let inner): return operand(inner, .condition, "not", scope).map { (.unary(.not, $0), .condition) }
    case .binary(let operation, let left, let right): return binary(operation, left, right, scope)
    case .call(let name, _, let arguments):
      if let function = Functions.builtIn[name], let bound = call(function, arguments, expression, scope) {
        return bound
      }
      if TradeTerms.functions[name] != nil { return nil }
    default: break
    }
    binder.report(
      .tradeOnly, expression.range,
      "\"\(binder.source(expression))\" would need the position at every bar; it is known at this close alone",
      hint:
        "with the position go + - * /, comparisons, and, or, not, \(TradeTerms.functions.keys.sorted().joined(separator: ", "))"
    )
    return nil
  }

  private var names: String {
    "position has \(TradeExpression.PositionValue.allCases.map { ".\($0.rawValue)" }.joined(separator: ", "))"
  }

  private func position(
    _ name: String, _ range: Range<Int>, _ whole: Range<Int>, _ scope: Scope
  ) -> Bound? {
    guard let value = TradeExpression.PositionValue(rawValue: name) else {
      let known = TradeExpression.PositionValue.allCases.map(\.rawValue)
      binder.report(
        .outputNeeded, range, "position has no value .\(name)",
        hint: nearest(name, among: known).map { "did you mean .\($0)?" } ?? names)
      return nil
    }
    switch (scope, value) {
    case (.signal, _):
      binder.report(
        .tradeOnly, whole, "there is no position yet where this is worked out",
        hint: "position.… stands in stop, take_profit and add")
      return nil
    case (.legs, .price), (.legs, .lastFill), (.legs, .high), (.legs, .low):
      binder.report(
        .tradeOnly, whole, "a position of several symbols has no one price",
        hint: "position.return, position.bars and position.side are there")
      return nil
    default: return (.position(value), .number)
    }
  }

  /// `entry(x)`: x at the close of the signal's bar.
  private mutating func entry(_ arguments: [Expression], _ range: Range<Int>) -> Bound? {
    guard arguments.count == 1 else {
      binder.report(
        .wrongArguments, range, "entry takes 1 argument; found \(arguments.count)",
        hint: "entry(atr(20)): the value at the entry's signal")
      return nil
    }
    guard !arguments[0].speaksOfPosition else {
      binder.report(
        .tradeOnly, arguments[0].range, "at the entry's signal there is no position yet",
        hint: "entry(x) takes x from prices and indicators")
      return nil
    }
    guard let bound = binder.bind(arguments[0]) else { return nil }
    if case .number(let value) = binder.graph.nodes[bound.node].kind { return (.number(value), bound.kind) }
    return (.atEntry(place(of: bound.node)), bound.kind)
  }

  private mutating func operand(
    _ expression: Expression, _ kind: Graph.ValueKind, _ user: String, _ scope: Scope
  ) -> TradeExpression? {
    guard let bound = bind(expression, scope) else { return nil }
    if bound.kind == kind { return bound.term }
    binder.report(
      .kindMismatch, expression.range,
      "\(user) wants a \(kind.rawValue); \"\(binder.source(expression))\" is a \(bound.kind.rawValue)",
      hint: kind == .condition ? "compare it: \(binder.source(expression)) > …" : nil)
    return nil
  }

  private mutating func binary(
    _ operation: Expression.Operator, _ left: Expression, _ right: Expression, _ scope: Scope
  ) -> Bound? {
    let isLogic = operation == .and || operation == .or
    let kind = isLogic ? Graph.ValueKind.condition : .number
    let name = "\"\(operation.rawValue)\""
    let a = operand(left, kind, name, scope)
    let b = operand(right, kind, name, scope)
    guard let a, let b else { return nil }
    return (.binary(operation.applied, a, b), Graph.valueKind(of: operation.applied))
  }

  /// Functions of values of one bar.
  static let functions: [String: PluginKit.Operation] = [
    "abs": .absolute, "min": .minimum, "max": .maximum, "log": .logarithm, "sqrt": .squareRoot, "if": .choose,
    "coalesce": .coalesce,
  ]

  private mutating func call(
    _ function: Functions.Function, _ arguments: [Expression], _ whole: Expression, _ scope: Scope
  ) -> Bound? {
    guard let operation = TradeTerms.functions[function.name] else { return nil }
    let takesMany = operation == .minimum || operation == .maximum
    guard takesMany ? !arguments.isEmpty : arguments.count == function.arguments.count else {
      binder.report(
        .wrongArguments, whole.range,
        "\(function.name) takes \(function.arguments.count) argument\(function.arguments.count == 1 ? "" : "s"); "
          + "found \(arguments.count)",
        hint: "\(function.form): \(function.meaning)")
      return nil
    }
    var terms: [TradeExpression] = []
    var kind = Graph.ValueKind.number
    for (place, argument) in arguments.enumerated() {
      let isTest = operation == .choose && place == 0
      let wanted: Graph.ValueKind = isTest ? .condition : operation == .choose && place == 2 ? kind : .number
      if operation == .choose, place == 1 {
        guard let bound = bind(argument, scope) else { return nil }
        kind = bound.kind
        terms.append(bound.term)
      } else {
        guard let term = operand(argument, wanted, function.name, scope) else { return nil }
        terms.append(term)
      }
    }
    switch (operation, terms.count) {
    case (.choose, 3): return (.choose(terms[0], terms[1], terms[2]), kind)
    case (_, 1): return (takesMany ? terms[0] : .unary(operation, terms[0]), .number)
    default: return (terms.dropFirst().reduce(terms[0]) { .binary(operation, $0, $1) }, .number)
    }
  }
}

extension Expression {
  /// Whether `position` or `entry(…)` stands in it.
  var speaksOfPosition: Bool {
    switch kind {
    case .number, .duration, .text: false
    case .name(let name): name == "position"
    case .call(let name, _, let arguments): name == "entry" || arguments.contains(where: \.speaksOfPosition)
    case .method(let x, _, _, let arguments):
      x.speaksOfPosition || arguments.contains(where: \.speaksOfPosition)
    case .ago(let x, let n): x.speaksOfPosition || n.speaksOfPosition
    case .output(let x, _, _), .clock(let x, _), .negate(let x), .not(let x): x.speaksOfPosition
    case .binary(_, let a, let b): a.speaksOfPosition || b.speaksOfPosition
    }
  }
}

extension Binder {
  /// `position.…` and `entry(…)` outside `trade:`.
  func reportTradeOnly(_ what: String, _ range: Range<Int>) {
    report(
      .tradeOnly, range, "\(what) stands only under trade: signals never depend on fills",
      hint: "write it under trade, in stop, take_profit, add, size or legs")
  }
}
