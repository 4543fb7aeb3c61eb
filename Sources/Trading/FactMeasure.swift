/// A number that is made of what is known of a symbol besides its prices, as an expression asks for it.
public enum FactMeasure: Hashable, Sendable {
  /// The mean score of the news published in the last so long.
  case sentiment(Timeframe)
  /// How many items of news were published in the last so long.
  case newsCount(Timeframe)
  /// A figure of the statements: of the newest period, or of the same one so many years before.
  case fundamental(StatementField, Span, yearsBefore: Int)

  /// Over which period a figure is meant.
  public enum Span: String, Hashable, Sendable, CaseIterable {
    /// The newest quarter; the newest year of a company that has filed no quarters.
    case latest
    case quarter, year
    /// Trailing twelve months: the year, or the four quarters, that end with the newest period.
    case ttm
  }
}

extension FactMeasure: CustomStringConvertible {
  /// As an expression has it: `sentiment(3d)`, `fundamental("revenue", "ttm", 1)`.
  public var description: String {
    switch self {
    case .sentiment(let window): "sentiment(\(window))"
    case .newsCount(let window): "news.count(\(window))"
    case .fundamental(let field, .latest, 0): "fundamental(\"\(field.rawValue)\")"
    case .fundamental(let field, let span, 0): "fundamental(\"\(field.rawValue)\", \"\(span.rawValue)\")"
    case .fundamental(let field, let span, let years):
      "fundamental(\"\(field.rawValue)\", \"\(span.rawValue)\", \(years))"
    }
  }
}
