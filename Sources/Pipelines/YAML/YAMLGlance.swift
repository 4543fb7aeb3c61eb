/// What a look at the text refuses before a tree is built of it. The YAML reader compares the keys of a mapping whole,
/// so aliases in keys, keys in keys and deep nesting would keep it busy for ever.
struct YAMLGlance {
  struct Fault {
    var code: Diagnostic.Code
    var line, column: Int
    var message: String
    var hint: String?
  }

  /// Brackets within brackets. Block style is bounded by the reader.
  private static let depthLimit = 32
  static let aliasMessage = "anchors (&name) and aliases (*name) are not admitted"
  static let aliasHint = "write the value out, or name it under let:"

  static func fault(in text: String) -> Fault? {
    var glance = YAMLGlance(bytes: Array(text.utf8))
    return glance.read()
  }

  private let bytes: [UInt8]
  private var at = 0
  private var line = 1
  private var lineStart = 0
  /// A value can begin here: nothing but spaces and indicators since the line, the key or the item began.
  private var opens = true
  private var depth = 0
  private var anchor: Fault?
  private var hasAlias = false

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func read() -> Fault? {
    while at < bytes.count {
      if let fault = look() { return fault }
      if hasAlias, let anchor { return anchor }
      at += 1
    }
    return nil
  }

  private mutating func look() -> Fault? {
    switch bytes[at] {
    case UInt8(ascii: "\n"): (line, lineStart, opens) = (line + 1, at + 1, true)
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): break
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      if opens || depth > 0 { (depth, opens) = (depth + 1, true) }
      if depth > YAMLGlance.depthLimit {
        return fault(.tooDeep, at, "brackets nest deeper than \(YAMLGlance.depthLimit) levels", nil)
      }
    case UInt8(ascii: "]"), UInt8(ascii: "}"): (depth, opens) = (max(0, depth - 1), false)
    case UInt8(ascii: ","): opens = depth > 0
    case UInt8(ascii: ":"): opens = isBlank(at + 1) || depth > 0
    case UInt8(ascii: "-"): opens = opens && isBlank(at + 1)
    case UInt8(ascii: "?"):
      if opens, isBlank(at + 1) {
        return fault(.wrongType, at, "a key is a word; \"? \" begins a key of several values", "write key: value")
      }
      opens = false
    case UInt8(ascii: "&"):
      if opens, !isBlank(at + 1), anchor == nil {
        anchor = fault(.alias, at, YAMLGlance.aliasMessage, YAMLGlance.aliasHint)
      }
      skipName()
    case UInt8(ascii: "!"): skipName()
    case UInt8(ascii: "*"):
      hasAlias = hasAlias || (opens && !isBlank(at + 1))
      opens = false
    default: opens = false
    }
    return nil
  }

  /// The value of an anchor or a tag is still to come.
  private mutating func skipName() {
    guard opens else { return }
    while !isBlank(at + 1) { at += 1 }
  }

  private func isBlank(_ at: Int) -> Bool { at >= bytes.count || [9, 10, 13, 32].contains(bytes[at]) }

  private func fault(_ code: Diagnostic.Code, _ at: Int, _ message: String, _ hint: String?) -> Fault {
    // Bytes that go on with a character count with its first.
    let column = 1 + bytes[lineStart..<at].count { $0 & 0xC0 != 0x80 }
    return Fault(code: code, line: line, column: column, message: message, hint: hint)
  }
}
