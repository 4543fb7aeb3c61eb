/// What the table of words is given in place of a text, and how it is asked.
///
/// SQLite parts words at spaces. Korean writes particles onto its words, and Chinese and Japanese write no spaces: so
/// a run of their signs is put in as its pairs, one behind the other, as Lucene's CJKAnalyzer does, and its last sign
/// once more alone. A word is then a phrase of its pairs, and is found inside others.
enum SearchText {
  /// The text as words.
  static func words(_ text: String) -> String {
    var words = ""
    write(text, to: &words, dropsLast: false)
    return words
  }

  /// A tag that is one word whatever signs it has.
  static func tag(_ kind: Character, _ name: String) -> String {
    String(kind) + name.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// What SQLite is asked for; nil where nothing is left of the search that could be looked for.
  static func query(_ search: String) -> String? {
    var wanted: [String] = []
    var unwanted: [String] = []
    for term in terms(search).prefix(64) {
      var words = ""
      write(term.text, to: &words, dropsLast: true)
      guard words.contains(where: { $0.isLetter || $0.isNumber }) else { continue }
      let phrase = "{title summary} : \"\(words)\"\(term.isStart || isOneSign(term.text) ? " *" : "")"
      if term.isExcluded { unwanted.append("(\(phrase))") } else { wanted.append("(\(phrase))") }
    }
    guard !wanted.isEmpty else { return nil }
    return "(\(wanted.joined(separator: " AND ")))" + unwanted.map { " NOT \($0)" }.joined()
  }

  private struct SearchTerm {
    var text: String
    var isExcluded: Bool
    /// Whether it is the beginning of a word.
    var isStart: Bool
  }

  private static func terms(_ search: String) -> [SearchTerm] {
    var terms: [SearchTerm] = []
    var text = ""
    var isExcluded = false
    var isQuoted = false
    func end(isStart: Bool = false) {
      if !text.isEmpty { terms.append(SearchTerm(text: text, isExcluded: isExcluded, isStart: isStart)) }
      text = ""
      isExcluded = false
    }
    for character in search.prefix(1_000) {
      switch character {
      case "\"":
        if isQuoted || !text.isEmpty { end() }
        isQuoted.toggle()
      case _ where isQuoted: text.append(character)
      case "*": end(isStart: true)
      case "-" where text.isEmpty: isExcluded = true
      case _ where character.isWhitespace: end()
      default: text.append(character)
      }
    }
    end()
    return terms
  }

  private static func isOneSign(_ text: String) -> Bool {
    let scalars = composed(text)
    return scalars.count == 1 && scalars.allSatisfy(isPaired)
  }

  /// - Parameter dropsLast: leaves out the last sign alone, since the word may go on in the text.
  private static func write(_ text: String, to words: inout String, dropsLast: Bool) {
    if text.utf8.allSatisfy({ $0 < 0x80 }) {
      words += String(decoding: text.utf8.map { isPlainWord($0) ? $0 : 0x20 }, as: UTF8.self)
      return
    }
    let scalars = composed(text)
    var at = 0
    while at < scalars.count {
      guard isPaired(scalars[at]) else {
        // Quotes would end the phrase; nothing but letters and digits is ever found.
        let scalar = scalars[at]
        let isWord =
          scalar.value < 0x80
          ? isPlainWord(UInt8(scalar.value))
          : scalar.properties.isAlphabetic || scalar.properties.numericType != nil || isMark(scalar)
        words.unicodeScalars.append(isWord ? scalar : " ")
        at += 1
        continue
      }
      var end = at
      while end < scalars.count, isPaired(scalars[end]) { end += 1 }
      words += " "
      for place in at..<end - 1 {
        words.unicodeScalars.append(scalars[place])
        words.unicodeScalars.append(scalars[place + 1])
        words += " "
      }
      if !dropsLast || end < scalars.count || end - at == 1 {
        words.unicodeScalars.append(scalars[end - 1])
        words += " "
      }
      at = end
    }
  }

  /// Letters and digits of ASCII.
  private static func isPlainWord(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .nonspacingMark || scalar.properties.generalCategory == .spacingMark
  }

  /// Hangul, Kana and Han.
  private static func isPaired(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAC00...0xD7A3, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2FA1F,
      0x1100...0x11FF, 0x3131...0x318E:
      true
    default: false
    }
  }

  /// With syllables of Hangul that come in their parts put together (Unicode, 3.12).
  private static func composed(_ text: String) -> [Unicode.Scalar] {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if let last = scalars.last?.value {
        if (0x1100...0x1112).contains(last), (0x1161...0x1175).contains(scalar.value),
          let syllable = Unicode.Scalar(0xAC00 + ((last - 0x1100) * 21 + scalar.value - 0x1161) * 28)
        {
          scalars[scalars.count - 1] = syllable
          continue
        }
        if (0xAC00...0xD7A3).contains(last), (last - 0xAC00) % 28 == 0, (0x11A8...0x11C2).contains(scalar.value),
          let syllable = Unicode.Scalar(last + scalar.value - 0x11A7)
        {
          scalars[scalars.count - 1] = syllable
          continue
        }
      }
      scalars.append(scalar)
    }
    return scalars
  }
}
