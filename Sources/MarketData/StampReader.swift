import Trading

/// Reads the time stamps of a column, fast where they have the fixed width of ISO 8601.
///
/// Neighbouring rows of intraday data share their date, so the date read last is kept with its ten bytes.
struct StampReader {
  private var dateHead: UInt64 = 0
  private var dateTail: UInt16 = 0
  private var midnight: Int64 = 0

  /// Reads `2024-01-02`, alone or with `T15:30:00Z` behind it (a space for the `T`; no zone, `Z` or `+09:00`), and
  /// moves `at` behind it. Nil for every other form; then `at` is unchanged.
  @inline(__always)
  mutating func fixedWidth(_ bytes: Span<UInt8>, at: inout Int) -> Instant? {
    guard at <= bytes.count - 20, let day = date(bytes, at) else { return nil }
    let mark = bytes[at + 10]
    guard mark == UInt8(ascii: "T") || mark == UInt8(ascii: " ") else {
      at += 10
      return Instant(milliseconds: day)
    }
    // hh:mm:ss as one word: the digits lose their 0x30, the colons become 0.
    let word = UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: at + 11, as: UInt64.self))
    let digits = word ^ 0x3030_3A30_303A_3030
    guard (digits &+ 0x7676_7F76_767F_7676 | digits) & 0x8080_8080_8080_8080 == 0 else { return nil }
    let pairs = digits &* 10 &+ (digits >> 8)
    let hour = Int64(pairs & 0xFF)
    let minute = Int64(pairs >> 24 & 0xFF)
    let second = Int64(pairs >> 48 & 0xFF)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let local = day + (hour * 3_600 + minute * 60 + second) * 1_000
    switch bytes[at + 19] {
    case UInt8(ascii: "Z"): at += 20
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      guard let offset = offset(bytes, at + 19) else { return nil }
      at += 25
      return Instant(milliseconds: local - offset)
    default: at += 19
    }
    return Instant(milliseconds: local)
  }

  /// The offset `±hh:mm` at `at`, in milliseconds; nil for every other form.
  @inline(__always)
  private func offset(_ bytes: Span<UInt8>, _ at: Int) -> Int64? {
    guard at <= bytes.count - 6, bytes[at + 3] == UInt8(ascii: ":") else { return nil }
    let (h1, h2) = (Int64(bytes[at + 1]) - 48, Int64(bytes[at + 2]) - 48)
    let (m1, m2) = (Int64(bytes[at + 4]) - 48, Int64(bytes[at + 5]) - 48)
    guard 0...9 ~= h1, 0...9 ~= h2, 0...5 ~= m1, 0...9 ~= m2, h1 * 10 + h2 < 24 else { return nil }
    let milliseconds = ((h1 * 10 + h2) * 60 + m1 * 10 + m2) * 60_000
    return bytes[at] == UInt8(ascii: "-") ? -milliseconds : milliseconds
  }

  /// The midnight of the date at `at`, in milliseconds since 1970; nil where the ten bytes are no date.
  @inline(__always)
  private mutating func date(_ bytes: Span<UInt8>, _ at: Int) -> Int64? {
    let head = UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
    let tail = UInt16(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: at + 8, as: UInt16.self))
    if head == dateHead, tail == dateTail { return midnight }
    // yyyy-mm- in one word, dd in the other.
    let digits = head ^ 0x2D30_302D_3030_3030
    guard (digits &+ 0x7F76_767F_7676_7676 | digits) & 0x8080_8080_8080_8080 == 0 else { return nil }
    let dayDigits = tail ^ 0x3030
    guard (dayDigits &+ 0x7676 | dayDigits) & 0x8080 == 0 else { return nil }
    let pairs = digits &* 10 &+ (digits >> 8)
    let year = Int(pairs & 0xFF) * 100 + Int(pairs >> 16 & 0xFF)
    let month = Int(pairs >> 40 & 0xFF)
    let day = Int(dayDigits & 0xFF) * 10 + Int(dayDigits >> 8)
    guard let date = Instant(year: year, month: month, day: day) else { return nil }
    (dateHead, dateTail, midnight) = (head, tail, date.milliseconds)
    return midnight
  }
}
