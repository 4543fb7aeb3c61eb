/// Writes one line of JSON, fields in the order in which they are put.
struct JSONLineWriter {
  private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]

  mutating func put(_ key: StaticString, _ text: String) {
    begin(key)
    quote(text)
  }

  mutating func put(_ key: StaticString, _ number: Int) {
    begin(key)
    bytes.append(contentsOf: String(number).utf8)
  }

  /// A number; null where it is none.
  mutating func put(_ key: StaticString, _ number: Double?) {
    begin(key)
    bytes.append(contentsOf: (number.flatMap(finite)?.description ?? "null").utf8)
  }

  mutating func put(_ key: StaticString, _ numbers: [String: Double]) {
    begin(key)
    bytes.append(UInt8(ascii: "{"))
    for (index, entry) in numbers.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      quote(entry.key)
      bytes.append(UInt8(ascii: ":"))
      bytes.append(contentsOf: (finite(entry.value)?.description ?? "null").utf8)
    }
    bytes.append(UInt8(ascii: "}"))
  }

  mutating func null(_ key: StaticString) {
    begin(key)
    bytes.append(contentsOf: "null".utf8)
  }

  /// Bytes in base 64.
  mutating func put(_ key: StaticString, base64 content: [UInt8]) {
    begin(key)
    bytes.append(UInt8(ascii: "\""))
    Base64.encode(content, into: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// The line with its end.
  consuming func line() -> [UInt8] {
    bytes.append(UInt8(ascii: "}"))
    bytes.append(10)
    return bytes
  }

  private mutating func begin(_ key: StaticString) {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    key.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: "\":".utf8)
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 10: bytes.append(contentsOf: "\\n".utf8)
      case 9: bytes.append(contentsOf: "\\t".utf8)
      case 0..<32:
        let digits = String(byte, radix: 16)
        bytes.append(contentsOf: "\\u00\(digits.count < 2 ? "0" : "")\(digits)".utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

/// RFC 4648.
enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  static func encode(_ content: [UInt8], into text: inout [UInt8]) {
    let letters = letters
    var index = 0
    while index < content.count {
      let rest = content.count - index
      var group = UInt32(content[index]) << 16
      if rest > 1 { group |= UInt32(content[index + 1]) << 8 }
      if rest > 2 { group |= UInt32(content[index + 2]) }
      text.append(letters[Int(group >> 18)])
      text.append(letters[Int(group >> 12 & 63)])
      text.append(rest > 1 ? letters[Int(group >> 6 & 63)] : UInt8(ascii: "="))
      text.append(rest > 2 ? letters[Int(group & 63)] : UInt8(ascii: "="))
      index += 3
    }
  }

  /// Nil where the text is no base 64.
  static func decode(_ text: [UInt8]) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    let values = values
    var content: [UInt8] = []
    content.reserveCapacity(text.count / 4 * 3)
    for start in stride(from: 0, to: text.count, by: 4) {
      let isLast = start + 4 == text.count
      let padding =
        isLast ? (text[start + 3] == UInt8(ascii: "=") ? (text[start + 2] == UInt8(ascii: "=") ? 2 : 1) : 0) : 0
      var group: UInt32 = 0
      for place in 0..<4 {
        let value = place >= 4 - padding ? 0 : values[Int(text[start + place])]
        guard value < 64 else { return nil }
        group = group << 6 | UInt32(value)
      }
      content.append(UInt8(group >> 16))
      if padding < 2 { content.append(UInt8(group >> 8 & 255)) }
      if padding < 1 { content.append(UInt8(group & 255)) }
    }
    return content
  }
}
