import Logging
import Trading

/// Log lines as text, each entry one line: `2026-11-23T03:00:00Z warning: what it says  key=value`.
///
/// What stands in an entry may come from outside (a title, the answer of a server). Nothing in it can end the line, begin
/// another, or steer a terminal: such signs are written out.
struct TextLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var logLevel = Logger.Level.info

  private let now: @Sendable () -> Instant
  private let write: @Sendable (String) -> Void

  /// - Parameter write: takes a line with its end.
  init(now: @escaping @Sendable () -> Instant, write: @escaping @Sendable (String) -> Void) {
    self.now = now
    self.write = write
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var all = metadata
    if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
    if let own = event.metadata { all.merge(own) { $1 } }
    let pairs = all.sorted { $0.key < $1.key }.map { "\(LogText.line($0.key))=\(LogText.value("\($0.value)"))" }
    let message = LogText.line(event.message.description)
    let tail = pairs.isEmpty ? "" : "  " + pairs.joined(separator: " ")
    write("\(now()) \(event.level): \(message)\(tail)\n")
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

  /// How a sign is written out; nil where it stands for itself.
  private static func written(_ scalar: Unicode.Scalar) -> String? {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    // Joiners, which Emoji and Indic words are made with.
    case "\u{200C}", "\u{200D}": return nil
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
      return "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    default: return nil
    }
  }
}
