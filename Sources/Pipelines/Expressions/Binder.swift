import PluginKit
import Trading

/// Turns expressions into nodes of a graph, and checks names, arguments and kinds on the way. Every fault is reported
/// once, under the very part that is wrong; what depends on a faulty part is left alone.
final class Binder {
  struct Bound {
    var node: Int
    var kind: Graph.ValueKind
  }

  let registry: Registry
  /// Another one for each combination of a sweep.
  var diagnostics: Diagnostics
  var graph = Graph()
  /// Constants by name (`params:`).
  var parameters: [String: Double] = [:]
  /// The values that constants may take, as written.
  var ranges: [String: String] = [:]
  /// Settings that stand over those of the file, by step and name; constants stand under the empty step.
  var overrides: [String: [String: Setting]] = [:]
  /// Whether only what runs is made: no reasons, no outlines of steps, nothing that no signal needs.
  var isBare = false
  /// Expressions that were parsed before, where many strategies are made of one file.
  var parsed: ParsedExpressions?
  /// Expressions by name (`let:`), bound when they are first asked for.
  var definitions: [String: Definition] = [:]
  /// The same on other clocks, where their columns are others.
  var definitionsByClock: [Timeframe: [String: Definition]] = [:]
  /// The timeframe of the bars that decide here; nil where it is not known before the run.
  var timeframe: Timeframe?
  /// Roles of a strategy with groups; the first is the one whose bars decide.
  var roles: [String] = []
  private var order: [String] = []
  private var path: [String] = []
  private var depth = 0
  private var isFull = false
  /// A strategy that people write has some dozens.
  static let nodeLimit = 10_000
  /// The nodes of other strategies that stand in the graph already.
  var others = 0
  /// Expressions and the definitions that they name, together: each level takes stack.
  private static let depthLimit = 400
  /// The scalar that is being read.
  private var value: YAMLValue?
  private var text = ""

  struct Definition {
    var value: YAMLValue?
    var state: State
    enum State { case untouched, bound(Bound), faulty }
  }

  init(registry: Registry, diagnostics: Diagnostics) {
    self.registry = registry
    self.diagnostics = diagnostics
  }

  static let series: [String: Term] = [
    "open": .open, "high": .high, "low": .low, "close": .close, "volume": .volume,
    "weekday": .series(SeriesKey(.weekday)),
  ]
  /// Names that stand before a dot.
  static let prefixes = ["session", "symbol", "position", "news"]
  /// Names of what is known besides prices.
  static let factNames = ["sentiment", "news", "fundamental"]
  /// Names that mean something under `trade:` alone.
  static let tradeNames = ["position", "entry"]

  /// Without a value it is a name whose definition is faulty, which has been reported.
  func define(_ name: String, as value: YAMLValue?) {
    definitions[name] = Definition(value: value, state: value == nil ? .faulty : .untouched)
    order.append(name)
  }

  /// Binds what nobody asked for too, so that its faults are seen.
  func bindDefinitions() {
    for name in order where !diagnostics.isFull { _ = definition(name, at: nil) }
  }

  /// The column of an expression of the kind that is wanted; nil where it is faulty, which has been reported.
  func bind(_ value: YAMLValue, as kind: Graph.ValueKind, _ what: String) -> Int? {
    guard let bound = bind(value, what) else { return nil }
    if bound.kind == kind { return bound.node }
    let wanted = kind == .condition ? "a condition (true or false)" : "a number"
    diagnostics.report(
      .kindMismatch, at: value, "\(what) is \(wanted); found a \(bound.kind.rawValue)",
      hint: kind == .condition ? "compare it: \(value.text ?? "") > …" : nil)
    return nil
  }

  func bind(_ value: YAMLValue, _ what: String) -> Bound? {
    guard let text = value.text, !value.isNull else {
      diagnostics.report(.wrongType, at: value, "\(what) is an expression; found \(value.found)")
      return nil
    }
    return reading(value, text) {
      do throws(ExpressionError) {
        return bind(try parse(text))
      } catch {
        report(error.code, error.range, error.message, hint: error.hint)
        return nil
      }
    }
  }

  private func parse(_ text: String) throws(ExpressionError) -> Expression {
    if let parsed { return try parsed.expression(text) }
    return try ExpressionParser.parse(text)
  }

  /// A part of a text, such as `{close}` in a reason: its place is counted from the text's start.
  func bind(part range: Range<Int>, of value: YAMLValue) -> Bound? {
    guard let text = value.text else { return nil }
    let scalars = Array(text.unicodeScalars)[range]
    let part = String(String.UnicodeScalarView(scalars))
    return reading(value, text) {
      do throws(ExpressionError) {
        return bind(try ExpressionParser.parse(part).moved(by: range.lowerBound))
      } catch {
        let moved = error.range.lowerBound + range.lowerBound..<error.range.upperBound + range.lowerBound
        report(error.code, moved, error.message, hint: error.hint)
        return nil
      }
    }
  }

  func reading<Result>(_ value: YAMLValue, _ text: String, _ body: () -> Result) -> Result {
    let outer = (self.value, self.text)
    (self.value, self.text) = (value, text)
    defer { (self.value, self.text) = outer }
    return body()
  }

  func report(
    _ code: Diagnostic.Code, _ range: Range<Int>, _ message: @autoclosure () -> String,
    hint: @autoclosure () -> String? = nil
  ) {
    if let value { diagnostics.report(code, at: value, part: range, message(), hint: hint()) }
  }

  func source(_ expression: Expression) -> String {
    let scalars = Array(text.unicodeScalars)
    let range = expression.range.clamped(to: 0..<scalars.count)
    return String(String.UnicodeScalarView(scalars[range]))
  }

  func bind(_ expression: Expression) -> Bound? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Binder.depthLimit else {
      report(
        .tooDeep, expression.range,
        "with the definitions it builds on, this nests deeper than \(Binder.depthLimit) levels")
      return nil
    }
    guard graph.nodes.count - others < Binder.nodeLimit else {
      if !isFull {
        report(.tooLarge, expression.range, "the strategy has more than \(Binder.nodeLimit) different terms")
      }
      isFull = true
      return nil
    }
    switch expression.kind {
    case .number(let value, _): return Bound(node: graph.number(value), kind: .number)
    case .duration(let duration): return Bound(node: graph.duration(duration), kind: .number)
    case .text:
      report(.kindMismatch, expression.range, "a text stands where a number is wanted")
      return nil
    case .name(let name): return bind(name: name, expression.range)
    case .call(let name, let nameRange, let arguments):
      return call(name, nameRange, arguments, expression.range, output: nil)
    case .output(let inner, let output, let nameRange): return member(inner, output, nameRange, [], expression.range)
    case .method(let inner, let name, let nameRange, let arguments):
      return member(inner, name, nameRange, arguments, expression.range)
    case .clock(let inner, let timeframe): return onClock(inner, timeframe, expression.range)
    case .ago(let inner, let index): return ago(inner, index)
    case .negate(let inner):
      guard let x = number(inner, "unary minus") else { return nil }
      return Bound(node: graph.apply(.negate, [x]), kind: .number)
    case .not(let inner):
      guard let x = condition(inner, "not") else { return nil }
      return Bound(node: graph.apply(.not, [x]), kind: .condition)
    case .binary(let operation, let left, let right): return binary(operation, left, right)
    }
  }

  private func bind(name: String, _ range: Range<Int>) -> Bound? {
    if let term = Binder.series[name] { return Bound(node: graph.add(term, registry), kind: .number) }
    if let value = parameters[name] { return Bound(node: graph.number(value), kind: .number) }
    if definitions[name] != nil { return definition(name, at: range) }
    if name == "position" {
      reportTradeOnly("position", range)
    } else if name == "session" {
      report(
        .outputNeeded, range, "\"session\" has several values: say which",
        hint: "session.open, session.high(30m), session.low(30m), session.elapsed")
    } else if Binder.factNames.contains(name) {
      reportFactForm(of: name, range)
    } else if let entry = registry.indicators[name] {
      report(.wrongArguments, range, "\(name) is an indicator and is called: \(Functions.form(of: entry))")
    } else if let function = Functions.builtIn[name] {
      report(.wrongArguments, range, "\(name) is a function and is called: \(function.form)")
    } else {
      report(.unknownName, range, "there is nothing called \"\(name)\"", hint: hint(forName: name))
    }
    return nil
  }

  private func hint(forName name: String) -> String {
    // A file with thousands of definitions gets its hints from the first ones: the work stays bounded.
    let known = Array(Binder.series.keys) + Array(parameters.keys.sorted().prefix(1_000)) + order.prefix(1_000)
    let callable = Array(registry.indicators.keys) + Array(Functions.builtIn.keys) + Binder.factNames
    if let near = nearest(name, among: known + callable) { return "did you mean \"\(near)\"?" }
    return listed(known.sorted(), called: "names")
  }

  private func definition(_ name: String, at range: Range<Int>?) -> Bound? {
    guard let definition = definitions[name] else { return nil }
    switch definition.state {
    case .bound(let bound): return bound
    case .faulty: return nil
    case .untouched: break
    }
    if let start = path.firstIndex(of: name) {
      let cycle = (path[start...] + [name]).joined(separator: " → ")
      if let range { report(.cycle, range, "let is defined by itself: \(cycle)") }
      return nil
    }
    guard let value = definition.value else { return nil }
    path.append(name)
    let bound = bind(value, "let \"\(name)\"")
    path.removeLast()
    definitions[name]?.state = bound.map { .bound($0) } ?? .faulty
    return bound
  }

  private func ago(_ inner: Expression, _ index: Expression) -> Bound? {
    let x = bind(inner)
    guard let bars = constant(index, "the number of bars in [ ]") else { return nil }
    guard bars >= 0 else {
      report(
        .future, index.range, "[\(Figure(bars))] looks into the future",
        hint: "[n] is n bars ago; tomorrow's values cannot be read")
      return nil
    }
    guard let whole = Int(exactly: bars), whole <= Functions.barLimit else {
      report(
        .outOfRange, index.range,
        "[n] takes a whole number of bars from 0 to \(Functions.barLimit); found \(Figure(bars))")
      return nil
    }
    guard let x else { return nil }
    return Bound(node: graph.apply(.ago(whole), [x.node]), kind: x.kind)
  }

  private func binary(_ operation: Expression.Operator, _ left: Expression, _ right: Expression) -> Bound? {
    let name = "\"\(operation.rawValue)\""
    if operation == .and || operation == .or {
      let (a, b) = (condition(left, name), condition(right, name))
      guard let a, let b else { return nil }
      let node = graph.apply(operation.applied, [a, b])
      checkTogether(node, of: [a, b], left.range.lowerBound..<right.range.upperBound)
      return Bound(node: node, kind: .condition)
    }
    let (a, b) = (number(left, name), number(right, name))
    guard let a, let b else { return nil }
    let range = left.range.lowerBound..<right.range.upperBound
    guard unitsAgree(operation, a, b, range) else { return nil }
    let kind = Graph.valueKind(of: operation.applied)
    let bound = Bound(node: graph.apply(operation.applied, [a, b]), kind: kind)
    if kind == .condition { checkTruth(bound.node, range) }
    return bound
  }

  func number(_ expression: Expression, _ user: String) -> Int? { operand(expression, .number, user) }
  func condition(_ expression: Expression, _ user: String) -> Int? { operand(expression, .condition, user) }

  private func operand(_ expression: Expression, _ kind: Graph.ValueKind, _ user: String) -> Int? {
    guard let bound = bind(expression) else { return nil }
    guard bound.kind == kind else {
      report(
        .kindMismatch, expression.range,
        "\(user) wants a \(kind.rawValue); \"\(source(expression))\" is a \(bound.kind.rawValue)",
        hint: kind == .condition ? "compare it: \(source(expression)) > …" : nil)
      return nil
    }
    return bound.node
  }

  /// The value of an expression that does not depend on the bar.
  func constant(_ expression: Expression, _ what: String) -> Double? {
    guard let node = number(expression, what) else { return nil }
    if case .duration = graph.nodes[node].kind {
      report(
        .kindMismatch, expression.range, "\(what) is a number; \"\(source(expression))\" is a duration",
        hint: "a count of bars is a plain number")
      return nil
    }
    guard case .number(let value) = graph.nodes[node].kind else {
      report(
        .wrongArguments, expression.range,
        "\(what) is one number for all bars; \"\(source(expression))\" changes from bar to bar",
        hint: "write a number, or a name under params:")
      return nil
    }
    if value.isFinite { return value }
    report(.wrongArguments, expression.range, "\(what) is a number; \"\(source(expression))\" has no value")
    return nil
  }
}

extension Expression.Operator {
  /// What it does to columns.
  var applied: PluginKit.Operation {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .equal: .equal
    case .notEqual: .notEqual
    case .and: .and
    case .or: .or
    }
  }
}

extension Expression {
  /// The same with every place moved, for a part of a longer text.
  func moved(by offset: Int) -> Expression {
    func move(_ range: Range<Int>) -> Range<Int> { range.lowerBound + offset..<range.upperBound + offset }
    let kind: Kind =
      switch self.kind {
      case .number, .duration, .text, .name: self.kind
      case .call(let name, let range, let arguments):
        .call(name, nameRange: move(range), arguments.map { $0.moved(by: offset) })
      case .method(let x, let name, let range, let arguments):
        .method(
          x.moved(by: offset), name, nameRange: move(range), arguments.map { $0.moved(by: offset) })
      case .ago(let x, let n): .ago(x.moved(by: offset), n.moved(by: offset))
      case .output(let x, let name, let range): .output(x.moved(by: offset), name, nameRange: move(range))
      case .clock(let x, let timeframe): .clock(x.moved(by: offset), timeframe)
      case .negate(let x): .negate(x.moved(by: offset))
      case .not(let x): .not(x.moved(by: offset))
      case .binary(let operation, let a, let b): .binary(operation, a.moved(by: offset), b.moved(by: offset))
      }
    return Expression(kind: kind, range: move(range))
  }
}
