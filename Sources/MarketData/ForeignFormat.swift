/// Recognises files that are no CSV text by their first bytes.
enum ForeignFormat {
  /// The length of a UTF-8 byte order mark at the start, 0 or 3.
  static func markLength(_ bytes: Span<UInt8>) -> Int { starts(bytes, [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  /// What the file is, as the end of a sentence; nil where it may be text.
  static func recognised(_ bytes: Span<UInt8>) -> String? {
    if starts(bytes, [0xFF, 0xFE]) || starts(bytes, [0xFE, 0xFF]) { return "UTF-16 text" }
    if starts(bytes, [0x1F, 0x8B]) { return "a gzip archive" }
    if starts(bytes, [0x28, 0xB5, 0x2F, 0xFD]) { return "a zstd archive" }
    if starts(bytes, [0x50, 0x4B, 0x03, 0x04]) { return "a zip archive or a spreadsheet" }
    if starts(bytes, Array("PAR1".utf8)) { return "a Parquet file" }
    if starts(bytes, Array("SQLite format 3".utf8)) { return "an SQLite database" }
    // Text has no zero bytes, and the header has to be UTF-8: the rows are judged field by field.
    for index in 0..<min(bytes.count, PriceFile.lineLimit) where bytes[index] == 0 { return "binary data" }
    var end = 0
    while end < min(bytes.count, PriceFile.lineLimit), bytes[end] != 10, bytes[end] != 13 { end += 1 }
    guard end < PriceFile.lineLimit else { return nil }
    let isText = bytes.extracting(0..<end).withUnsafeBufferPointer { String(validating: $0, as: UTF8.self) != nil }
    return isText ? nil : "not UTF-8 text"
  }

  private static func starts(_ bytes: Span<UInt8>, _ magic: [UInt8]) -> Bool {
    guard bytes.count >= magic.count else { return false }
    for (index, byte) in magic.enumerated() where bytes[index] != byte { return false }
    return true
  }
}
