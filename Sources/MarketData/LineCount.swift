/// Counts lines, so that columns are laid out once at their final length.
enum LineCount {
  /// How many lines there are; the last may lack its end.
  static func lines(of bytes: Span<UInt8>, lineEnd: UInt8) -> Int {
    let ends = ends(in: bytes, lineEnd)
    return bytes.isEmpty || bytes[bytes.count - 1] == lineEnd ? ends : ends + 1
  }

  /// The same of a whole file.
  static func lines(of file: borrowing OpenFile, lineEnd: UInt8) throws(PriceFileError) -> Int {
    var piece = [UInt8](repeating: lineEnd, count: min(max(file.size, 1), 1 << 17))
    var (lines, offset, last) = (0, 0, lineEnd)
    while offset < file.size {
      let got = try file.read(at: offset, into: &piece, from: 0)
      guard got > 0 else { break }
      lines += ends(in: piece.span.extracting(first: got), lineEnd)
      last = piece[got - 1]
      offset += got
    }
    return last == lineEnd ? lines : lines + 1
  }

  private static func ends(in rows: Span<UInt8>, _ lineEnd: UInt8) -> Int {
    var lines = 0
    var at = 0
    // Sixteen counters at a time, emptied before one of them can overflow.
    let wanted = SIMD16<UInt8>(repeating: lineEnd)
    let one = SIMD16<UInt8>(repeating: 1)
    while at + 16 <= rows.count {
      var counters = SIMD16<UInt8>.zero
      let stop = min(rows.count - 15, at + 255 * 16)
      while at < stop {
        let chunk = rows.bytes.unsafeLoadUnaligned(fromByteOffset: at, as: SIMD16<UInt8>.self)
        counters &+= SIMD16<UInt8>.zero.replacing(with: one, where: chunk .== wanted)
        at += 16
      }
      for lane in 0..<16 { lines += Int(counters[lane]) }
    }
    while at < rows.count {
      if rows[at] == lineEnd { lines += 1 }
      at += 1
    }
    return lines
  }
}
