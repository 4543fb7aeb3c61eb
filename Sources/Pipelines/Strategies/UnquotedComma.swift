/// In flow style `{ buy: rsi(close, 14) > 50 }` is cut at the comma: YAML sees a key `14) > 50`.
enum UnquotedComma {
  static let message = "the comma ends the value here: in { } an expression with a comma must stand in quotes"

  static func find(in entries: [YAMLValue.Entry]) -> (value: YAMLValue, hint: String)? {
    for (index, entry) in entries.enumerated().dropFirst() {
      let before = entries[index - 1]
      guard let cut = before.value.text, !before.value.isQuoted, opens(cut) > 0, opens(entry.name) < 0 else { continue }
      let whole = "\(cut), \(entry.name)"
      return (before.value, "write \(before.name): \"\(whole)\", or give each key a line of its own")
    }
    return nil
  }

  private static func opens(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
  }
}
