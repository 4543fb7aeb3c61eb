/// Reads `&amp;`, `&#8217;`, `&#x2019;`, `&nbsp;` and no other: what a document declares is not expanded.
enum CharacterReference {
  /// The longest name is `thetasym`; numbers of more digits than these are none of Unicode's.
  private static let longest = 12

  /// Appends text with its references replaced. One that is not known stays as it stands.
  static func append(_ text: ArraySlice<UInt8>, to result: inout [UInt8], most: Int) {
    var at = text.startIndex
    while at < text.endIndex, result.count < most {
      let byte = text[at]
      guard byte == UInt8(ascii: "&") else {
        result.append(byte)
        at += 1
        continue
      }
      if let (scalar, end) = read(text, at: at) {
        result.append(scalar)
        at = end
      } else {
        result.append(byte)
        at += 1
      }
    }
  }

  /// The character that a reference at `at` stands for, and the place behind it.
  static func read(_ text: ArraySlice<UInt8>, at: Int) -> (Unicode.Scalar, end: Int)? {
    let limit = min(text.endIndex, at + longest)
    guard at + 1 < limit, let semicolon = text[(at + 1)..<limit].firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = text[(at + 1)..<semicolon]
    guard let first = name.first else { return nil }
    let number: UInt32?
    if first == UInt8(ascii: "#") {
      let digits = name.dropFirst()
      let isHexadecimal = digits.first == UInt8(ascii: "x") || digits.first == UInt8(ascii: "X")
      let written = String(decoding: isHexadecimal ? digits.dropFirst() : digits, as: UTF8.self)
      guard written.first != "+", written.first != "-" else { return nil }
      number = UInt32(written, radix: isHexadecimal ? 16 : 10)
    } else {
      number = named(String(decoding: name, as: UTF8.self))
    }
    guard var number else { return nil }
    // Numbers of control characters mean those of windows-1252, as in HTML.
    if (0x80...0x9F).contains(number) { number = Windows1252.high[Int(number) - 0x80] }
    guard let scalar = Unicode.Scalar(number), number >= 0x20 || [9, 10, 13].contains(number) else { return nil }
    return (scalar, semicolon + 1)
  }

  private static func named(_ name: String) -> UInt32? {
    switch name {
    case "amp": 38
    case "lt": 60
    case "gt": 62
    case "quot": 34
    case "apos": 39
    default: HTMLEntities.numbers[name]
    }
  }
}

extension [UInt8] {
  mutating func append(_ scalar: Unicode.Scalar) {
    if let encoded = UTF8.encode(scalar) { append(contentsOf: encoded) }
  }
}
