internal import Yams

/// Puts what the YAML reader says into words that help.
enum YAMLSyntax {
  static func report(_ error: YamlError, to diagnostics: Diagnostics) {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      report(problem, context: context?.text ?? "", contextMark: context?.mark, mark: mark, to: diagnostics)
    case .reader(let problem, let offset, _, let yaml):
      let before = yaml.prefix(max(0, offset ?? 0))
      let line = 1 + before.count { $0.isNewline }
      let column = 1 + (before.split(omittingEmptySubsequences: false) { $0.isNewline }.last?.unicodeScalars.count ?? 0)
      diagnostics.report(
        .yamlSyntax, line: line, columns: column..<column + 1,
        "the file holds a character that YAML does not admit (\(problem))",
        hint: "remove the control character")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let key = duplicates.sorted().first ?? ""
      let place = repeated(key, at: context.mark, in: diagnostics.source)
      let isCut = key.contains(")") && !key.contains("(")
      diagnostics.report(
        isCut ? .unquotedComma : .duplicateKey, line: place.line, columns: place.columns,
        isCut ? UnquotedComma.message : duplicateKey(key), hint: isCut ? UnquotedComma.hint : duplicateHint)
    default:
      diagnostics.report(.yamlSyntax, line: 1, columns: 1..<2, "\(error)")
    }
  }

  private static func report(
    _ problem: String, context: String, contextMark: Mark?, mark: Mark, to diagnostics: Diagnostics
  ) {
    let line = diagnostics.source.line(mark.line) ?? ""
    let known: (message: String, hint: String)
    var at = (line: mark.line, column: mark.column)
    switch true {
    case problem.contains("cannot start any token"), line.prefix(max(0, mark.column)).contains("\t"):
      let isTab = line.contains("\t")
      known =
        isTab
        ? ("a tab stands where YAML admits only spaces", "indent with spaces")
        : ("a value cannot begin with this character", "put the value in quotes")
      if isTab, let tab = line.unicodeScalars.firstIndex(of: "\t") {
        at.column = line.unicodeScalars.distance(from: line.unicodeScalars.startIndex, to: tab) + 1
      }
    case problem.contains("found unexpected end of stream") && context.contains("quoted"):
      known = ("this quote is never closed", "close it with the same quote character")
      if let contextMark { at = (contextMark.line, contextMark.column) }
    case problem.contains("mapping values are not allowed"):
      known = (
        "a second \": \" in one plain value, or a key that is indented wrongly",
        "put the value in quotes, or mend the indentation"
      )
    case problem.contains("did not find expected key"), problem.contains("could not find expected ':'"):
      known = (
        "expected a key here: the indentation does not fit the lines above, or \": \" is missing",
        "keys of one mapping begin in the same column"
      )
    case problem.contains("did not find expected '-' indicator"):
      known = (
        "expected an item (\"- \") here, or the indentation does not fit the lines above",
        "items of a list, and keys of a mapping, begin in one column"
      )
    case problem.contains("did not find expected ',' or"):
      known = (
        "expected \",\" or the closing bracket here",
        "close the bracket, or put a text with brackets or commas in quotes"
      )
      if let contextMark { at = (contextMark.line, contextMark.column) }
    case problem.contains("exceeded max depth"), problem.contains("nesting"), problem.contains("depth"):
      diagnostics.report(
        .tooDeep, line: mark.line, columns: mark.column..<mark.column + 1, "values nest too deep", hint: nil)
      return
    case problem.contains("another document"):
      known = ("a second document begins here (\"---\")", "one file holds one document")
    case problem.contains("undefined alias"), problem.contains("unknown alias"):
      diagnostics.report(
        .alias, line: mark.line, columns: mark.column..<mark.column + 1,
        "a value that begins with * is an alias in YAML, and aliases are not admitted", hint: "put the value in quotes")
      return
    default:
      known = (problem, "YAML could not be read here")
    }
    diagnostics.report(.yamlSyntax, line: at.line, columns: at.column..<at.column + 1, known.message, hint: known.hint)
  }

  static func duplicateKey(_ name: String) -> String { "the key \"\(name)\" stands twice in one mapping" }
  static let duplicateHint = "keep one of them"

  /// The second place of a key whose first is at a mark; the first where it is not found. Keys of a block stand in one
  /// column, those of braces behind a brace or a comma.
  private static func repeated(_ key: String, at mark: Mark, in source: SourceText) -> (line: Int, columns: Range<Int>)
  {
    let words = [key, "\"\(key)\"", "'\(key)'"].map { Array($0.unicodeScalars) }
    let first = Array((source.line(mark.line) ?? "").unicodeScalars)
    let isBlock = first.prefix(mark.column - 1).allSatisfy { $0 == " " || $0 == "-" }
    for number in mark.line..<mark.line + 10_000 {
      guard let line = source.line(number) else { break }
      let scalars = Array(line.unicodeScalars)
      let from = number == mark.line ? mark.column : 0
      for start in isBlock ? mark.column - 1..<mark.column : from..<max(from, scalars.count) where start >= from {
        let before = scalars.prefix(start).last { $0 != " " }
        guard isBlock ? before == nil : before == nil || before == "{" || before == "," else { continue }
        for word in words where scalars.dropFirst(start).starts(with: word) {
          let after = scalars.dropFirst(start + word.count).first { $0 != " " }
          if after == nil || after == ":" || after == "," || after == "}" {
            return (number, start + 1..<start + 1 + word.count)
          }
        }
      }
    }
    return (mark.line, mark.column..<mark.column + max(1, key.unicodeScalars.count))
  }
}
