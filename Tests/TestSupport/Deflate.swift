/// Gzip without a library (RFC 1951 and 1952): a body as it is, and a bomb.
enum Deflate {
  private static let header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]

  /// The body in stored blocks: gzip that gains nothing.
  static func gzip(_ body: [UInt8]) -> [UInt8] {
    var bytes = header
    var at = 0
    repeat {
      let end = min(at + 65_535, body.count)
      let length = UInt16(end - at)
      bytes.append(end == body.count ? 1 : 0)
      for half in [length, ~length] { bytes += [UInt8(half & 0xFF), UInt8(half >> 8)] }
      bytes += body[at..<end]
      at = end
    } while at < body.count
    for word in [crc(body), UInt32(truncatingIfNeeded: body.count)] {
      bytes += (0..<4).map { UInt8((word >> (8 * UInt32($0))) & 0xFF) }
    }
    return bytes
  }

  /// A block with fixed codes that has one zero and then copies of it, 258 at a time, in 13 bits each. Eight of them are
  /// 13 bytes, which repeat. It has no end.
  static func zeros(_ count: Int) -> (start: [UInt8], piece: [UInt8], count: Int) {
    var bits: [UInt8] = [1, 1, 0]  // the last block, fixed codes
    bits += [0, 0, 1, 1, 0, 0, 0, 0]  // the byte 0
    let copy: [UInt8] = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]  // 258 bytes from one byte back
    for _ in 0..<24 { bits += copy }
    let bytes = stride(from: 0, to: bits.count - 7, by: 8).map { at in
      (0..<8).reduce(UInt8(0)) { $0 | bits[at + $1] << UInt8($1) }
    }
    // The first two bytes hold the start; from there on any thirteen are the period.
    let period = Array(bytes[2..<15])
    let piece = (0..<2_000).flatMap { _ in period }
    return (header + bytes[..<2], piece, count / (2_000 * 8 * 258) + 1)
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 {
        let low = crc & 1
        crc >>= 1
        if low == 1 { crc ^= 0xEDB8_8320 }
      }
    }
    return ~crc
  }
}
