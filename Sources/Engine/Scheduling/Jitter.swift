import SeriesMath
import Trading

/// By how much later than its slot a job begins, so that not all hosts ask the same server at the same second.
enum Jitter {
  /// Milliseconds from 0 to `longest`; the same for the same job, slot and seed.
  static func delay(_ job: String, _ slot: Instant, seed: UInt64, longest: Int64) -> Int64 {
    guard longest > 0 else { return 0 }
    // FNV-1a, G. Fowler, L. C. Noll, K.-P. Vo.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    let moment = (0..<8).map { UInt8(truncatingIfNeeded: slot.milliseconds >> ($0 * 8)) }
    for byte in Array(job.utf8) + moment { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var random = SplitMix64(seed: hash ^ seed)
    return Int64(random.below(Int(longest) + 1))
  }
}
