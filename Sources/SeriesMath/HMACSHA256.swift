/// The checksum of bytes that only who has the key can make.
///
/// Source: RFC 2104 (HMAC) over `SHA256`; test vectors in RFC 4231.
public enum HMACSHA256 {
  /// 32 bytes.
  public static func value(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    let size = 64
    let short = key.count <= size ? key : hash([key])
    let padded = short + [UInt8](repeating: 0, count: size - short.count)
    return hash([padded.map { $0 ^ 0x5C }, hash([padded.map { $0 ^ 0x36 }, bytes])])
  }

  /// 64 hexadecimal digits.
  public static func text(of bytes: [UInt8], key: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let value = value(of: bytes, key: key)
    return String(decoding: value.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private static func hash(_ pieces: [[UInt8]]) -> [UInt8] {
    var hash = SHA256()
    for piece in pieces { hash.update(piece) }
    return hash.value()
  }
}
