/// A cursor over the bytes of one document.
struct JSONReader: ~Escapable {
  private let bytes: Span<UInt8>
  private var at = 0
  private var values = 0

  @_lifetime(copy bytes)
  init(bytes: Span<UInt8>) { self.bytes = bytes }

  mutating func document() throws(JSON.Fault) -> JSON {
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { at = 3 }
    let value = try value(level: 0)
    skipSpace()
    guard at == bytes.count else { throw fault("goes on behind its end") }
    return value
  }

  private mutating func value(level: Int) throws(JSON.Fault) -> JSON {
    values += 1
    guard values <= JSON.mostValues else { throw fault("holds more than \(JSON.mostValues) values") }
    skipSpace()
    switch peek ?? 0 {
    case UInt8(ascii: "{"): return try object(level + 1)
    case UInt8(ascii: "["): return try list(level + 1)
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "n") where take("null"): return .null
    case UInt8(ascii: "t") where take("true"): return .flag(true)
    case UInt8(ascii: "f") where take("false"): return .flag(false)
    default: throw unexpected("a value")
    }
  }

  private mutating func list(_ level: Int) throws(JSON.Fault) -> JSON {
    try enter(level)
    var items: [JSON] = []
    if closes(UInt8(ascii: "]")) { return .list(items) }
    while true {
      items.append(try value(level: level))
      if closes(UInt8(ascii: "]")) { return .list(items) }
      try comma("]")
    }
  }

  private mutating func object(_ level: Int) throws(JSON.Fault) -> JSON {
    try enter(level)
    var members: [JSON.Member] = []
    if closes(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
      let name = try text()
      guard closes(UInt8(ascii: ":")) else { throw unexpected("a colon") }
      members.append(JSON.Member(name: name, value: try value(level: level)))
      if closes(UInt8(ascii: "}")) { return .object(members) }
      try comma("}")
    }
  }

  private mutating func enter(_ level: Int) throws(JSON.Fault) {
    guard level <= JSON.mostLevels else { throw fault("is nested more than \(JSON.mostLevels) levels deep") }
    at += 1
  }

  private mutating func comma(_ end: StaticString) throws(JSON.Fault) {
    guard closes(UInt8(ascii: ",")) else { throw unexpected("a comma or \(end)") }
  }

  private mutating func number() throws(JSON.Fault) -> Double {
    let start = at
    while at < bytes.count, isOfNumber(bytes[at]) { at += 1 }
    if let number = Double(decimal: bytes.extracting(start..<at)) { return number }
    at = start
    throw fault("has a number there that is none, or none that is finite")
  }

  /// The text whose opening quote stands at the cursor.
  private mutating func text() throws(JSON.Fault) -> String {
    let start = at + 1
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\") { end += 1 }
    if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
      at = end + 1
      return bytes.extracting(start..<end).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
    at = start
    var units: [UInt8] = []
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      if bytes[at] == UInt8(ascii: "\\") {
        units += Array(String(try escaped()).utf8)
      } else {
        units.append(bytes[at])
        at += 1
      }
    }
    guard at < bytes.count else { throw fault("ends within a text") }
    at += 1
    return String(decoding: units, as: UTF8.self)
  }

  private mutating func escaped() throws(JSON.Fault) -> Unicode.Scalar {
    let letter = at + 1 < bytes.count ? bytes[at + 1] : 0
    at += 2
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try hexadecimal()
      guard (0xD800..<0xDC00).contains(first), take("\\u") else { return Unicode.Scalar(first) ?? "\u{FFFD}" }
      let second = try hexadecimal()
      guard (0xDC00..<0xE000).contains(second) else { return "\u{FFFD}" }
      return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    default:
      at -= 2
      throw fault("has an unknown escape in a text")
    }
  }

  private mutating func hexadecimal() throws(JSON.Fault) -> UInt32 {
    guard at + 4 <= bytes.count else { throw fault("ends within a text") }
    let digits = bytes.extracting(at..<at + 4).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    guard digits.utf8.allSatisfy({ $0 > 47 }), let value = UInt32(digits, radix: 16) else {
      throw fault("has an escape without four digits")
    }
    at += 4
    return value
  }

  private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipSpace() {
    while at < bytes.count, isSpace(bytes[at]) { at += 1 }
  }

  /// Whether a sign comes next; it is taken.
  private mutating func closes(_ sign: UInt8) -> Bool {
    skipSpace()
    guard peek == sign else { return false }
    at += 1
    return true
  }

  private mutating func take(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard at + count <= bytes.count else { return false }
    let isThere = word.withUTF8Buffer { wanted in
      for index in 0..<count where wanted[index] != bytes[at + index] { return false }
      return true
    }
    if isThere { at += count }
    return isThere
  }

  private func unexpected(_ wanted: String) -> JSON.Fault {
    guard let peek else { return JSON.Fault(sentence: "ends at byte \(at), where \(wanted) is wanted") }
    let sign = (33...126).contains(peek) ? "\"\(Character(Unicode.Scalar(peek)))\"" : "byte \(peek)"
    return fault("has \(sign) where \(wanted) is wanted")
  }

  private func fault(_ sentence: String) -> JSON.Fault { JSON.Fault(sentence: "\(sentence), at byte \(at)") }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

/// A digit, `+`, `-`, `.`, `e` or `E`.
private func isOfNumber(_ byte: UInt8) -> Bool {
  (byte >= 48 && byte <= 57) || byte == 43 || byte == 45 || byte == 46 || byte | 0x20 == 101
}
