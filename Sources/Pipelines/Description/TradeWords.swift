import PluginKit

/// The expressions of a plan in words: columns as a narrator tells them, the rest around them.
struct TradeWords {
  let plan: TradePlan
  let locale: StrategyDescription.Locale
  let value: (Int) -> String
  let clause: (Int) -> String

  func text(_ expression: TradeExpression) -> String {
    switch expression {
    case .number(let number): return Figure(number).description
    case .column(let place): return value(plan.columns[place])
    case .atEntry(let place):
      let inner = value(plan.columns[place])
      return locale == .en ? "\(inner) at the entry's signal" : "진입 신호 때의 \(inner)"
    case .position(let name): return self.name(name)
    case .unary(let operation, let a):
      switch operation {
      case .negate: return locale == .en ? "minus \(part(a))" : "−\(part(a))"
      case .absolute: return locale == .en ? "the size of \(part(a))" : "\(part(a))의 절댓값"
      case .not: return locale == .en ? "not (\(condition(a)))" : "(\(condition(a)))이 아님"
      default: return "\(operation)(\(text(a)))"
      }
    case .binary(let operation, let a, let b):
      if let word = word(operation) { return "\(part(a)) \(word) \(part(b))" }
      switch operation {
      case .minimum: return locale == .en ? "the lesser of \(text(a)) and \(text(b))" : "\(text(a)), \(text(b)) 중 작은 값"
      case .maximum: return locale == .en ? "the greater of \(text(a)) and \(text(b))" : "\(text(a)), \(text(b)) 중 큰 값"
      case .coalesce: return locale == .en ? "\(text(a)), or \(text(b)) without it" : "\(text(a))(없으면 \(text(b)))"
      default: return condition(expression)
      }
    case .choose(let test, let a, let b):
      return locale == .en
        ? "\(text(a)) where \(condition(test)), else \(text(b))"
        : "(\(condition(test)))이면 \(text(a)), 아니면 \(text(b))"
    }
  }

  func condition(_ expression: TradeExpression) -> String {
    switch expression {
    case .column(let place): return clause(plan.columns[place])
    case .binary(.and, let a, let b): return "\(condition(a)) \(locale == .en ? "and" : "그리고") \(condition(b))"
    case .binary(.or, let a, let b): return "\(condition(a)) \(locale == .en ? "or" : "또는") \(condition(b))"
    case .binary(let operation, let a, let b):
      if locale == .en, let words = EnglishNarrator.comparison(operation) { return "\(text(a)) \(words) \(text(b))" }
      if let sign = TradeWords.signs[operation] { return "\(text(a)) \(sign) \(text(b))" }
      return text(expression)
    default: return text(expression)
    }
  }

  private func part(_ expression: TradeExpression) -> String {
    if case .binary(let operation, _, _) = expression, word(operation) != nil { return "(\(text(expression)))" }
    return text(expression)
  }

  private func word(_ operation: PluginKit.Operation) -> String? {
    switch operation {
    case .add: locale == .en ? "plus" : "+"
    case .subtract: locale == .en ? "less" : "−"
    case .multiply: locale == .en ? "times" : "×"
    case .divide: locale == .en ? "divided by" : "÷"
    default: nil
    }
  }

  private static let signs: [PluginKit.Operation: String] = [
    .less: "<", .lessOrEqual: "≤", .greater: ">", .greaterOrEqual: "≥", .equal: "=", .notEqual: "≠",
  ]

  private func name(_ name: TradeExpression.PositionValue) -> String {
    let isEnglish = locale == .en
    return switch name {
    case .price: isEnglish ? "the position's price" : "평균 체결가"
    case .lastFill: isEnglish ? "the last fill" : "마지막 체결가"
    case .bars: isEnglish ? "the bars in the position" : "보유 봉 수"
    case .units: isEnglish ? "the units held" : "보유 단위 수"
    case .high: isEnglish ? "the highest price since the entry" : "진입 뒤 최고가"
    case .low: isEnglish ? "the lowest price since the entry" : "진입 뒤 최저가"
    case .return: isEnglish ? "the position's return" : "포지션 수익률"
    case .side: isEnglish ? "the position's side (1 long, −1 short)" : "포지션 방향(매수 1, 매도 −1)"
    }
  }
}
