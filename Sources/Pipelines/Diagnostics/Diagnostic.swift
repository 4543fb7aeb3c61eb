/// One fault in a file: where it is, what was found, what is admitted.
public struct Diagnostic: Hashable, Sendable {
  public enum Severity: String, Sendable { case error, warning }

  public var file: String
  /// From 1. Columns count Unicode scalars, as YAML does.
  public var line, column, endColumn: Int
  public var severity: Severity
  public var code: Code
  public var message: String
  /// What to do about it.
  public var hint: String?
  /// The line it stands in, where the file could be read.
  public var sourceLine: String?

  public init(
    file: String, line: Int, column: Int, endColumn: Int, severity: Severity = .error, code: Code, message: String,
    hint: String? = nil, sourceLine: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.endColumn = endColumn
    self.severity = severity
    self.code = code
    self.message = message
    self.hint = hint
    self.sourceLine = sourceLine
  }

  /// Stable names of what can be wrong. A number is never given to another meaning.
  public enum Code: String, Sendable, CaseIterable {
    case unreadableFile = "E001 unreadable-file"
    case notUTF8 = "E002 not-utf8"
    case tooLarge = "E003 too-large"
    case yamlSyntax = "E004 yaml-syntax"
    case alias = "E005 alias"
    case tooDeep = "E006 too-deep"
    case emptyFile = "E007 empty-file"
    case duplicateKey = "E008 duplicate-key"
    case unknownKey = "E010 unknown-key"
    case missingKey = "E011 missing-key"
    case unknownModule = "E012 unknown-module"
    case wrongType = "E013 wrong-type"
    case outOfRange = "E014 out-of-range"
    case duplicateID = "E015 duplicate-id"
    case unknownStep = "E016 unknown-step"
    case cycle = "E017 cycle"
    case nameMismatch = "E018 name-mismatch"
    case unknownWatchlist = "E019 unknown-watchlist"
    case expressionSyntax = "E020 expression-syntax"
    case unknownName = "E021 unknown-name"
    case wrongArguments = "E022 wrong-arguments"
    case outputNeeded = "E023 output-needed"
    case kindMismatch = "E024 kind-mismatch"
    case unquotedComma = "E025 unquoted-comma"
    case badTime = "E026 bad-time"
    case badNotation = "E027 bad-notation"
    case missingInput = "E028 missing-input"
    case conflictingKeys = "E029 conflicting-keys"
    case badReference = "E030 bad-reference"
    case unknownType = "E031 unknown-type"
    case future = "E032 future"
    case unitMismatch = "E033 unit-mismatch"
    case tradeOnly = "E034 trade-only"
    case badDataFile = "E040 bad-data-file"
    case keptData = "E050 kept-data"
    case literalSecret = "E051 literal-secret"
    case unusedStep = "W001 unused-step"
    case notActedOn = "W002 not-acted-on"
    case missingReference = "W003 missing-reference"
    case neverTrue = "W004 never-true"
    case alwaysTrue = "W005 always-true"
    case calendarEnds = "W007 calendar-ends"
    case badTemplate = "W008 bad-template"

    public var severity: Severity { rawValue.hasPrefix("W") ? .warning : .error }
  }
}

extension Diagnostic: CustomStringConvertible {
  /// The fault with its source line and a caret under the very token.
  public var description: String {
    var text = "\(file):\(line):\(column): \(severity.rawValue)[\(code.rawValue)]: \(Diagnostic.visible(message))\n"
    if let sourceLine = sourceLine.map({ Diagnostic.visible($0) }) {
      let number = "\(line)"
      let margin = String(repeating: " ", count: number.count)
      let shown = Diagnostic.window(of: sourceLine, column: column, endColumn: endColumn)
      text += " \(number) | \(shown.line)\n \(margin) | \(shown.carets)\n"
    }
    if let hint { text += "   = \(Diagnostic.visible(hint))\n" }
    return text
  }

  /// A text on one line in which control characters can be seen and do nothing to a terminal.
  private static func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isControl($0) }) else { return text }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      shown.append(
        isControl(scalar) ? Unicode.Scalar(scalar.value < 0x20 ? 0x2400 + scalar.value : 0x2421) ?? "?" : scalar)
    }
    return String(shown)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    (scalar.value < 0x20 && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
  }

  /// At most 160 columns of a line around the fault, and the carets below: a wide character (Hangul, say) takes two.
  private static func window(of line: String, column: Int, endColumn: Int) -> (line: String, carets: String) {
    let scalars = Array(line.unicodeScalars)
    let first = max(0, min(column - 1, scalars.count))
    let start = scalars.count > 160 ? max(0, first - 60) : 0
    let end = min(scalars.count, start + 160)
    var carets = start > 0 ? "  " : ""
    for scalar in scalars[start..<max(start, min(first, end))] {
      carets += scalar == "\t" ? "\t" : isWide(scalar) ? "  " : " "
    }
    let last = max(first + 1, min(endColumn - 1, end))
    for index in first..<last { carets += index < end && isWide(scalars[index]) ? "^^" : "^" }
    let shown = String(String.UnicodeScalarView(scalars[start..<end]))
    return ((start > 0 ? "… " : "") + shown + (end < scalars.count ? " …" : ""), carets)
  }

  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0x1F300...0x1FAFF:
      true
    default: false
    }
  }
}
