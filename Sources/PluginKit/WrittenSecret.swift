/// A secret in a text where each of its signs may be written in its own way: as it is, percent-encoded (also twice, and
/// though it need not be), with a backslash before it or as `\u002B` as in JSON, as `&amp;`, `&#38;` or `&#x26;` as in
/// HTML; a space also as a plus. Servers mix these as they like.
struct WrittenSecret {
  private let signs: [Unicode.Scalar]
  /// The bytes with which it may begin, in whatever way it is written.
  private let beginnings: [UInt8]

  init(_ text: String) {
    signs = Array(text.unicodeScalars)
    let first = text.utf8.first.map { [$0] } ?? []
    beginnings = first + Array("%\\&".utf8) + (text.hasPrefix(" ") ? [UInt8(ascii: "+")] : [])
  }

  /// The text with `[secret]` in its places; nil where it is not in it.
  func removed(from text: [UInt8]) -> [UInt8]? {
    var left: [UInt8] = []
    var isFound = false
    var at = 0
    while at < text.count {
      if beginnings.contains(text[at]), let end = end(in: text, from: at) {
        left += Array("[secret]".utf8)
        isFound = true
        at = end
      } else {
        left.append(text[at])
        at += 1
      }
    }
    return isFound ? left : nil
  }

  /// Where it ends that begins here: the furthest, where there are several ways to read it.
  private func end(in text: [UInt8], from start: Int) -> Int? {
    guard !signs.isEmpty else { return nil }
    var places: Set<Int> = [start]
    for sign in signs {
      var next: Set<Int> = []
      for place in places where place < text.count { next.formUnion(ends(of: sign, text[place...])) }
      if next.isEmpty { return nil }
      places = next
    }
    return places.max()
  }

  /// Where a sign ends that begins here, for each way in which it may stand here.
  private func ends(of sign: Unicode.Scalar, _ text: ArraySlice<UInt8>) -> [Int] {
    let bytes = Array(String(sign).utf8)
    var ends: [Int] = []
    if text.starts(with: bytes) { ends.append(text.startIndex + bytes.count) }
    if let end = percentEncoded(bytes, text) { ends.append(end) }
    if let end = escaped(sign, bytes, text) { ends.append(end) }
    if let end = entity(sign, text) { ends.append(end) }
    if sign == " ", text.first == UInt8(ascii: "+") { ends.append(text.startIndex + 1) }
    return ends
  }

  /// `%2F`, and `%252F` where it was encoded again.
  private func percentEncoded(_ bytes: [UInt8], _ text: ArraySlice<UInt8>) -> Int? {
    var rest = text
    for byte in bytes {
      guard rest.popFirst() == UInt8(ascii: "%") else { return nil }
      while byte != UInt8(ascii: "%") && rest.starts(with: [UInt8(ascii: "2"), UInt8(ascii: "5")]) {
        rest.removeFirst(2)
      }
      guard Self.number(rest.prefix(2), digits: 2) == UInt32(byte) else { return nil }
      rest.removeFirst(2)
    }
    return rest.startIndex
  }

  /// `\/`, `\u002F`, and with several backslashes where JSON stands in JSON.
  private func escaped(_ sign: Unicode.Scalar, _ bytes: [UInt8], _ text: ArraySlice<UInt8>) -> Int? {
    let backslash = UInt8(ascii: "\\")
    var rest = text.drop { $0 == backslash }
    guard rest.startIndex > text.startIndex else { return nil }
    if bytes == [backslash] { return rest.startIndex }
    if rest.starts(with: bytes) { return rest.startIndex + bytes.count }
    rest = text
    for unit in String(sign).utf16 {
      guard rest.first == backslash else { return nil }
      rest = rest.drop { $0 == backslash }
      guard rest.popFirst() == UInt8(ascii: "u"), Self.number(rest.prefix(4), digits: 4) == UInt32(unit) else {
        return nil
      }
      rest.removeFirst(4)
    }
    return rest.startIndex
  }

  private static let names: [Unicode.Scalar: String] = [
    "&": "amp", "<": "lt", ">": "gt", "\"": "quot", "'": "apos", "+": "plus", "/": "sol", "=": "equals", "%": "percnt",
  ]

  /// `&amp;`, `&#38;`, `&#x26;`.
  private func entity(_ sign: Unicode.Scalar, _ text: ArraySlice<UInt8>) -> Int? {
    guard text.first == UInt8(ascii: "&"), let end = text.prefix(10).firstIndex(of: UInt8(ascii: ";")) else {
      return nil
    }
    let name = String(decoding: text[(text.startIndex + 1)..<end], as: UTF8.self)
    var value: UInt32?
    if name.hasPrefix("#x") || name.hasPrefix("#X") {
      value = UInt32(name.dropFirst(2), radix: 16)
    } else if name.hasPrefix("#") {
      value = UInt32(name.dropFirst())
    }
    return name == Self.names[sign] || value == sign.value ? end + 1 : nil
  }

  private static func number(_ text: ArraySlice<UInt8>, digits: Int) -> UInt32? {
    guard text.count == digits else { return nil }
    var number: UInt32 = 0
    for byte in text {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt32(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): number = number << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    return number
  }
}
