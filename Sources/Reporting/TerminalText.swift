/// Text as a terminal shows it: measured in cells, of which a Korean or Chinese character and most emoji take two.
enum TerminalText {
  /// How many cells the text takes.
  static func width(_ text: String) -> Int {
    // Most of a table is ASCII, a cell a byte: what a scalar is need not be looked up.
    let isPlain = text.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    return isPlain ? text.utf8.count : text.reduce(0) { $0 + width($1) }
  }

  /// Cells of one character. Its first visible scalar decides: what follows are marks, joined emoji or the vowels and
  /// finals of a decomposed Korean syllable, which take no cell of their own.
  static func width(_ character: Character) -> Int {
    for scalar in character.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format, .control: continue
      default: break
      }
      let emoji = character.unicodeScalars.contains { $0.value == 0xFE0F } || scalar.properties.isEmojiPresentation
      return emoji || isWide(scalar.value) ? 2 : 1
    }
    return 0
  }

  /// Unicode's East Asian Width W and F (Annex 11), in blocks.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// The text without what could steer a terminal: control and bidirectional characters become a space.
  ///
  /// Reasons and symbols come from files and feeds; an escape sequence in them must not reach the screen.
  static func printable(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let value = scalar.value
      let steers =
        value < 0x20 || (0x7F...0x9F).contains(value) || (0x2028...0x202E).contains(value)
        || (0x2066...0x2069).contains(value)
      result.append(steers ? " " : scalar)
    }
    return String(result)
  }

  static func left(_ text: String, _ cells: Int) -> String { text + spaces(cells - width(text)) }
  static func right(_ text: String, _ cells: Int) -> String { spaces(cells - width(text)) + text }
  static func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  /// The text in at most so many cells; what was cut shows as `…`.
  static func truncated(_ text: String, to cells: Int) -> String {
    guard width(text) > cells else { return text }
    var result = ""
    var used = 1
    for character in text {
      used += width(character)
      if used > cells { break }
      result.append(character)
    }
    return result + "…"
  }

  /// Lines of at most so many cells, broken at spaces, and inside a word only where it is longer than a line.
  static func wrapped(_ text: String, to cells: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    func finish() {
      lines.append(line)
      line = ""
      used = 0
    }
    for word in text.split(separator: " ") {
      let length = width(String(word))
      if used > 0, used + 1 + length > cells { finish() }
      if used > 0 {
        line.append(" ")
        used += 1
      }
      for character in word {
        if used + width(character) > cells, used > 0 { finish() }
        line.append(character)
        used += width(character)
      }
    }
    if used > 0 { finish() }
    return lines
  }
}

/// The few colours that a text report uses.
enum TerminalColour: String {
  case bold = "\u{1B}[1m"
  case dim = "\u{1B}[2m"
  // Blue and yellow rather than green and red, which many people cannot tell apart; the sign says it too.
  case gain = "\u{1B}[34m"
  case loss = "\u{1B}[33m"

  func paint(_ text: String, when wanted: Bool) -> String { wanted ? rawValue + text + "\u{1B}[0m" : text }
}
