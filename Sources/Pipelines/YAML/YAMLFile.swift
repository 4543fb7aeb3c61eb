internal import Yams

/// A YAML file read within bounds: its tree, and the faults that kept it from having one.
public struct YAMLFile {
  public let diagnostics: Diagnostics
  public let root: YAMLValue?

  /// The largest file that is read, in bytes.
  public static let sizeLimit = 1 << 20
  private static let nodeLimit = 50_000
  private static let depthLimit = 64

  public init(file: String, bytes: [UInt8], references: References = .none) {
    let name = file
    guard bytes.count <= YAMLFile.sizeLimit else {
      self.init(failing: name, .tooLarge, YAMLFile.tooLarge(bytes.count), hint: YAMLFile.tooLargeHint)
      return
    }
    guard let text = YAMLFile.decode(bytes) else {
      let sound = YAMLFile.validPrefix(bytes)
      let before = bytes[..<sound]
      let lineStart = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
      self.init(
        failing: name, .notUTF8,
        "the file is not UTF-8 text: the byte 0x\(String(bytes[sound], radix: 16)) does not belong there",
        hint: "save it as UTF-8", line: 1 + before.count { $0 == 10 },
        column: 1 + bytes[lineStart..<sound].count { $0 & 0xC0 != 0x80 })
      return
    }
    let source = SourceText(file: name, text: text)
    let diagnostics = Diagnostics(source: source, references: references)
    self.init(diagnostics: diagnostics, root: YAMLFile.tree(of: text, diagnostics))
  }

  private init(diagnostics: Diagnostics, root: YAMLValue?) {
    self.diagnostics = diagnostics
    self.root = root
  }

  init(
    failing file: String, _ code: Diagnostic.Code, _ message: String, hint: String?, line: Int = 1, column: Int = 1
  ) {
    self.init(diagnostics: Diagnostics(source: SourceText(file: file, text: "")), root: nil)
    diagnostics.report(code, line: line, columns: column..<column + 1, message, hint: hint)
  }

  private static func decode(_ bytes: [UInt8]) -> String? {
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    return String(validating: content, as: UTF8.self)
  }

  /// How many bytes are sound, found by halving.
  private static func validPrefix(_ bytes: [UInt8]) -> Int {
    var (low, high) = (0, bytes.count)
    while low < high {
      let middle = (low + high + 1) / 2
      // A cut inside a character is no fault of the text: up to three more bytes end it.
      let sound = (0...3).contains { String(validating: bytes.prefix(middle + $0), as: UTF8.self) != nil }
      if sound { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private static func tree(of text: String, _ diagnostics: Diagnostics) -> YAMLValue? {
    if let fault = YAMLGlance.fault(in: text) {
      diagnostics.report(
        fault.code, line: fault.line, columns: fault.column..<fault.column + 1, fault.message, hint: fault.hint)
      return nil
    }
    do {
      // Without the rules for what a scalar may be: words are read by the kind that the schema asks for. An encoding
      // that is not given is looked up in the environment, at every file.
      let parser = try Parser(yaml: text, resolver: .basic, constructor: Constructor([:], [:], [:]), encoding: .utf8)
      guard let node = try parser.singleRoot() else {
        let isBlank = text.allSatisfy(\.isWhitespace)
        diagnostics.report(
          .emptyFile, line: 1, columns: 1..<2, isBlank ? "the file is empty" : "the file holds nothing but comments",
          hint: emptyHint)
        return nil
      }
      var budget = nodeLimit
      let root = try convert(node, depth: 0, budget: &budget, near: (1, 1))
      if root.isNull {
        diagnostics.report(.emptyFile, line: 1, columns: 1..<2, "the file holds nothing but comments", hint: emptyHint)
        return nil
      }
      return root
    } catch let fault as Refusal {
      diagnostics.report(
        fault.code, line: fault.mark.line, columns: fault.mark.column..<fault.mark.column + 1, fault.message,
        hint: fault.hint)
    } catch let error as YamlError {
      YAMLSyntax.report(error, to: diagnostics)
    } catch {
      diagnostics.report(.yamlSyntax, line: 1, columns: 1..<2, "\(error)")
    }
    return nil
  }

  private static func convert(
    _ node: Node, depth: Int, budget: inout Int, near: (line: Int, column: Int)
  ) throws -> YAMLValue {
    let mark: (line: Int, column: Int) = node.mark.map { ($0.line, $0.column) } ?? near
    budget -= 1
    guard budget > 0 else {
      throw Refusal(code: .tooLarge, mark: mark, message: "the file holds more than \(nodeLimit) values", hint: nil)
    }
    guard depth < depthLimit else {
      throw Refusal(code: .tooDeep, mark: mark, message: "values nest deeper than \(depthLimit) levels", hint: nil)
    }
    if node.anchor != nil {
      throw Refusal(code: .alias, mark: mark, message: YAMLGlance.aliasMessage, hint: YAMLGlance.aliasHint)
    }
    if hasTag(node) {
      throw Refusal(code: .yamlSyntax, mark: mark, message: "tags (!name) are not admitted", hint: "leave it out")
    }
    let content: YAMLValue.Content
    switch node {
    case .scalar(let scalar):
      let quoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
      let block = scalar.style == .literal || scalar.style == .folded
      content = .scalar(.init(text: scalar.string, isQuoted: quoted, isBlock: block))
    case .sequence(let sequence):
      content = .sequence(
        try sequence.map { try convert($0, depth: depth + 1, budget: &budget, near: mark) })
    case .mapping(let mapping):
      // The YAML reader takes `on` and `!!bool on` for two keys.
      var names: Set<String> = []
      content = .mapping(
        try mapping.map { key, value in
          let key = try convert(key, depth: depth + 1, budget: &budget, near: mark)
          let near = (line: key.line, column: key.column)
          if let name = key.text, !names.insert(name).inserted {
            throw Refusal(
              code: .duplicateKey, mark: near, message: YAMLSyntax.duplicateKey(name), hint: YAMLSyntax.duplicateHint)
          }
          return .init(key: key, value: try convert(value, depth: depth + 1, budget: &budget, near: near))
        })
    case .alias: throw Refusal(code: .alias, mark: mark, message: YAMLGlance.aliasMessage, hint: YAMLGlance.aliasHint)
    }
    return YAMLValue(content: content, line: mark.line, column: mark.column)
  }

  /// Whether a tag is written. Reading `tag` resolves the implicit ones to names of YAML's own.
  private static func hasTag(_ node: Node) -> Bool {
    let name = node.tag.description
    return !name.hasPrefix("tag:yaml.org,2002:") && !name.isEmpty
  }

  private struct Refusal: Error {
    var code: Diagnostic.Code
    var mark: (line: Int, column: Int)
    var message: String
    var hint: String?
  }

  static func tooLarge(_ bytes: Int) -> String { "the file has \(bytes / 1_048_576) MB; at most 1 MB is read" }
  static let tooLargeHint = "a strategy or configuration is a page of text: is this the right file?"

  private static let emptyHint = "`finstage schema strategy` says what belongs into a strategy"
}
