/// In flow style `{ buy: rsi(close, 14) > 50 }` is cut at the comma: YAML sees a key `14) > 50`.
enum UnquotedComma {
  static let message = "the comma ends the value here: in { } an expression with a comma must stand in quotes"
  static let hint = "put the expression in quotes, or give each key a line of its own"

  /// Reports every value of a mapping that was cut, and says whether there is one.
  static func report(in entries: [YAMLValue.Entry], to diagnostics: Diagnostics) -> Bool {
    var found = false
    for (index, entry) in entries.enumerated() where !entry.value.isQuoted {
      guard let start = entry.value.text, !start.isEmpty else { continue }
      var (whole, open) = (start, opens(start))
      for piece in entries[(index + 1)...] {
        guard open > 0, piece.value.isNull, let text = piece.key.text else { break }
        (whole, open) = ("\(whole), \(text)", open + opens(text))
      }
      guard whole != start else { continue }
      found = true
      diagnostics.report(
        .unquotedComma, at: entry.value, message,
        hint: "write \(entry.name): \"\(whole)\", or give each key a line of its own")
    }
    return found
  }

  private static func opens(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
  }
}
