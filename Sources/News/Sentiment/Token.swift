/// A word of a text, in lower case, and the clause that it stands in.
struct Token: Hashable, Sendable {
  var text: String
  var clause: Int
}

extension Token {
  /// Scalars of a text that are read; what a feed sends behind them adds nothing to its tone.
  static let textLimit = 10_000
  /// Letters of a word that are kept: no word is longer, and what is may be made to cost time.
  private static let wordLimit = 48

  /// The words of a text: letters, and apostrophes within. Numbers are none. Clauses end at sentence marks, colons,
  /// semicolons, dashes with blanks, and line ends.
  static func split(_ text: String) -> [Token] {
    var tokens: [Token] = []
    var clause = 0
    var word = String.UnicodeScalarView()
    var previous: Unicode.Scalar = " "
    func end() {
      defer { word.removeAll() }
      var text = String(word).lowercased()
      while text.hasSuffix("'") { text.removeLast() }
      if text.hasSuffix("'s") { text.removeLast(2) }
      guard !text.isEmpty else { return }
      tokens.append(Token(text: text, clause: clause))
    }
    for scalar in text.unicodeScalars.prefix(textLimit) {
      defer { previous = scalar }
      if scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark {
        if word.count < wordLimit { word.append(scalar) }
        continue
      }
      if scalar == "'" || scalar == "\u{2019}" {
        if !word.isEmpty { word.append("'") }
        continue
      }
      // The point of an abbreviation (U.S.) or a number ends no clause: only what a blank follows does.
      let followsMark = ".!?:;".unicodeScalars.contains(previous)
      end()
      if scalar == "\n" || "…|;!?。".unicodeScalars.contains(scalar) || (followsMark && scalar.properties.isWhitespace) {
        clause += 1
      } else if (scalar == "-" || scalar == "\u{2013}" || scalar == "\u{2014}"), previous == " " {
        clause += 1
      }
    }
    end()
    return tokens
  }
}
