#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How likely it is that the strategy chosen for what it did on one half of the bars does worse than the median of all
/// strategies on the other half, over all ways to halve them.
///
/// Source: D. Bailey, J. Borwein, M. López de Prado and J. Zhu, The Probability of Backtest Overfitting, Journal of
/// Computational Finance 20(4), 2017 (combinatorially symmetric cross-validation).
public struct OverfittingProbability: Hashable, Sendable {
  /// The share of the halvings whose logit is 0 or less.
  public var pbo: Double
  /// For each halving ln(ω / (1 − ω)), ω = rank / (N + 1) of the chosen strategy on the other half, N the best rank.
  public var logits: [Double]
  /// The slope of the chosen one's Sharpe ratio on the other half over that on the half it was chosen on; nil where the
  /// latter does not vary.
  public var degradation: Double?
  /// The share of the halvings in which the chosen one lost money on the other half.
  public var probabilityOfLoss: Double
  /// How many strategies, and how many blocks were halved.
  public var strategies, blocks: Int
}

/// `blocks[strategy][block]`: the same blocks of bars for all, two with bars at least. Neighbours are joined to 16 runs of
/// about as many bars, or to the largest even number below that they admit: 16 give 12,870 halvings, 24 would give 2.7
/// million. A strategy without blocks (its account fell to nothing) is left out. Nil under two strategies, where they
/// differ in the number of blocks, and where a sum is no finite number.
///
/// Time: 2 × strategies × halvings Sharpe ratios, about a second for 5,000 strategies. Memory: 50 numbers a strategy and
/// two a halving. The order of the strategies changes nothing.
public func probabilityOfOverfitting(_ blocks: [[BlockSums]]) -> OverfittingProbability? {
  let blocks = blocks.filter { !$0.isEmpty }
  guard blocks.count > 1, let count = blocks.first?.count else { return nil }
  guard blocks.allSatisfy({ $0.count == count && $0.allSatisfy(\.isFinite) }) else { return nil }
  let bars = (0..<count).map { block in blocks.map { $0[block].count }.max() ?? 0 }
  guard let runs = evenRuns(bars, most: 16) else { return nil }
  var halvings = Halvings(blocks.map { own in runs.map { own[$0].reduce(BlockSums(), +) } })
  halvings.run()
  let logits = halvings.logits
  let share = 1 / Double(logits.count)
  return OverfittingProbability(
    pbo: Double(logits.count { $0 <= 0 }) * share, logits: logits, degradation: halvings.slope,
    probabilityOfLoss: Double(halvings.losses) * share, strategies: blocks.count, blocks: runs.count)
}

/// Blocks joined with their neighbours to an even number of runs, none without bars, each with about as many: a block
/// goes where its middle lies. Nil where not even two can be made.
func evenRuns(_ bars: [Double], most: Int) -> [Range<Int>]? {
  let total = bars.reduce(0, +)
  guard total > 0 else { return nil }
  for wanted in stride(from: most, through: 2, by: -2) {
    var ends = Array(repeating: 0, count: wanted)
    var before = 0.0
    for (block, count) in bars.enumerated() {
      let run = min(wanted - 1, Int((before + count / 2) / total * Double(wanted)))
      before += count
      ends[run] = block + 1
    }
    let filled = ends.indices.allSatisfy { run in
      let start = run == 0 ? 0 : ends[run - 1]
      return ends[run] > start && bars[start..<ends[run]].contains { $0 > 0 }
    }
    if filled { return ends.indices.map { ($0 == 0 ? 0 : ends[$0 - 1])..<ends[$0] } }
  }
  return nil
}

/// Walks the halvings. Each is had with the one that swaps its halves, so the first block stays in the first half.
private struct Halvings {
  private let strategies: Int
  private let half: Int
  /// Sums by block, strategies next to each other.
  private let columns: [[BlockSums]]
  private let totals: [BlockSums]
  /// Sums of the chosen blocks by how many were chosen.
  private var chosen: [[BlockSums]]
  private var first, second: [Double]
  private(set) var logits: [Double] = []
  private(set) var losses = 0
  /// Sums over the halvings for the regression of the second Sharpe ratio on the first.
  private var (x, y, xx, xy) = (0.0, 0.0, 0.0, 0.0)

  init(_ blocks: [[BlockSums]]) {
    strategies = blocks.count
    let count = blocks.first?.count ?? 0
    half = count / 2
    columns = (0..<count).map { block in blocks.map { $0[block] } }
    totals = blocks.map { $0.reduce(BlockSums(), +) }
    chosen = Array(repeating: Array(repeating: BlockSums(), count: blocks.count), count: half + 1)
    first = Array(repeating: 0, count: blocks.count)
    second = first
  }

  var slope: Double? {
    let count = Double(logits.count)
    let spread = xx - x * x / count
    let slope = (xy - x * y / count) / spread
    return spread > xx * 1e-13 && slope.isFinite ? slope : nil
  }

  mutating func run() {
    take(block: 0, as: 0)
    descend(from: 1, chosen: 1)
  }

  private mutating func descend(from block: Int, chosen count: Int) {
    if count == half { return judge() }
    // As many blocks must be left as are still to be chosen.
    for next in block...columns.count - (half - count) {
      take(block: next, as: count)
      descend(from: next + 1, chosen: count + 1)
    }
  }

  /// Sums are added afresh along each path, so that no rounding error adds up over the halvings.
  private mutating func take(block: Int, as count: Int) {
    let column = columns[block]
    for strategy in 0..<strategies { chosen[count + 1][strategy] = chosen[count][strategy] + column[strategy] }
  }

  private mutating func judge() {
    for strategy in 0..<strategies {
      let inside = chosen[half][strategy]
      first[strategy] = inside.sharpe
      second[strategy] = (totals[strategy] - inside).sharpe
    }
    judge(chosenOn: first, heldAgainst: second)
    judge(chosenOn: second, heldAgainst: first)
  }

  private mutating func judge(chosenOn inside: [Double], heldAgainst outside: [Double]) {
    var best = -Double.infinity
    var result = 0.0
    for strategy in 0..<strategies where inside[strategy] >= best {
      // Of equals the one that then did worst, whatever the order in which they stand.
      result = inside[strategy] > best ? outside[strategy] : min(result, outside[strategy])
      best = inside[strategy]
    }
    var (below, equal) = (0, 0)
    for value in outside {
      below += value < result ? 1 : 0
      equal += value == result ? 1 : 0
    }
    // Equals share the mean of their ranks.
    let rank = Double(below) + Double(equal + 1) / 2
    logits.append(log(rank / (Double(strategies + 1) - rank)))
    if result < 0 { losses += 1 }
    x += best
    y += result
    xx += best * best
    xy += best * result
  }
}
