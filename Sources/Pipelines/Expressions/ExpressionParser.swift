import Trading

/// Reads an expression. Tightest first: postfix (`[n]`, `.output`, `@ timeframe`), unary minus, `* /`, `+ -`,
/// comparisons, `not`, `and`, `or`.
struct ExpressionParser {
  private let tokens: [Token]
  private var at = 0
  private var depth = 0
  private static let depthLimit = 100
  /// Of `a + b + c + …` each further part is a level of the tree.
  private static let chainLimit = 300
  /// Longer texts are not written by people.
  private static let lengthLimit = 10_000

  static func parse(_ text: String) throws(ExpressionError) -> Expression {
    guard text.unicodeScalars.count <= lengthLimit else {
      throw ExpressionError(.tooLarge, 0..<1, "an expression has at most \(lengthLimit) characters")
    }
    var parser = ExpressionParser(tokens: try Lexer.tokens(of: text))
    if parser.token.kind == .end {
      throw ExpressionError(
        .expressionSyntax, 0..<1, "the expression is empty", hint: "write, say, close > sma(close, 20)")
    }
    let expression = try parser.or()
    guard parser.token.kind == .end else { throw parser.unexpected("an operator or the end") }
    return expression
  }

  private init(tokens: [Token]) { self.tokens = tokens }

  private var token: Token { tokens[min(at, tokens.count - 1)] }

  private mutating func take(_ symbol: String) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    at += 1
    return true
  }

  private mutating func take(word: String) -> Bool {
    guard token.kind == .name(word) else { return false }
    at += 1
    return true
  }

  private func unexpected(_ wanted: String) -> ExpressionError {
    let hint: String? =
      switch token.kind {
      case .symbol("="): "write == to compare"
      case .name("AND"), .name("OR"), .name("NOT"): "and, or, not are written small"
      case .symbol("<"), .symbol(">"), .symbol("<="), .symbol(">="), .symbol("=="), .symbol("!="):
        "a comparison has two sides: write a < b and b < c"
      default: nil
      }
    return ExpressionError(.expressionSyntax, token.range, "expected \(wanted), found \(token.found)", hint: hint)
  }

  private mutating func deeper<Result>(
    _ body: (inout ExpressionParser) throws(ExpressionError) -> Result
  ) throws(ExpressionError) -> Result {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ExpressionParser.depthLimit else {
      throw ExpressionError(
        .tooDeep, token.range, "the expression nests deeper than \(ExpressionParser.depthLimit) levels",
        hint: "name its parts under let:")
    }
    return try body(&self)
  }

  private mutating func or() throws(ExpressionError) -> Expression {
    var left = try and()
    while take(word: "or") { left = try binary(.or, left, try and()) }
    return left
  }

  private mutating func and() throws(ExpressionError) -> Expression {
    var left = try not()
    while take(word: "and") { left = try binary(.and, left, try not()) }
    return left
  }

  private mutating func not() throws(ExpressionError) -> Expression {
    let start = token.range.lowerBound
    guard take(word: "not") else { return try comparison() }
    let inner = try deeper { parser throws(ExpressionError) in try parser.not() }
    return Expression(kind: .not(inner), range: start..<inner.range.upperBound)
  }

  private mutating func comparison() throws(ExpressionError) -> Expression {
    let left = try sum()
    guard case .symbol(let symbol) = token.kind, let operation = Expression.Operator(rawValue: symbol),
      ["<", "<=", ">", ">=", "==", "!="].contains(symbol)
    else { return left }
    at += 1
    return try binary(operation, left, try sum())
  }

  private mutating func sum() throws(ExpressionError) -> Expression {
    var left = try product()
    while true {
      if take("+") {
        left = try binary(.add, left, try product())
      } else if take("-") {
        left = try binary(.subtract, left, try product())
      } else {
        return left
      }
    }
  }

  private mutating func product() throws(ExpressionError) -> Expression {
    var left = try unary()
    while true {
      if take("*") {
        left = try binary(.multiply, left, try unary())
      } else if take("/") {
        left = try binary(.divide, left, try unary())
      } else {
        return left
      }
    }
  }

  private mutating func unary() throws(ExpressionError) -> Expression {
    let start = token.range.lowerBound
    guard take("-") else { return try postfix() }
    let inner = try deeper { parser throws(ExpressionError) in try parser.unary() }
    return Expression(kind: .negate(inner), range: start..<inner.range.upperBound)
  }

  private mutating func postfix() throws(ExpressionError) -> Expression {
    var value = try primary()
    while true {
      let start = value.range.lowerBound
      if take("[") {
        let index = try deeper { parser throws(ExpressionError) in try parser.or() }
        let end = token.range.upperBound
        guard take("]") else { throw unexpected("\"]\"") }
        value = Expression(kind: .ago(value, index), range: start..<end)
      } else if take(".") {
        guard case .name(let name) = token.kind else { throw unexpected("the name of an output") }
        let range = token.range
        at += 1
        if take("(") {
          let inner = value
          let (arguments, end) = try deeper { parser throws(ExpressionError) in try parser.arguments() }
          value = Expression(kind: .method(inner, name, nameRange: range, arguments), range: start..<end)
        } else {
          value = Expression(kind: .output(value, name, nameRange: range), range: start..<range.upperBound)
        }
      } else if take("@") {
        guard case .duration(let timeframe) = token.kind else { throw unexpected("a timeframe such as 1w") }
        value = Expression(kind: .clock(value, timeframe), range: start..<token.range.upperBound)
        at += 1
      } else {
        return value
      }
    }
  }

  private mutating func primary() throws(ExpressionError) -> Expression {
    let first = token
    switch first.kind {
    case .number(let value, let isPercent):
      at += 1
      return Expression(kind: .number(value, isPercent: isPercent), range: first.range)
    case .duration(let duration):
      at += 1
      return Expression(kind: .duration(duration), range: first.range)
    case .text(let text):
      at += 1
      return Expression(kind: .text(text), range: first.range)
    case .name(let name) where !["and", "or", "not"].contains(name):
      at += 1
      guard take("(") else { return Expression(kind: .name(name), range: first.range) }
      let (arguments, end) = try deeper { parser throws(ExpressionError) in try parser.arguments() }
      return Expression(
        kind: .call(name, nameRange: first.range, arguments), range: first.range.lowerBound..<end)
    case .symbol("("):
      at += 1
      var inner = try deeper { parser throws(ExpressionError) in try parser.or() }
      let end = token.range.upperBound
      guard take(")") else { throw unexpected("\")\"") }
      inner.range = first.range.lowerBound..<end
      return inner
    default: throw unexpected("a value")
    }
  }

  private mutating func arguments() throws(ExpressionError) -> ([Expression], end: Int) {
    var arguments: [Expression] = []
    var end = token.range.upperBound
    if take(")") { return ([], end) }
    while true {
      arguments.append(try or())
      end = token.range.upperBound
      if take(")") { return (arguments, end) }
      guard take(",") else { throw unexpected("\",\" or \")\"") }
    }
  }

  private func binary(
    _ operation: Expression.Operator, _ left: Expression, _ right: Expression
  ) throws(ExpressionError) -> Expression {
    let whole = Expression(
      kind: .binary(operation, left, right), range: left.range.lowerBound..<right.range.upperBound)
    guard whole.depth <= ExpressionParser.chainLimit else {
      throw ExpressionError(
        .tooDeep, right.range, "the expression has more than \(ExpressionParser.chainLimit) parts in a row",
        hint: "name its parts under let:")
    }
    return whole
  }
}
