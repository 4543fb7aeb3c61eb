/// Reads decimal numbers from bytes, correctly rounded (to nearest, ties to even).
///
/// Up to 19 digits with |exponent| ≤ 22 are exact in one operation where the digits fit 53 bits (W. D. Clinger, "How to
/// read floating point numbers accurately", 1990); more digits divide in 128 bits; anything else is left to the
/// standard library.
struct DecimalNumber: ~Escapable {
  let bytes: Span<UInt8>

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  /// Reads `123.45` without sign or exponent, 19 digits at most, and moves `at` behind it. Nil for every other form,
  /// also where fewer than 8 bytes stand behind a digit; then `at` is somewhere.
  @inline(__always)
  func plain(at: inout Int) -> Double? {
    var (digits, count) = digitGroup(at)
    at += count
    if count == 8 {
      let (group, more) = digitGroup(at)
      digits = digits &* tenTo8[more & 15] &+ group
      count += more
      at += more
    }
    guard at < bytes.count, bytes[at] == UInt8(ascii: ".") else {
      // A third group would stand here as a digit, which no separator is, so that the caller refuses the field.
      return count > 0 && digits >> 53 == 0 ? Double(digits) : nil
    }
    at += 1
    var (group, places) = digitGroup(at)
    at += places
    digits = digits &* tenTo8[places & 15] &+ group
    if places == 8 {
      let more: Int
      (group, more) = digitGroup(at)
      digits = digits &* tenTo8[more & 15] &+ group
      at += more
      places += more
    }
    guard count > 0, places > 0, count + places <= 19 else { return nil }
    if digits >> 53 == 0 { return Double(digits) / exactTenTo[places] }
    return Self.quotient(digits, dividedByTenTo: places)
  }

  /// The number and the count of the digits at `at`, 8 at most. Counts none where fewer than 8 bytes are left.
  @inline(__always)
  private func digitGroup(_ at: Int) -> (value: UInt64, count: Int) {
    guard at <= bytes.count - 8 else { return (0, 0) }
    let word = UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
    let values = word ^ 0x3030_3030_3030_3030
    let strangers = (values &+ 0x7676_7676_7676_7676 | values) & 0x8080_8080_8080_8080
    let count = strangers.trailingZeroBitCount >> 3
    // The digits move to the top, so that what stands before them reads as leading zeros.
    let aligned = values << UInt64(64 - count * 8)
    let pairs = (aligned &* 10 &+ (aligned >> 8)) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ (pairs >> 16)) & 0x0000_FFFF_0000_FFFF
    return ((fours &* 10_000 &+ (fours >> 32)) & 0xFFFF_FFFF, count)
  }

  /// What a whole field holds: a number in any decimal form, or why it is none.
  enum Reading: Equatable { case number(Double), notFinite, notANumber }

  /// Reads the whole field, with sign and exponent.
  static func read(_ field: Span<UInt8>) -> Reading {
    var at = 0
    var negative = false
    if at < field.count, field[at] == UInt8(ascii: "-") || field[at] == UInt8(ascii: "+") {
      negative = field[at] == UInt8(ascii: "-")
      at += 1
    }
    if isWord(field, from: at, "inf") || isWord(field, from: at, "infinity") { return .notFinite }
    var digits: UInt64 = 0
    var kept = 0
    var seen = 0
    var places = 0
    var pointed = false
    while at < field.count {
      let byte = field[at]
      if byte == UInt8(ascii: "."), !pointed {
        pointed = true
      } else if byte >= 48, byte <= 57 {
        seen += 1
        if pointed { places += 1 }
        if kept < 19 { digits = digits * 10 + UInt64(byte - 48) }
        if kept > 0 || byte > 48 { kept += 1 }
      } else {
        break
      }
      at += 1
    }
    guard seen > 0 else { return .notANumber }
    guard let exponent = exponent(field, at) else { return .notANumber }
    let scale = exponent - places
    var magnitude: Double
    if kept <= 19, digits >> 53 == 0, (-22...22).contains(scale) {
      magnitude = scale < 0 ? Double(digits) / exactTenTo[-scale] : Double(digits) * exactTenTo[scale]
    } else if kept <= 19, (-27 ... -1).contains(scale) {
      magnitude = quotient(digits, dividedByTenTo: -scale)
    } else {
      let text = field.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
      guard let value = Double(text) else { return .notANumber }
      magnitude = value.magnitude
    }
    if negative { magnitude = -magnitude }
    return magnitude.isFinite ? .number(magnitude) : .notFinite
  }

  /// The exponent that ends the field at `at`, 0 where the field ends there, nil where something else stands.
  private static func exponent(_ field: Span<UInt8>, _ start: Int) -> Int? {
    var at = start
    guard at < field.count else { return 0 }
    guard field[at] | 0x20 == UInt8(ascii: "e") else { return nil }
    at += 1
    var negative = false
    if at < field.count, field[at] == UInt8(ascii: "-") || field[at] == UInt8(ascii: "+") {
      negative = field[at] == UInt8(ascii: "-")
      at += 1
    }
    guard at < field.count else { return nil }
    var value = 0
    while at < field.count {
      guard field[at] >= 48, field[at] <= 57 else { return nil }
      // Past a million every number is 0 or infinite already.
      value = min(value * 10 + Int(field[at] - 48), 1_000_000)
      at += 1
    }
    return negative ? -value : value
  }

  /// `digits` / 10^`places` for places of 0 to 27, rounded once: 10^n = 5^n × 2^n, and 5^27 fits 63 bits.
  static func quotient(_ digits: UInt64, dividedByTenTo places: Int) -> Double {
    guard digits > 0 else { return 0 }
    let five = fiveTo[places]
    let up = digits.leadingZeroBitCount
    let fiveUp = five.leadingZeroBitCount
    let dividend = digits << UInt64(up)
    let divisor = five << UInt64(fiveUp)
    // Half the dividend is below the divisor, so that the quotient fits; it has 63 bits or 64.
    let (quotient, remainder) = divisor.dividingFullWidth((dividend >> 1, dividend << 63))
    // What is left over only matters as "more than nothing", below the bit that decides the rounding.
    let sticky = quotient | (remainder == 0 ? 0 : 1)
    // The power of two is a normal number for every admitted count of places, so the product is exact.
    return Double(sticky) * Double(bitPattern: UInt64(1023 + fiveUp - up - places - 63) << 52)
  }

  /// Whether the field from `start` on is the word, in any letter case.
  static func isWord(_ field: Span<UInt8>, from start: Int = 0, _ word: StaticString) -> Bool {
    guard field.count - start == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { wanted in
      for index in 0..<wanted.count {
        let byte = field[start + index]
        let lowered = byte >= 65 && byte <= 90 ? byte | 0x20 : byte
        if lowered != wanted[index] { return false }
      }
      return true
    }
  }
}

private let tenTo8: InlineArray<16, UInt64> = [
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 0, 0, 0, 0, 0, 0, 0,
]

private let exactTenTo: InlineArray<23, Double> = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]

private let fiveTo: InlineArray<28, UInt64> = [
  1, 5, 25, 125, 625, 3_125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125, 244_140_625, 1_220_703_125,
  6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125, 3_814_697_265_625, 19_073_486_328_125,
  95_367_431_640_625, 476_837_158_203_125, 2_384_185_791_015_625, 11_920_928_955_078_125, 59_604_644_775_390_625,
  298_023_223_876_953_125, 1_490_116_119_384_765_625, 7_450_580_596_923_828_125,
]

extension Double {
  /// The nearest double to a decimal number in any form, correctly rounded; nil where the bytes hold none, or none that
  /// is finite.
  public init?(decimal bytes: Span<UInt8>) {
    guard case .number(let value) = DecimalNumber.read(bytes) else { return nil }
    self = value
  }

  /// The same of a text.
  public init?(decimal text: String) {
    guard let value = Double(decimal: text.utf8.span) else { return nil }
    self = value
  }
}
