public import Trading

/// An expression as it was written, with the place of each part in its text (counted in Unicode scalars).
public struct Expression: Sendable {
  public indirect enum Kind: Sendable {
    /// A number; `isPercent` where it was written as `2%`.
    case number(Double, isPercent: Bool)
    case duration(Timeframe)
    case text(String)
    case name(String)
    case call(String, nameRange: Range<Int>, [Expression])
    /// x[n]
    case ago(Expression, Expression)
    /// x.output
    case output(Expression, String, nameRange: Range<Int>)
    /// x.function(…), such as session.high(30m)
    case method(Expression, String, nameRange: Range<Int>, [Expression])
    /// x @ timeframe
    case clock(Expression, Timeframe)
    case negate(Expression)
    case not(Expression)
    case binary(Operator, Expression, Expression)
  }

  public enum Operator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case and, or
  }

  public var kind: Kind
  public var range: Range<Int>
  /// Levels from here down, this one included.
  let depth: Int

  init(kind: Kind, range: Range<Int>) {
    self.kind = kind
    self.range = range
    let below =
      switch kind {
      case .number, .duration, .text, .name: 0
      case .call(_, _, let arguments): arguments.map(\.depth).max() ?? 0
      case .method(let x, _, _, let arguments): max(x.depth, arguments.map(\.depth).max() ?? 0)
      case .ago(let x, let n): max(x.depth, n.depth)
      case .output(let x, _, _), .clock(let x, _), .negate(let x), .not(let x): x.depth
      case .binary(_, let a, let b): max(a.depth, b.depth)
      }
    depth = below + 1
  }
}

/// What is wrong with an expression, and where in its text.
public struct ExpressionError: Error, Sendable {
  public var code: Diagnostic.Code
  public var range: Range<Int>
  public var message: String
  public var hint: String?

  init(_ code: Diagnostic.Code, _ range: Range<Int>, _ message: String, hint: String? = nil) {
    self.code = code
    self.range = range
    self.message = message
    self.hint = hint
  }
}
