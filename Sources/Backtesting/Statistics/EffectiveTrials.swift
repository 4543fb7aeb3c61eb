#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How many of the trials are really different: trials whose results correlate with a leader's are one cluster, and the
/// clusters are counted. Identical trials are 1, N independent ones are N.
///
/// `blocks[trial][block]`: the same blocks of bars for all; a block that a trial does not have is one without bars. What
/// is correlated are the block sums less the trial's mean, over √bars. The trial with the best Sharpe ratio leads; each
/// later one joins the first leader with whom its correlation reaches √½ (half of the variance is common), or leads
/// itself. Few blocks correlate by chance: with N trials of S blocks the bar is at least tanh(z / √(S − 3)), z the normal
/// quantile at which one of all N (N − 1) / 2 pairs of independent trials is merged with a probability of 5 %. Opposites
/// are two trials. Trials whose blocks do not vary, which never traded, are one cluster together.
///
/// Where the result errs it errs upwards, which deflates more. Time: N × clusters × S, ended after 4 × 10⁹ products; what
/// has no cluster by then leads itself. 0 for no trials. The order of the trials changes nothing.
public func effectiveTrials(_ blocks: [[BlockSums]]) -> Double {
  effectiveTrials(blocks, products: 4_000_000_000)
}

func effectiveTrials(_ blocks: [[BlockSums]], products: Int) -> Double {
  let width = blocks.map(\.count).max() ?? 0
  guard !blocks.isEmpty, width > 0 else { return Double(blocks.isEmpty ? 0 : 1) }
  let directions = blocks.map { Direction($0, width: width) }
  var varying = directions.filter { !$0.components.isEmpty }
  let flat = varying.count < directions.count ? 1 : 0
  varying.sort { $0.leads($1) }

  let filled = (0..<width).count { block in blocks.contains { $0.count > block && $0[block].count > 0 } }
  let bar = mergingCorrelation(trials: varying.count, blocks: filled)
  var leaders: [Direction] = []
  var left = products
  for trial in varying {
    if left > 0, let place = leaders.firstIndex(where: { $0.correlation(with: trial) >= bar }) {
      left -= (place + 1) * width
    } else {
      left -= leaders.count * width
      leaders.append(trial)
    }
  }
  return Double(leaders.count + flat)
}

/// The correlation from which on two of so many trials count as one.
func mergingCorrelation(trials: Int, blocks: Int) -> Double {
  let common = 0.5.squareRoot()
  guard trials > 1 else { return common }
  let pairs = Double(trials) * Double(trials - 1) / 2
  // Under four blocks any two may look alike: only what is the same is then one.
  guard blocks > 3, let z = normalQuantile(1 - 0.05 / pairs) else { return 1 - 1e-9 }
  // Never so near to 1 that rounding parts what is the same.
  return min(max(common, tanh(z / Double(blocks - 3).squareRoot())), 1 - 1e-9)
}

/// The results of a trial over the blocks, as a vector of length 1; without components where they do not vary.
private struct Direction {
  var components: [Double] = []
  private let sharpe: Double

  init(_ blocks: [BlockSums], width: Int) {
    let total = blocks.reduce(BlockSums(), +)
    sharpe = total.sharpe
    let mean = total.count > 0 ? total.sum / total.count : 0
    var values = blocks.map { block in
      block.count > 0 ? (block.sum - mean * block.count) / block.count.squareRoot() : 0
    }
    values += Array(repeating: 0, count: width - values.count)
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // Against rounding: blocks that all earn the same do not vary.
    guard length.isFinite, length * length > total.squares * 1e-20, length > 0 else { return }
    components = values.map { $0 / length }
  }

  /// Better ones first; of equally good ones whichever, but always the same.
  func leads(_ other: Direction) -> Bool {
    if sharpe != other.sharpe { return sharpe > other.sharpe }
    return other.components.lexicographicallyPrecedes(components)
  }

  func correlation(with other: Direction) -> Double {
    var sum = 0.0
    for (left, right) in zip(components, other.components) { sum += left * right }
    return sum
  }
}
