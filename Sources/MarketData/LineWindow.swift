/// A window over a file that moves on by whole lines.
struct LineWindow {
  private(set) var bytes: [UInt8]
  /// How many bytes of the window hold text, and how many of those are whole lines.
  private(set) var filled = 0
  private(set) var whole = 0
  /// Where in the file the next bytes are read.
  private var offset = 0

  init(piece: Int) { bytes = [UInt8](repeating: 0, count: piece) }

  /// Reads until the window is full or the file ends.
  mutating func fill(from file: borrowing OpenFile) throws(PriceFileError) {
    let got = try file.read(at: offset, into: &bytes, from: filled)
    filled += got
    offset += got
  }

  /// Reads on, and finds where the last whole line ends; the end of the file ends a line too. False when nothing is left.
  mutating func fillWithLines(from file: borrowing OpenFile, lineEnd: UInt8) throws(PriceFileError) -> Bool {
    while true {
      let before = filled
      try fill(from: file)
      whole = filled
      if offset >= file.size || filled == before && filled < bytes.count { return filled > 0 }
      while whole > 0, bytes[whole - 1] != lineEnd { whole -= 1 }
      if whole > 0 { return true }
      // A line longer than the window: it is refused later, when its length is known.
      bytes += [UInt8](repeating: 0, count: bytes.count)
    }
  }

  /// Leaves the first `count` bytes behind.
  mutating func drop(_ count: Int) {
    let count = min(count, filled)
    for index in count..<filled { bytes[index - count] = bytes[index] }
    filled -= count
  }
}
