import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if _endian(big)
#error("chunks are kept in little-endian order, and are copied as they stand")
#endif

/// A chunk as bytes: a header of 16, the columns one after another, and a checksum of all that stands before it.
///
/// | bytes | what |
/// |---|---|
/// | 2 | version of this layout, 1 |
/// | 2 | flags: 1 = there is an adjusted close, 2 = each bar has its own moment of fetching |
/// | 4 | bars, n |
/// | 4 | seconds since 1970 at which all were fetched; 0 with flag 2 |
/// | 4 | 0 |
/// | 8 n | openings, milliseconds since 1970 |
/// | 8 n × 5 | open, high, low, close, volume |
/// | 8 n | adjusted close, with flag 1; NaN where there is none |
/// | 4 n | seconds since 1970 at which each was fetched, with flag 2 |
/// | 8 | XXH64 |
///
/// Everything is little-endian.
enum ChunkCodec {
  static let version: UInt16 = 1
  static let header = 16
  static let checksum = 8

  struct Flags: OptionSet {
    let rawValue: UInt16
    static let adjusted = Flags(rawValue: 1)
    static let fetched = Flags(rawValue: 2)

    func bytes(_ count: Int) -> Int {
      count * (8 * 6 + (contains(.adjusted) ? 8 : 0) + (contains(.fetched) ? 4 : 0))
    }
  }

  static func encode(_ chunk: Chunk) -> Data {
    var flags: Flags = []
    if chunk.hasAdjustedClose { flags.insert(.adjusted) }
    let moment = chunk.fetched.first ?? 0
    if chunk.fetched.contains(where: { $0 != moment }) { flags.insert(.fetched) }
    let size = header + flags.bytes(chunk.count)
    var data = Data(count: size + checksum)
    data.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(of: version, toByteOffset: 0, as: UInt16.self)
      bytes.storeBytes(of: flags.rawValue, toByteOffset: 2, as: UInt16.self)
      bytes.storeBytes(of: UInt32(chunk.count), toByteOffset: 4, as: UInt32.self)
      bytes.storeBytes(of: flags.contains(.fetched) ? 0 : moment, toByteOffset: 8, as: UInt32.self)
      var at = header
      func put<Value>(_ values: [Value]) {
        values.withUnsafeBytes { source in
          UnsafeMutableRawBufferPointer(rebasing: bytes[at..<at + source.count]).copyMemory(from: source)
          at += source.count
        }
      }
      put(chunk.times)
      for column in chunk.columns[..<Chunk.adjusted] { put(column) }
      if flags.contains(.adjusted) { put(chunk.columns[Chunk.adjusted]) }
      if flags.contains(.fetched) { put(chunk.fetched) }
      let sum = XXHash64.hash(UnsafeRawBufferPointer(rebasing: bytes[..<size]))
      bytes.storeBytes(of: sum, toByteOffset: size, as: UInt64.self)
    }
    return data
  }

  static func decode(_ bytes: UnsafeRawBufferPointer) throws(ChunkFault) -> Chunk {
    let view = try ChunkView(bytes)
    var chunk = Chunk()
    chunk.times = view.times
    chunk.columns = (0..<Chunk.width).map(view.column)
    chunk.fetched = view.fetched
    return chunk
  }
}

/// Why the bytes are no chunk.
struct ChunkFault: Error {
  let detail: String
}

/// The bytes of a chunk, checked, for as long as they stand where they are.
struct ChunkView {
  private let bytes: UnsafeRawBufferPointer
  let count: Int
  let flags: ChunkCodec.Flags

  init(_ bytes: UnsafeRawBufferPointer) throws(ChunkFault) {
    guard bytes.count >= ChunkCodec.header + ChunkCodec.checksum else {
      throw ChunkFault(detail: "\(bytes.count) bytes, fewer than an empty chunk has")
    }
    let size = bytes.count - ChunkCodec.checksum
    let sum = bytes.loadUnaligned(fromByteOffset: size, as: UInt64.self)
    guard XXHash64.hash(UnsafeRawBufferPointer(rebasing: bytes[..<size])) == sum else {
      throw ChunkFault(detail: "the checksum does not fit")
    }
    let version = bytes.loadUnaligned(fromByteOffset: 0, as: UInt16.self)
    guard version == ChunkCodec.version else {
      throw ChunkFault(detail: "layout \(version), where this version reads \(ChunkCodec.version)")
    }
    flags = ChunkCodec.Flags(rawValue: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
    count = Int(bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    guard count <= Chunk.capacity, size == ChunkCodec.header + flags.bytes(count) else {
      throw ChunkFault(detail: "\(bytes.count) bytes do not hold \(count) bars")
    }
    self.bytes = bytes
  }

  private var moment: UInt32 { bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self) }

  /// The opening of a bar, `bar < count`.
  func time(_ bar: Int) -> Instant {
    Instant(milliseconds: bytes.loadUnaligned(fromByteOffset: ChunkCodec.header + 8 * bar, as: Int64.self))
  }

  /// The first bar that opens at or after a moment; `count` where none does.
  func index(from moment: Instant) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if time(middle) < moment { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Copies openings of some bars to memory that holds as many.
  func copyTimes(_ bars: Range<Int>, to target: UnsafeMutableRawBufferPointer) {
    copy(from: ChunkCodec.header + 8 * bars.lowerBound, to: target)
  }

  /// Copies a column's values of some bars to memory that holds as many; `Chunk.adjusted` only where it is there.
  func copy(column: Int, _ bars: Range<Int>, to target: UnsafeMutableRawBufferPointer) {
    copy(from: ChunkCodec.header + 8 * (count * (1 + column) + bars.lowerBound), to: target)
  }

  private func copy(from offset: Int, to target: UnsafeMutableRawBufferPointer) {
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + target.count]))
  }

  var times: [Instant] { (0..<count).map(time) }

  /// A whole column.
  func column(_ column: Int) -> [Double] {
    if column == Chunk.adjusted, !flags.contains(.adjusted) { return Array(repeating: .nan, count: count) }
    let start = ChunkCodec.header + 8 * count * (1 + column)
    return (0..<count).map { bytes.loadUnaligned(fromByteOffset: start + 8 * $0, as: Double.self) }
  }

  /// When each bar was fetched.
  var fetched: [UInt32] {
    guard flags.contains(.fetched) else { return Array(repeating: moment, count: count) }
    let start = bytes.count - ChunkCodec.checksum - 4 * count
    return (0..<count).map { bytes.loadUnaligned(fromByteOffset: start + 4 * $0, as: UInt32.self) }
  }
}
