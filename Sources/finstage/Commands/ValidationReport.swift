import Pipelines

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The answer of `validate`.
struct ValidationReport: Encodable {
  var files: Int
  var errors: Int
  var warnings: Int
  var diagnostics: [Entry]
  private let all: [Diagnostic]

  struct Entry: Encodable {
    var file: String
    var line, column, endColumn: Int
    var severity, code, message: String
    var hint: String?

    enum CodingKeys: String, CodingKey {
      case file, line, column, severity, code, message, hint
      case endColumn = "end_column"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(file, forKey: .file)
      try container.encode(line, forKey: .line)
      try container.encode(column, forKey: .column)
      try container.encode(endColumn, forKey: .endColumn)
      try container.encode(severity, forKey: .severity)
      try container.encode(code, forKey: .code)
      try container.encode(message, forKey: .message)
      try container.encode(hint, forKey: .hint)
    }
  }

  enum CodingKeys: CodingKey { case files, errors, warnings, diagnostics }

  init(files: Int, diagnostics: [Diagnostic]) {
    self.files = files
    all = diagnostics
    errors = diagnostics.count { $0.severity == .error }
    warnings = diagnostics.count - errors
    self.diagnostics = diagnostics.map {
      Entry(
        file: $0.file, line: $0.line, column: $0.column, endColumn: $0.endColumn, severity: $0.severity.rawValue,
        code: $0.code.rawValue, message: $0.message, hint: $0.hint)
    }
  }

  /// How much of everything there is, in a line.
  var summary: String {
    func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
    return "\(counted(files, "file")): \(counted(errors, "error")), \(counted(warnings, "warning"))"
  }

  /// Every fault with its source line, and a closing line.
  var text: String { (all.map(\.description) + [summary]).joined(separator: "\n") }

  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
