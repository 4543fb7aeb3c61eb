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
        .yamlSyntax, line: line, columns: column..<column + 1, "the file holds a character that YAML does not admit (\(problem))",
        hint: "remove the control character")
    case .duplicatedKeysInMapping(let duplicates, let context):
      for key in duplicates.sorted() {
        let place = repeated(key, in: context.mark, of: diagnostics.source)
        let isCut = key.contains(")") && !key.contains("(")
        diagnostics.report(
          isCut ? .unquotedComma : .duplicateKey, line: place.line, columns: place.columns,
          isCut ? UnquotedComma.message : duplicateKey(key), hint: isCut ? UnquotedComma.hint : duplicateHint)
      }
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
      known = ("a second \": \" in one plain value, or a key that is indented wrongly", "put the value in quotes, or mend the indentation")
    case problem.contains("did not find expected key"), problem.contains("could not find expected ':'"):
      known = ("expected a key here: the indentation does not fit the lines above, or \": \" is missing", "keys of one mapping begin in the same column")
    case problem.contains("did not find expected '-' indicator"):
      known = ("expected an item (\"- \") here: the indentation does not fit the list above", "items of one list begin in the same column")
    case problem.contains("did not find expected ',' or"):
      known = ("expected \",\" or the closing bracket here", "close the bracket, or put a text with brackets or commas in quotes")
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

  /// The second place of a key in the mapping that begins at a mark; the mark where it is not found.
  private static func repeated(_ key: String, in mark: Mark, of source: SourceText) -> (line: Int, columns: Range<Int>) {
    var places: [(line: Int, columns: Range<Int>)] = []
    var number = mark.line
    while let line = source.line(number), places.count < 2, number < mark.line + 10_000 {
      let scalars = Array(line.unicodeScalars)
      let isFirst = number == mark.line
      let isFlow = source.line(mark.line)?.unicodeScalars.dropFirst(mark.column - 1).first == "{"
      for name in [key, "\"\(key)\"", "'\(key)'"] {
        let word = Array(name.unicodeScalars)
        // Keys of a block stand in its column; those of braces anywhere behind a brace or a comma.
        let starts = isFlow ? Array((isFirst ? mark.column : 0)..<max(scalars.count, mark.column)) : [mark.column - 1]
        for start in starts where scalars.dropFirst(start).starts(with: word) {
          let before = scalars[..<start].last { $0 != " " }
          let after = scalars.dropFirst(start + word.count).first { $0 != " " }
          let isKey = isFlow
            ? before == nil || before == "{" || before == ","
            : isFirst || scalars[..<start].allSatisfy { $0 == " " }
          if isKey, after == nil || after == ":" || after == "," || after == "}" {
            places.append((number, start + 1..<start + 1 + word.count))
          }
        }
      }
      number += 1
    }
    return places.count > 1 ? places[1] : (mark.line, mark.column..<mark.column + 1)
  }
}
