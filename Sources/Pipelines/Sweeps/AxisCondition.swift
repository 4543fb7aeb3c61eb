public import PluginKit

/// A condition over the values of a sweep's axes: `trend.fast < trend.slow and n > 5`. It is written in the expression
/// language, of which numbers, `+ - * /`, comparisons, `and`, `or`, `not`, `abs`, `min` and `max` have a meaning here.
public struct AxisCondition: Sendable {
  private let root: Part

  private indirect enum Part: Sendable {
    case number(Double)
    case text(String)
    case axis(Int, isWord: Bool)
    case arithmetic(Expression.Operator, Part, Part)
    case comparison(Expression.Operator, Part, Part)
    case absolute(Part), minimum([Part]), maximum([Part])
    case not(Part)
    case and(Part, Part), or(Part, Part)

    var isCondition: Bool {
      switch self {
      case .comparison, .not, .and, .or: true
      default: false
      }
    }

    var isWord: Bool {
      switch self {
      case .text, .axis(_, isWord: true): true
      default: false
      }
    }
  }

  /// Reads a condition whose names are those of `axes`.
  public init(_ text: String, over axes: [ParameterAxis]) throws(AxisFault) {
    let expression: Expression
    do throws(ExpressionError) {
      expression = try ExpressionParser.parse(text)
    } catch {
      throw AxisFault("--where '\(text)', column \(error.range.lowerBound + 1): \(error.message)", hint: error.hint)
    }
    root = try Reading(text: text, axes: axes).part(expression)
    guard root.isCondition else {
      throw AxisFault("--where '\(text)' is a value, no condition", hint: "compare it: a.fast < a.slow")
    }
  }

  /// Whether the values, one an axis, are meant.
  public func holds(_ values: [Setting]) -> Bool { AxisCondition.truth(root, values) }

  private static func truth(_ part: Part, _ values: [Setting]) -> Bool {
    switch part {
    case .and(let a, let b): return truth(a, values) && truth(b, values)
    case .or(let a, let b): return truth(a, values) || truth(b, values)
    case .not(let a): return !truth(a, values)
    case .comparison(let operation, let a, let b):
      if a.isWord {
        let same = word(a, values) == word(b, values)
        return operation == .equal ? same : !same
      }
      let (x, y) = (number(a, values), number(b, values))
      switch operation {
      case .less: return x < y
      case .lessOrEqual: return x <= y
      case .greater: return x > y
      case .greaterOrEqual: return x >= y
      case .equal: return x == y
      default: return x != y
      }
    default: return false
    }
  }

  private static func word(_ part: Part, _ values: [Setting]) -> String? {
    switch part {
    case .text(let text): text
    case .axis(let axis, _): values[axis].choice
    default: nil
    }
  }

  private static func number(_ part: Part, _ values: [Setting]) -> Double {
    switch part {
    case .number(let value): return value
    case .axis(let axis, _): return values[axis].number ?? .nan
    case .absolute(let x): return abs(number(x, values))
    case .minimum(let parts): return parts.map { number($0, values) }.min() ?? .nan
    case .maximum(let parts): return parts.map { number($0, values) }.max() ?? .nan
    case .arithmetic(let operation, let a, let b):
      let (x, y) = (number(a, values), number(b, values))
      switch operation {
      case .add: return x + y
      case .subtract: return x - y
      case .multiply: return x * y
      default: return x / y
      }
    default: return .nan
    }
  }

  /// Reads the parts of one condition.
  private struct Reading {
    let text: String
    let axes: [ParameterAxis]

    func part(_ expression: Expression) throws(AxisFault) -> Part {
      switch expression.kind {
      case .number(let value, _): return .number(value)
      case .text(let text): return .text(text)
      case .name, .output: return try axis(expression)
      case .negate(let inner): return .arithmetic(.subtract, .number(0), try number(inner))
      case .not(let inner): return .not(try condition(inner))
      case .call(let name, _, let arguments): return try call(name, arguments, expression)
      case .binary(let operation, let left, let right):
        switch operation {
        case .and: return .and(try condition(left), try condition(right))
        case .or: return .or(try condition(left), try condition(right))
        case .add, .subtract, .multiply, .divide:
          return .arithmetic(operation, try number(left), try number(right))
        default: return try comparison(operation, left, right)
        }
      default: throw fault(expression, "\"\(source(expression))\" has no meaning over parameters")
      }
    }

    private func call(_ name: String, _ arguments: [Expression], _ whole: Expression) throws(AxisFault) -> Part {
      var parts: [Part] = []
      for argument in arguments { parts.append(try number(argument)) }
      switch (name, parts.count) {
      case ("abs", 1): return .absolute(parts[0])
      case ("min", 1...): return .minimum(parts)
      case ("max", 1...): return .maximum(parts)
      default:
        throw fault(whole, "\"\(source(whole))\" has no meaning over parameters", hint: "functions: abs, min, max")
      }
    }

    private func comparison(
      _ operation: Expression.Operator, _ left: Expression, _ right: Expression
    ) throws(AxisFault) -> Part {
      let (a, b) = (try part(left), try part(right))
      if a.isWord || b.isWord {
        guard a.isWord, b.isWord, operation == .equal || operation == .notEqual else {
          throw fault(a.isWord ? right : left, "words are compared with words, by == or !=")
        }
      } else if a.isCondition || b.isCondition {
        throw fault(a.isCondition ? left : right, "a condition is compared with a number")
      }
      return .comparison(operation, a, b)
    }

    private func number(_ expression: Expression) throws(AxisFault) -> Part {
      let part = try part(expression)
      if part.isCondition || part.isWord { throw fault(expression, "\"\(source(expression))\" is not a number") }
      return part
    }

    private func condition(_ expression: Expression) throws(AxisFault) -> Part {
      let part = try part(expression)
      if !part.isCondition { throw fault(expression, "\"\(source(expression))\" is no condition") }
      return part
    }

    private func axis(_ expression: Expression) throws(AxisFault) -> Part {
      let name = source(expression).filter { !$0.isWhitespace }
      guard let place = axes.firstIndex(where: { $0.name == name }) else {
        throw fault(
          expression, "\"\(name)\" is not swept",
          hint: suggestion(for: name, among: axes.map(\.name), called: "swept parameters"))
      }
      return .axis(place, isWord: axes[place].values.contains { $0.choice != nil })
    }

    private func source(_ expression: Expression) -> String {
      let scalars = Array(text.unicodeScalars)
      return String(String.UnicodeScalarView(scalars[expression.range.clamped(to: 0..<scalars.count)]))
    }

    private func fault(_ expression: Expression, _ message: String, hint: String? = nil) -> AxisFault {
      AxisFault("--where '\(text)', column \(expression.range.lowerBound + 1): \(message)", hint: hint)
    }
  }
}
