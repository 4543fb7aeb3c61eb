/// Steps through the lines of a text. Lines end with a line feed, CR LF, or CR alone where the text has no line feed.
struct LineReader: ~Escapable {
  /// One line: its number from 1 and its bytes without what ends it.
  struct Line {
    var number: Int
    var start: Int
    var end: Int
  }

  let bytes: Span<UInt8>
  let lineEnd: UInt8
  /// Where the next line begins.
  private(set) var at: Int
  /// The number of the line read last.
  private(set) var number: Int

  /// Begins at a byte; `number` is the line before it. The kind of line ends is found out unless it is given.
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, start: Int, number: Int = 0, lineEnd: UInt8? = nil) {
    self.bytes = bytes
    self.at = start
    self.number = number
    self.lineEnd = lineEnd ?? LineReader.kindOfLineEnd(bytes)
  }

  /// The next line, nil at the end.
  mutating func next() -> Line? {
    guard at < bytes.count else { return nil }
    let start = at
    var end = at
    while end < bytes.count, bytes[end] != lineEnd { end += 1 }
    at = end + 1
    number += 1
    if end > start, bytes[end - 1] == 13 { end -= 1 }
    return Line(number: number, start: start, end: end)
  }

  /// The next line that holds more than spaces and tabs.
  mutating func nextFilled() -> Line? {
    while let line = next() {
      if !isBlank(line) { return line }
    }
    return nil
  }

  func isBlank(_ line: Line) -> Bool {
    for index in line.start..<line.end where bytes[index] != 32 && bytes[index] != 9 { return false }
    return true
  }

  static func tooLong(_ line: Line) -> String {
    "the line has \(line.end - line.start) bytes; \(PriceFile.lineLimit) at most are admitted"
  }

  private static func kindOfLineEnd(_ bytes: Span<UInt8>) -> UInt8 {
    var returns = false
    for index in 0..<min(bytes.count, PriceFile.lineLimit) {
      if bytes[index] == 10 { return 10 }
      if bytes[index] == 13 { returns = true }
    }
    return returns ? 13 : 10
  }
}
