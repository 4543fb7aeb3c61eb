import Foundation
import Testing
import Trading

@testable import Storage

@Suite struct ChunkTests {
  /// Values by the package xxhash of PyPI, of bytes (7 i + 3) mod 256.
  @Test(
    arguments: [
      (0, 0xef46_db37_51d8_e999), (1, 0x1f25_c8d0_bc1f_4bb6), (3, 0x31d2_363f_52e5_64c9), (4, 0x9bb6_4b7d_66ee_9fda),
      (7, 0x9a7b_1499_59ce_60d8), (8, 0xdab9_9d95_c6f9_0092), (14, 0xc7f1_d4d0_acfa_5a14), (31, 0xa2aa_5f33_cc4a_6119),
      (32, 0x23c3_c17e_f790_fd97), (33, 0x50a7_cfc7_ba58_8784), (63, 0x5e3e_54b4_31c7_493c),
      (64, 0x0eb6_4b3e_f6ee_b01f),
      (100, 0xa61f_8d4c_170f_e531), (1_000, 0x5f23_5fa0_33f1_a3fb),
    ] as [(Int, UInt64)])
  func `the checksum is XXH64`(_ count: Int, _ expected: UInt64) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
    #expect(bytes.withUnsafeBytes { XXHash64.hash($0) } == expected)
  }

  private func chunk(_ count: Int, mixed: Bool, adjusted: Bool) -> Chunk {
    var chunk = Chunk(prices(count, adjusted: adjusted), fetched: 1_700_000_000)
    if mixed { chunk.fetched[count / 2] += 60 }
    return chunk
  }

  @Test(arguments: [1, 2, 100, 4_096], [false, true])
  func `a chunk comes back as it was`(_ count: Int, _ flag: Bool) throws {
    for adjusted in [false, true] {
      let chunk = chunk(count, mixed: flag, adjusted: adjusted)
      let bytes = ChunkCodec.encode(chunk)
      // 16 of header, 8 of checksum; times and five columns; then what there is besides.
      let mixed = flag && count > 1
      #expect(bytes.count == 24 + count * (48 + (adjusted ? 8 : 0) + (mixed ? 4 : 0)) || count == 1)
      let back = try bytes.withUnsafeBytes { bytes throws(ChunkFault) in try ChunkCodec.decode(bytes) }
      #expect(back.times == chunk.times && back.fetched == chunk.fetched)
      #expect(back.columns.map { $0.map(\.bitPattern) } == chunk.columns.map { $0.map(\.bitPattern) })
    }
  }

  @Test func `a single flipped bit is found, wherever it is`() {
    let bytes = [UInt8](ChunkCodec.encode(chunk(20, mixed: true, adjusted: true)))
    for bit in 0..<bytes.count * 8 {
      var broken = bytes
      broken[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: ChunkFault.self, "bit \(bit)") { try broken.withUnsafeBytes { try ChunkCodec.decode($0) } }
    }
  }

  @Test func `bytes that are cut off are refused`() {
    let bytes = [UInt8](ChunkCodec.encode(chunk(20, mixed: false, adjusted: true)))
    for count in 0..<bytes.count {
      #expect(throws: ChunkFault.self) { try bytes[..<count].withUnsafeBytes { try ChunkCodec.decode($0) } }
    }
  }

  @Test func `stretches that touch are one`() {
    func at(_ hour: Int64) -> Instant { Instant(seconds: hour * 3_600) }
    var stretches: [Range<Instant>] = []
    for (start, stop) in [(10, 20), (30, 40), (20, 25), (5, 6), (24, 31), (7, 7)] as [(Int64, Int64)] {
      stretches = stretches.joined(with: at(start)..<at(stop))
    }
    #expect(stretches == [at(5)..<at(6), at(10)..<at(40)])
  }
}
