#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// ISO-8859-1 as the web reads it: with the signs of windows-1252 where that one has control characters.
enum Windows1252 {
  /// 0x80 to 0x9F (WHATWG Encoding, index windows-1252).
  static let high: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]

  static func utf8(_ source: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(source.count + source.count / 8)
    for byte in source {
      if byte < 0x80 {
        text.append(byte)
      } else {
        let code = byte < 0xA0 ? high[Int(byte) - 0x80] : UInt32(byte)
        if let scalar = Unicode.Scalar(code) { text.append(scalar) }
      }
    }
    return text
  }
}

/// Other charsets, by the C library's own tables.
enum CharsetConversion {
  /// What Korean, Japanese and Chinese pages call an encoding, and the wider one that they mean by it.
  private static let wider = [
    "euc-kr": "CP949", "ks_c_5601-1987": "CP949", "ksc5601": "CP949", "korean": "CP949", "windows-949": "CP949",
    "gb2312": "GB18030", "gbk": "GB18030", "shift_jis": "CP932", "sjis": "CP932", "big5": "BIG5-HKSCS",
  ]

  /// Nil where the charset is not known. A byte that means nothing in it becomes U+FFFD.
  static func utf8(_ source: [UInt8], from name: String) -> [UInt8]? {
    guard let converter = iconv_open("UTF-8", wider[name] ?? name), Int(bitPattern: converter) != -1 else { return nil }
    defer { iconv_close(converter) }
    var text: [UInt8] = []
    text.reserveCapacity(source.count * 3 / 2)
    var input = source.map { CChar(bitPattern: $0) }
    var output = [CChar](repeating: 0, count: 65_536)
    var at = 0
    while at < input.count {
      var left = input.count - at
      var room = output.count
      let status = input.withUnsafeMutableBufferPointer { from in
        output.withUnsafeMutableBufferPointer { to in
          var source = from.baseAddress.map { $0 + at }
          var target = to.baseAddress
          let result = iconv(converter, &source, &left, &target, &room)
          return result == -1 ? errno : 0
        }
      }
      text.append(contentsOf: output.prefix(output.count - room).lazy.map { UInt8(bitPattern: $0) })
      at = input.count - left
      if status == EILSEQ || status == EINVAL {
        text.append(contentsOf: [0xEF, 0xBF, 0xBD])
        at += 1
      } else if status != 0, status != E2BIG {
        return nil
      }
    }
    return text
  }
}
