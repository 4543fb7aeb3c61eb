import PluginKit
import Trading

/// A word of an expression.
struct Token {
  enum Kind: Equatable {
    case number(Double, isPercent: Bool)
    case duration(Timeframe)
    case text(String)
    case name(String)
    case symbol(String)
    case end
  }

  var kind: Kind
  var range: Range<Int>

  /// How it is called in a message.
  var found: String {
    switch kind {
    case .number(let value, let isPercent):
      isPercent ? "the number \(Figure(value * 100))%" : "the number \(Figure(value))"
    case .duration(let duration): "the duration \(duration)"
    case .text(let text): "the text \"\(text)\""
    case .name(let name): "\"\(name)\""
    case .symbol(let symbol): "\"\(symbol)\""
    case .end: "the end"
    }
  }
}

/// Cuts the text of an expression into words.
struct Lexer {
  private let whole: String
  private let scalars: [Unicode.Scalar]
  /// Where each scalar begins: a part of the text is then taken as it stands, and not put together of scalars.
  private let places: [String.Index]
  private var at = 0

  init(_ text: String) {
    whole = text
    scalars = Array(text.unicodeScalars)
    places = Array(text.unicodeScalars.indices) + [text.endIndex]
  }

  static func tokens(of text: String) throws(ExpressionError) -> [Token] {
    var lexer = Lexer(text)
    var tokens: [Token] = []
    repeat {
      tokens.append(try lexer.next())
    } while tokens.last?.kind != .end
    return tokens
  }

  private mutating func next() throws(ExpressionError) -> Token {
    while at < scalars.count, isSpace(scalars[at]) { at += 1 }
    let start = at
    guard at < scalars.count else { return Token(kind: .end, range: at..<at + 1) }
    let scalar = scalars[at]
    if isDigit(scalar) || (scalar == "." && isDigit(peek(1))) { return try number() }
    if isLetter(scalar) {
      while at < scalars.count, isLetter(scalars[at]) || isDigit(scalars[at]) { at += 1 }
      return Token(kind: .name(text(start..<at)), range: start..<at)
    }
    if scalar == "\"" || scalar == "'" { return try quoted(by: scalar) }
    if peek(1) == "=", scalar == "<" || scalar == ">" || scalar == "=" || scalar == "!" {
      at += 2
      return Token(kind: .symbol(text(start..<at)), range: start..<at)
    }
    at += 1
    if scalar.properties.isAlphabetic {
      while at < scalars.count, scalars[at].properties.isAlphabetic || isDigit(scalars[at]) { at += 1 }
      throw ExpressionError(
        .expressionSyntax, start..<at, "\"\(text(start..<at))\" is no name of the expression language",
        hint: "names have the letters a to z, digits and _")
    }
    let symbol = String(Character(scalar))
    if "+-*/()<>[].,@".unicodeScalars.contains(scalar) { return Token(kind: .symbol(symbol), range: start..<at) }
    let hint: String? =
      switch symbol {
      case "&": "write and"
      case "|": "write or"
      case "!": "write not"
      case "=": "write == to compare"
      case "×": "write *"
      case "%": "a percentage is written 2%, without a space"
      case "≥": "write >="
      case "≤": "write <="
      default: nil
      }
    throw ExpressionError(
      .expressionSyntax, start..<at, "\"\(symbol)\" has no meaning in an expression", hint: hint)
  }

  private mutating func number() throws(ExpressionError) -> Token {
    let start = at
    skipDigits()
    if at < scalars.count, scalars[at] == ".", isDigit(peek(1)) {
      at += 1
      skipDigits()
    }
    if at < scalars.count, scalars[at] == "e" || scalars[at] == "E" {
      let sign = peek(1) == "-" || peek(1) == "+" ? 2 : 1
      if isDigit(peek(sign)) {
        at += sign
        skipDigits()
      }
    }
    let digits = text(start..<at)
    if at < scalars.count, isLetter(scalars[at]) {
      while at < scalars.count, isLetter(scalars[at]) || isDigit(scalars[at]) { at += 1 }
      let word = text(start..<at)
      if let duration = Timeframe(word) { return Token(kind: .duration(duration), range: start..<at) }
      throw ExpressionError(
        .expressionSyntax, start..<at, "\"\(word)\" is neither a number nor a duration",
        hint: "durations are 15m, 4h, 1d, 1w, 1mo")
    }
    guard let value = Double(digits), value.isFinite else {
      throw ExpressionError(.expressionSyntax, start..<at, "\"\(digits)\" is not a finite number")
    }
    if at < scalars.count, scalars[at] == "%" {
      at += 1
      return Token(kind: .number(value / 100, isPercent: true), range: start..<at)
    }
    return Token(kind: .number(value, isPercent: false), range: start..<at)
  }

  private mutating func quoted(by quote: Unicode.Scalar) throws(ExpressionError) -> Token {
    let start = at
    at += 1
    while at < scalars.count, scalars[at] != quote { at += 1 }
    guard at < scalars.count else {
      throw ExpressionError(.expressionSyntax, start..<start + 1, "this quote is never closed")
    }
    at += 1
    return Token(kind: .text(text(start + 1..<at - 1)), range: start..<at)
  }

  private mutating func skipDigits() { while at < scalars.count, isDigit(scalars[at]) { at += 1 } }
  private func text(_ range: Range<Int>) -> String {
    String(whole.unicodeScalars[places[range.lowerBound]..<places[range.upperBound]])
  }
  private func peek(_ ahead: Int) -> Unicode.Scalar { at + ahead < scalars.count ? scalars[at + ahead] : " " }
  private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? scalar == " " || (9...13).contains(scalar.value) : scalar.properties.isWhitespace
  }
  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }
  private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    (scalar >= "a" && scalar <= "z") || (scalar >= "A" && scalar <= "Z") || scalar == "_"
  }
}
