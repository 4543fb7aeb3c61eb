extension Instant {
  /// Reads ISO 8601 (`2024-01-02`, `2024-01-02T15:30`, `2024-01-02 15:30:00.250+09:00`, `20240102`) or epoch seconds
  /// or milliseconds. Without a zone the time is UTC. Nil where the text is none of these.
  public init?(_ text: String) {
    var text = text
    let parsed = text.withUTF8 { bytes in
      var reader = InstantReader(bytes: Span(_unsafeElements: bytes))
      return reader.read()
    }
    guard let parsed else { return nil }
    self = parsed
  }

  /// The same from bytes, `bytes[range]`.
  public init?(_ bytes: Span<UInt8>) {
    var reader = InstantReader(bytes: bytes)
    guard let parsed = reader.read() else { return nil }
    self = parsed
  }
}

/// A cursor over the bytes of one time stamp.
private struct InstantReader: ~Escapable {
  let bytes: Span<UInt8>
  var at = 0

  @_lifetime(copy bytes)
  init(bytes: Span<UInt8>) { self.bytes = bytes }

  mutating func read() -> Instant? {
    if let epoch = readEpoch() { return epoch }
    at = 0
    guard let year = digits(4) else { return nil }
    let dashed = take("-")
    guard let month = digits(2) else { return nil }
    if dashed, !take("-") { return nil }
    guard let day = digits(2) else { return nil }
    guard at < bytes.count else { return Instant(year: year, month: month, day: day) }
    guard take("T") || take("t") || take(" ") else { return nil }
    guard let hour = digits(2), take(":"), let minute = digits(2) else { return nil }
    var second = 0
    var milliseconds = 0
    if take(":") {
      guard let value = digits(2) else { return nil }
      second = value
      if take(".") || take(",") {
        guard let fraction = fraction() else { return nil }
        milliseconds = fraction
      }
    }
    guard let offset = zone(), at == bytes.count,
      let local = Instant(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    return local.advanced(by: Int64(milliseconds) - Int64(offset) * 60_000)
  }

  /// Nine or ten digits are seconds, twelve or thirteen milliseconds, with `-` before 1970; eight are a date.
  private mutating func readEpoch() -> Instant? {
    let negative = take("-")
    let count = bytes.count - at
    guard count >= 9, count <= 13, let value = digits(count) else { return nil }
    let signed = Int64(negative ? -value : value)
    return count <= 10 ? Instant(seconds: signed) : count >= 12 ? Instant(milliseconds: signed) : nil
  }

  /// The zone's offset in minutes; none and `Z` are 0; nil where it cannot be read.
  private mutating func zone() -> Int? {
    if at == bytes.count || take("Z") || take("z") || take(" UTC") { return 0 }
    let sign: Int
    if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
    guard let hours = digits(2), hours < 24 else { return nil }
    _ = take(":")
    let minutes = at < bytes.count ? digits(2) : 0
    guard let minutes, minutes < 60 else { return nil }
    return sign * (hours * 60 + minutes)
  }

  private mutating func fraction() -> Int? {
    var value = 0
    var count = 0
    while at < bytes.count, bytes[at] >= 48, bytes[at] <= 57 {
      if count < 3 { value = value * 10 + Int(bytes[at] - 48) }
      count += 1
      at += 1
    }
    guard count > 0 else { return nil }
    return count == 1 ? value * 100 : count == 2 ? value * 10 : value
  }

  private mutating func digits(_ count: Int) -> Int? {
    guard at + count <= bytes.count else { return nil }
    var value = 0
    for index in at..<at + count {
      let digit = bytes[index]
      guard digit >= 48, digit <= 57 else { return nil }
      value = value * 10 + Int(digit - 48)
    }
    at += count
    return value
  }

  private mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard at + count <= bytes.count else { return false }
    let equal = text.withUTF8Buffer { wanted in
      for index in 0..<count where wanted[index] != bytes[at + index] { return false }
      return true
    }
    if equal { at += count }
    return equal
  }
}
