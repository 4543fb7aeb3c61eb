/// Fields as words of a message: short, and without bytes that would disturb a terminal.
enum FieldText {
  /// The field in quotes, or that it is empty.
  static func quoted(_ field: Span<UInt8>) -> String {
    field.isEmpty ? "empty" : "'\(shown(field, limit: 40))'"
  }

  static func full(_ field: Span<UInt8>) -> String { shown(field, limit: 80) }

  /// A number as people write it: 10 and not 10.0.
  static func number(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// Names as a list, the first dozen of them.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(12).map { $0.isEmpty ? "''" : $0 }.joined(separator: ", ")
    return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
  }

  private static func shown(_ field: Span<UInt8>, limit: Int) -> String {
    let text = field.extracting(first: limit * 4).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    var shown = ""
    for scalar in text.unicodeScalars.prefix(limit) {
      if scalar.value < 32 || (127..<160).contains(scalar.value) {
        shown += "\\x" + String(scalar.value, radix: 16)
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return text.unicodeScalars.count > limit ? shown + "…" : shown
  }
}
