/// What a module's own file says of it: its doc comment, and where it stands.
public struct ModuleSource: Sendable, Hashable {
  public let id: String
  /// The doc comment as Markdown: a sentence, the formula, the source.
  public let comment: String
  /// The file, relative to the folder of the plugins.
  public let file: String

  /// The modules of a Swift file: a declaration at the margin with its doc comment, and its `static let id`.
  public static func modules(in text: String, file: String) -> [ModuleSource] {
    var modules: [ModuleSource] = []
    var comment: [Substring] = []
    var declared: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("///") {
        comment.append(line.dropFirst(line.hasPrefix("/// ") ? 4 : 3))
      } else if let id = id(in: line) {
        modules.append(ModuleSource(id: id, comment: declared.joined(separator: "\n"), file: file))
      } else if line.first.map({ $0.isLetter }) == true {
        (declared, comment) = (comment, [])
      } else if line.isEmpty {
        comment = []
      }
    }
    return modules
  }

  /// The id of `static let id = "sma"`.
  private static func id(in line: Substring) -> String? {
    guard let start = line.firstRange(of: "static let id = \"") else { return nil }
    let rest = line[start.upperBound...]
    return rest.firstIndex(of: "\"").map { String(rest[..<$0]) }
  }
}
