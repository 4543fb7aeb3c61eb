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

/// `blocks[strategy][block]`: the same blocks of bars for all, an even number of them from 2 on; more than 16 are joined
/// to 16 runs of neighbours, for 16 give 12,870 halvings and 24 would give 2.7 million. Nil under two strategies, for an
/// odd or differing number of blocks, and where a sum is no finite number.
///
/// Time: 2 × strategies × halvings Sharpe ratios, about a second for 5,000 strategies. Memory: 20 numbers a strategy and
/// two a halving. The order of the strategies changes nothing.
public func probabilityOfOverfitting(_ blocks: [[BlockSums]]) -> OverfittingProbability? {
  guard blocks.count > 1, let count = blocks.first?.count, count >= 2, count.isMultiple(of: 2) else { return nil }
  guard blocks.allSatisfy({ $0.count == count && $0.allSatisfy(\.isFinite) }) else { return nil }
  var halvings = Halvings(blocks.map { $0.joined(to: 16) })
  halvings.run()
  let logits = halvings.logits
  guard !logits.isEmpty else { return nil }
  let share = 1 / Double(logits.count)
  return OverfittingProbability(
    pbo: Double(logits.count { $0 <= 0 }) * share, logits: logits, degradation: halvings.slope,
    probabilityOfLoss: Double(halvings.losses) * share, strategies: blocks.count, blocks: min(count, 16))
}

extension BlockSums {
  fileprivate var isFinite: Bool { count.isFinite && sum.isFinite && squares.isFinite }
}

extension [BlockSums] {
  /// Neighbours joined until there are no more than `most`.
  func joined(to most: Int) -> [BlockSums] {
    guard count > most else { return self }
    return (0..<most).map { place in self[place * count / most..<(place + 1) * count / most].reduce(BlockSums(), +) }
  }
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
