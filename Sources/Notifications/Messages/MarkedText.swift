internal import PluginKit

/// Text without a form, in which bold stands between two signs of Unicode's private use. It is escaped as a whole where
/// a channel sends it, so that no value and no template can break the channel's markup.
enum MarkedText {
  static let bold: (start: Unicode.Scalar, end: Unicode.Scalar) = ("\u{E000}", "\u{E001}")

  /// Where a long text may be parted.
  static let part: Unicode.Scalar = "\u{E002}"

  /// A value without the signs.
  static func value(_ text: String) -> String {
    // Each of the signs begins with this byte; hardly any text has it.
    guard text.utf8.contains(0xEE) else { return text }
    return String(
      String.UnicodeScalarView(text.unicodeScalars.filter { $0 != bold.start && $0 != bold.end && $0 != part }))
  }

  /// As the channel takes it.
  static func written(_ text: String, in form: TextForm) -> String {
    var written = ""
    var part = String.UnicodeScalarView()
    var isBold = false
    func close() {
      let text = form.escaped(String(part))
      written += isBold ? form.bold(text) : text
      part = String.UnicodeScalarView()
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case bold.start:
        close()
        isBold = true
      case bold.end:
        close()
        isBold = false
      default: part.append(scalar)
      }
    }
    close()
    return written
  }

  /// The first line that holds something, as plain text.
  static func title(of text: String) -> String {
    let line = value(text).split(separator: "\n").first { $0.contains { !$0.isWhitespace } }
    return line.map(String.init) ?? ""
  }
}
