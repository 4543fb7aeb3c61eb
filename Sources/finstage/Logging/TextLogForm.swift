/// Entries as text for people, each one line: `2026-11-23T03:00:00Z warning: what it says  key=value`.
///
/// What stands in an entry may come from outside (a title, the answer of a server). Nothing in it can end the line, begin
/// another, or steer a terminal: such signs are written out.
struct TextLogForm: LogForm {
  func line(_ entry: LogEntry) -> String {
    let pairs = entry.labels.map { "\(LogText.line($0.name))=\(LogText.value($0.value))" }
    let tail = pairs.isEmpty ? "" : "  " + pairs.joined(separator: " ")
    return "\(entry.time) \(entry.level): \(LogText.line(entry.message))\(tail)"
  }
}

/// Text as it may stand in a line of a log.
enum LogText {
  /// The longest that one text may be, in signs; what is longer is cut and says so.
  static let limit = 8_000

  /// In one line, without signs that steer a terminal or turn the direction of writing.
  static func line(_ text: String) -> String {
    var line = String.UnicodeScalarView()
    for (place, scalar) in text.unicodeScalars.enumerated() {
      if place == limit {
        line.append(contentsOf: "… (cut)".unicodeScalars)
        break
      }
      if let written = written(scalar) {
        line.append(contentsOf: written.unicodeScalars)
      } else {
        line.append(scalar)
      }
    }
    return String(line)
  }

  /// A value behind its key, in quotes where it could be taken for more than one.
  static func value(_ text: String) -> String {
    let isPlain = !text.isEmpty && !text.contains { $0 == " " || $0 == "\"" || $0 == "=" || $0.isNewline }
    if isPlain { return line(text) }
    return "\"\(line(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")))\""
  }

  /// Whether a sign does something else than to stand there.
  static func isActive(_ scalar: Unicode.Scalar) -> Bool {
    // Joiners, which Emoji and Indic words are made with.
    if scalar == "\u{200C}" || scalar == "\u{200D}" { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return true
    default: return false
    }
  }

  /// How a sign is written out; nil where it stands for itself.
  private static func written(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: isActive(scalar) ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : nil
    }
  }
}
