import SeriesMath

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Resamples bars in blocks of geometric length, so that what hangs together from bar to bar stays together; the series
/// is a circle, so that every bar is as likely as any other.
///
/// A replication is `bars` draws. It is had as blocks, or as weights: how often each bar is drawn. The same seed gives the
/// same replications. Source: D. Politis and J. Romano, The Stationary Bootstrap, JASA 89, 1994.
public struct StationaryBootstrap: Sendable {
  /// Bars in a row, which do not run over the end of the series.
  public struct Block: Hashable, Sendable {
    public var start, length: Int32
  }

  public let bars: Int
  /// The mean length of a block, 1 (each bar for itself) or more.
  public let meanBlock: Double
  private var random: SplitMix64
  /// 1 / ln(1 − 1 / meanBlock).
  private let scale: Double

  /// `meanBlock` is held between 1 and the number of bars.
  public init(bars: Int, meanBlock: Double, seed: UInt64) {
    self.bars = max(0, min(bars, Int(Int32.max)))
    self.meanBlock = meanBlock.isFinite ? min(max(1, meanBlock), max(1, Double(bars))) : 1
    random = SplitMix64(seed: seed)
    scale = 1 / log1p(-1 / self.meanBlock)
  }

  /// The next replication, as blocks in the order in which they are drawn; one that runs over the end is parted there.
  public mutating func next(blocks: inout [Block]) {
    blocks.removeAll(keepingCapacity: true)
    var left = bars
    while left > 0 {
      let start = random.below(bars)
      let length = min(left, blockLength())
      left -= length
      let upToEnd = min(length, bars - start)
      blocks.append(Block(start: Int32(start), length: Int32(upToEnd)))
      if upToEnd < length { blocks.append(Block(start: 0, length: Int32(length - upToEnd))) }
    }
  }

  /// The next replication, as how often each bar is drawn; the weights add up to `bars`.
  public mutating func next(into weights: inout [Double]) {
    var blocks: [Block] = []
    next(blocks: &blocks)
    // Blocks as steps up and down, added up afterwards.
    weights = Array(repeating: 0, count: bars)
    for block in blocks {
      weights[Int(block.start)] += 1
      let end = Int(block.start) + Int(block.length)
      if end < bars { weights[end] -= 1 }
    }
    var height = 0.0
    for bar in weights.indices {
      height += weights[bar]
      weights[bar] = height
    }
  }

  /// Geometric with that mean: 1 + ⌊ln u / ln(1 − 1/mean)⌋.
  private mutating func blockLength() -> Int {
    guard meanBlock > 1 else { return 1 }
    let length = log(1 - random.unit()) * scale
    return length < Double(bars) ? 1 + Int(length) : bars
  }
}
