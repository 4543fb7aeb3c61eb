#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// One line of JSON: an object, read field by field without making a tree of it.
struct JSONLine: ~Escapable {
  /// A value as it stands in the line: with its quotes, where it is text.
  typealias Token = Range<Int>

  private let bytes: Span<UInt8>
  private var at = 0
  private(set) var isSound = true

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
    skipSpace()
    guard take(UInt8(ascii: "{")) else { return }
    skipSpace()
  }

  /// The next field; nil after the last one, or where the line is no object (`isSound` tells which).
  mutating func next() -> (key: Token, value: Token)? {
    guard isSound, at < bytes.count else {
      isSound = false
      return nil
    }
    if bytes[at] == UInt8(ascii: "}") {
      at += 1
      skipSpace()
      isSound = at == bytes.count
      return nil
    }
    let key = at
    guard skipText() else { return nil }
    let keyEnd = at
    skipSpace()
    guard take(UInt8(ascii: ":")) else { return nil }
    skipSpace()
    let value = at
    guard skipValue() else { return nil }
    let valueEnd = at
    skipSpace()
    if at < bytes.count, bytes[at] == UInt8(ascii: ",") {
      at += 1
      skipSpace()
    } else if at >= bytes.count || bytes[at] != UInt8(ascii: "}") {
      isSound = false
      return nil
    }
    return (key + 1..<keyEnd - 1, value..<valueEnd)
  }

  /// Whether a key is this word.
  func matches(_ key: Token, _ word: StaticString) -> Bool {
    guard key.count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      for index in 0..<key.count where bytes[key.lowerBound + index] != letters[index] { return false }
      return true
    }
  }

  /// Text without its quotes and escapes; nil where the value is something else.
  func text(_ value: Token) -> String? {
    guard value.count >= 2, bytes[value.lowerBound] == UInt8(ascii: "\"") else { return nil }
    var plain: [UInt8] = []
    plain.reserveCapacity(value.count)
    var index = value.lowerBound + 1
    var high: UInt32?
    while index < value.upperBound - 1 {
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < value.upperBound - 1 else {
        plain.append(byte)
        continue
      }
      let mark = bytes[index]
      index += 1
      switch mark {
      case UInt8(ascii: "n"): plain.append(10)
      case UInt8(ascii: "t"): plain.append(9)
      case UInt8(ascii: "r"): plain.append(13)
      case UInt8(ascii: "b"): plain.append(8)
      case UInt8(ascii: "f"): plain.append(12)
      case UInt8(ascii: "u"):
        guard index + 4 <= value.upperBound - 1, let unit = hexadecimal(index..<index + 4) else { return nil }
        index += 4
        if (0xD800..<0xDC00).contains(unit) {
          high = unit
        } else {
          let code = high.map { 0x10000 + (($0 - 0xD800) << 10) + (unit & 0x3FF) } ?? unit
          guard let scalar = Unicode.Scalar(code) else { return nil }
          plain += Array(String(Character(scalar)).utf8)
          high = nil
        }
      default: plain.append(mark)
      }
    }
    return String(validating: plain, as: UTF8.self)
  }

  /// A finite number; nil where the value is something else.
  func number(_ value: Token) -> Double? {
    guard value.count <= 64, value.count > 0, bytes[value.lowerBound] != UInt8(ascii: "\"") else { return nil }
    return Double(raw(value)).flatMap(finite)
  }

  func integer(_ value: Token) -> Int? { value.count <= 20 ? Int(raw(value)) : nil }

  /// The bytes of a value as they stand.
  func bytes(_ value: Token) -> [UInt8] {
    var copy: [UInt8] = []
    copy.reserveCapacity(value.count)
    for index in value { copy.append(bytes[index]) }
    return copy
  }

  private func raw(_ value: Token) -> String { String(decoding: bytes(value), as: UTF8.self) }

  private func hexadecimal(_ range: Range<Int>) -> UInt32? { UInt32(raw(range), radix: 16) }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard at < bytes.count, bytes[at] == byte else {
      isSound = false
      return false
    }
    at += 1
    return true
  }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 32 || bytes[at] == 9 || bytes[at] == 13 { at += 1 }
  }

  private mutating func skipText() -> Bool {
    guard take(UInt8(ascii: "\"")) else { return false }
    let start = at
    while let quote = bytes.first(UInt8(ascii: "\""), from: at) {
      at = quote + 1
      var slashes = 0
      while quote - slashes > start, bytes[quote - slashes - 1] == UInt8(ascii: "\\") { slashes += 1 }
      if slashes.isMultiple(of: 2) { return true }
    }
    isSound = false
    return false
  }

  /// A value, nested ones counted by their brackets.
  private mutating func skipValue() -> Bool {
    var depth = 0
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        guard skipText() else { return false }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        at += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return true }
        depth -= 1
        at += 1
      case UInt8(ascii: ","):
        if depth == 0 { return true }
        at += 1
      default: at += 1
      }
      if depth == 0, at < bytes.count, bytes[at] == UInt8(ascii: ",") || bytes[at] == UInt8(ascii: "}") { return true }
    }
    isSound = false
    return false
  }
}

extension Span<UInt8> {
  /// Where a byte stands first, from a place on. By the library's search: most of a ledger is long texts.
  func first(_ byte: UInt8, from start: Int) -> Int? {
    guard start < count else { return nil }
    return withUnsafeBytes { all in
      guard let base = all.baseAddress, let found = memchr(base + start, Int32(byte), all.count - start) else {
        return nil
      }
      return UnsafeRawPointer(found) - base
    }
  }
}
