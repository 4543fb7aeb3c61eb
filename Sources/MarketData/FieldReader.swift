/// Parts a line into fields, by the rules of RFC 4180 as far as one line goes: a quote closes on the line it opens on.
struct FieldReader {
  enum Outcome: Equatable { case whole, unterminatedQuote }

  let separator: UInt8
  /// The fields of the line split last, each without quotes and without the spaces around it.
  private(set) var fields: [Range<Int>] = []

  init(separator: UInt8) { self.separator = separator }

  mutating func split(_ bytes: Span<UInt8>, _ line: LineReader.Line) -> Outcome {
    fields.removeAll(keepingCapacity: true)
    var at = line.start
    while true {
      while at < line.end, isSpace(bytes[at]) { at += 1 }
      var content = at..<at
      if at < line.end, bytes[at] == UInt8(ascii: "\"") {
        let open = at
        guard let close = closingQuote(bytes, open, line.end) else { return .unterminatedQuote }
        content = trimmed(bytes, at + 1..<close)
        at = close + 1
        let behind = at
        while at < line.end, bytes[at] != separator { at += 1 }
        // Text behind the closing quote belongs to the field, so that its reader refuses it.
        if !trimmed(bytes, behind..<at).isEmpty { content = trimmed(bytes, open..<at) }
      } else {
        let start = at
        while at < line.end, bytes[at] != separator { at += 1 }
        content = trimmed(bytes, start..<at)
      }
      fields.append(content)
      guard at < line.end else { return .whole }
      at += 1
    }
  }

  /// Where the quote that opens at `start` closes; a doubled quote stands for itself.
  private func closingQuote(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var at = start + 1
    while at < end {
      if bytes[at] == UInt8(ascii: "\"") {
        guard at + 1 < end, bytes[at + 1] == UInt8(ascii: "\"") else { return at }
        at += 1
      }
      at += 1
    }
    return nil
  }

  private func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, isSpace(bytes[start]) { start += 1 }
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 && separator != 9 }
}
