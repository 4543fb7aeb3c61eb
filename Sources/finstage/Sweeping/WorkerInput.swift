#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Lines from stdin, each of a bounded length.
struct WorkerInput {
  enum Line {
    case text([UInt8])
    /// Longer than is taken; its bytes were passed over.
    case tooLong
  }

  /// A strategy of 1 MB and some 100,000 parameter sets.
  static let limit = 16 << 20
  private var bytes: [UInt8] = []
  private var searched = 0
  private var isAtEnd = false

  /// The next line without its end; nil at the end of the input.
  mutating func next() -> Line? {
    var isTooLong = false
    while true {
      if let end = bytes[searched...].firstIndex(of: 10) {
        let line = Array(bytes[..<end])
        bytes.removeSubrange(...end)
        searched = 0
        return isTooLong || line.count > WorkerInput.limit ? .tooLong : .text(line)
      }
      searched = bytes.count
      if bytes.count > WorkerInput.limit {
        isTooLong = true
        bytes.removeAll(keepingCapacity: true)
        searched = 0
      }
      guard !isAtEnd else {
        defer { (bytes, searched) = ([], 0) }
        if isTooLong { return .tooLong }
        return bytes.isEmpty ? nil : .text(bytes)
      }
      fill()
    }
  }

  private mutating func fill() {
    let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      repeat { count = max(-1, read(STDIN_FILENO, buffer.baseAddress, buffer.count)) } while count < 0 && errno == EINTR
      if count < 0 { count = 0 }
    }
    isAtEnd = piece.isEmpty
    bytes += piece
  }
}
