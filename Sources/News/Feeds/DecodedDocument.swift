/// A document as UTF-8, whatever it was sent as: what its first bytes say counts most, then what the bytes themselves
/// show, then the header of the answer, then the document's own declaration (RFC 7303, 3; WHATWG Encoding).
struct DecodedDocument {
  private(set) var bytes: [UInt8]
  /// What was wrong with the charset that was named.
  private(set) var remark: String?

  init(_ source: [UInt8], contentType: String) {
    bytes = []
    if source.starts(with: [0xEF, 0xBB, 0xBF]) {
      bytes = Self.utf8(source.dropFirst(3))
    } else if source.starts(with: [0xFF, 0xFE]) {
      bytes = Self.utf16(source.dropFirst(2), isLittle: true)
    } else if source.starts(with: [0xFE, 0xFF]) {
      bytes = Self.utf16(source.dropFirst(2), isLittle: false)
    } else if source.count > 3, source[0] != 0, source[1] == 0 {
      bytes = Self.utf16(source[...], isLittle: true)
    } else if source.count > 3, source[0] == 0, source[1] != 0 {
      bytes = Self.utf16(source[...], isLittle: false)
    } else {
      decode(source, contentType: contentType)
    }
  }

  private mutating func decode(_ source: [UInt8], contentType: String) {
    let header = Self.charset(contentType)
    let named = header ?? Self.declaration(source)
    // Text in another encoding is hardly ever valid UTF-8 by chance, and much that calls itself something else is.
    // Escapes of ISO-2022 are ASCII throughout.
    let isShifted = named?.hasPrefix("iso-2022") ?? false
    if !isShifted, Self.isUTF8(source) {
      bytes = source
      if let named, !Self.coversUTF8(named), source.contains(where: { $0 >= 0x80 }) {
        remark = "calls itself \(named), and is UTF-8"
      }
      return
    }
    let names = [header, Self.declaration(source)].compactMap { $0 }.filter { !Self.isUTF8Name($0) }
    for name in names {
      if ["iso-8859-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252"].contains(name) {
        bytes = Windows1252.utf8(source)
        return
      }
      if let decoded = CharsetConversion.utf8(source, from: name) {
        bytes = decoded
        return
      }
    }
    remark =
      names.first.map { "its charset \($0) is not known here; read as windows-1252" }
      ?? "calls itself UTF-8, and is not; read as windows-1252"
    bytes = Windows1252.utf8(source)
  }

  private static func isUTF8Name(_ name: String) -> Bool { name == "utf-8" || name == "utf8" }
  private static func coversUTF8(_ name: String) -> Bool { isUTF8Name(name) || name.hasPrefix("utf") }

  private static func isUTF8(_ source: [UInt8]) -> Bool {
    String(validating: source, as: UTF8.self) != nil
  }

  /// Ill-formed sequences become U+FFFD.
  private static func utf8(_ source: ArraySlice<UInt8>) -> [UInt8] {
    Array(String(decoding: source, as: UTF8.self).utf8)
  }

  private static func utf16(_ source: ArraySlice<UInt8>, isLittle: Bool) -> [UInt8] {
    var units: [UInt16] = []
    units.reserveCapacity(source.count / 2)
    var pair: UInt8?
    for byte in source {
      guard let first = pair else {
        pair = byte
        continue
      }
      units.append(isLittle ? UInt16(byte) << 8 | UInt16(first) : UInt16(first) << 8 | UInt16(byte))
      pair = nil
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// `text/xml; charset="euc-kr"`.
  static func charset(_ contentType: String) -> String? { value(after: "charset=", in: contentType.lowercased()) }

  /// `<?xml version="1.0" encoding="euc-kr"?>`
  private static func declaration(_ source: [UInt8]) -> String? {
    let head = String(decoding: source.prefix(256), as: UTF8.self).lowercased()
    guard let start = head.firstRange(of: "<?xml"), let end = head[start.upperBound...].firstRange(of: "?>") else {
      return nil
    }
    return value(after: "encoding=", in: String(head[start.upperBound..<end.lowerBound]))
  }

  private static func value(after key: String, in text: String) -> String? {
    guard let place = text.firstRange(of: key) else { return nil }
    let rest = text[place.upperBound...].drop { "\"' ".contains($0) }
    let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:".contains($0)) }
    return name.isEmpty || name.count > 40 ? nil : String(name)
  }
}
