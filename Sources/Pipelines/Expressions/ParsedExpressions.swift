/// Parsed expressions by their text.
final class ParsedExpressions {
  private var known: [String: Expression] = [:]

  func expression(_ text: String) throws(ExpressionError) -> Expression {
    if let expression = known[text] { return expression }
    let expression = try ExpressionParser.parse(text)
    known[text] = expression
    return expression
  }
}
