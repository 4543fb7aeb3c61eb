#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The chance of a yes as a sum of steps, each at a threshold of one feature.
///
///     p = 1 / (1 + exp(−(start + rate × Σ (feature ≤ threshold ? below : above))))
///
/// Gradient boosting of trees with one split for the logistic loss: each split parts the residuals y − p where the
/// squares of their sums over their numbers are greatest, and each side steps by Σ (y − p) / Σ p (1 − p). Of equal
/// splits the first feature and the lowest threshold is taken. Source: J. Friedman, Greedy Function Approximation: A
/// Gradient Boosting Machine, Annals of Statistics 29, 2001, algorithm 5.
public struct BoostedStumps: Hashable, Sendable {
  public struct Stump: Hashable, Sendable {
    public var feature: Int
    public var threshold, below, above: Double
  }

  /// Log-odds before any step.
  public private(set) var start: Double
  public let rate: Double
  public private(set) var stumps: [Stump] = []

  /// - Parameters:
  ///   - rows: one row of `width` features after another, all finite.
  ///   - labels: 1 for yes, 0 for no; as many as there are rows.
  ///   - rounds: splits; fewer where there is nothing left to part.
  ///   - rate: the share of each step that is taken.
  ///   - leaf: the fewest rows on either side of a threshold.
  /// - Returns: nil without both a yes and a no, and where the rows do not fit the labels.
  public init?(_ rows: [Double], width: Int, labels: [Double], rounds: Int, rate: Double, leaf: Int) {
    let yes = labels.reduce(0, +)
    guard width > 0, rows.count == labels.count * width, yes > 0, yes < Double(labels.count) else { return nil }
    self.rate = rate
    start = log(yes / (Double(labels.count) - yes))
    let columns = (0..<width).map { feature in SortedColumn(rows, width: width, feature: feature) }
    var scores = Array(repeating: start, count: labels.count)
    var residuals = labels
    for _ in 0..<max(0, rounds) {
      for row in labels.indices { residuals[row] = labels[row] - logistic(scores[row]) }
      var best: (split: Split, feature: Int)?
      for feature in 0..<width {
        guard let split = columns[feature].split(residuals, leaf: max(1, leaf)) else { continue }
        if split.gain > best?.split.gain ?? 0 { best = (split, feature) }
      }
      guard let best else { return }
      var sums = (below: 0.0, above: 0.0)
      var spreads = (below: 0.0, above: 0.0)
      for row in labels.indices {
        let spread = (labels[row] - residuals[row]) * (1 - labels[row] + residuals[row])
        if rows[row * width + best.feature] <= best.split.threshold {
          sums.below += residuals[row]
          spreads.below += spread
        } else {
          sums.above += residuals[row]
          spreads.above += spread
        }
      }
      guard spreads.below > 1e-150, spreads.above > 1e-150 else { return }
      let stump = Stump(
        feature: best.feature, threshold: best.split.threshold, below: sums.below / spreads.below,
        above: sums.above / spreads.above)
      stumps.append(stump)
      for row in labels.indices {
        scores[row] += rate * (rows[row * width + stump.feature] <= stump.threshold ? stump.below : stump.above)
      }
    }
  }

  /// The chance of a yes at these features, as many as it was fitted to.
  public func probability(of features: [Double]) -> Double {
    var score = start
    for stump in stumps { score += rate * (features[stump.feature] <= stump.threshold ? stump.below : stump.above) }
    return logistic(score)
  }
}

private struct Split {
  var gain, threshold: Double
}

/// One feature, its rows in the order of their values.
private struct SortedColumn {
  private let order: [Int]
  private let values: [Double]

  init(_ rows: [Double], width: Int, feature: Int) {
    let count = rows.count / width
    order = (0..<count).sorted { (rows[$0 * width + feature], $0) < (rows[$1 * width + feature], $1) }
    values = order.map { rows[$0 * width + feature] }
  }

  /// The threshold that parts the residuals best; nil where the feature does not vary enough.
  func split(_ residuals: [Double], leaf: Int) -> Split? {
    let (order, values, residuals) = (order.span, values.span, residuals.span)
    let count = order.count
    var total = 0.0
    for place in 0..<count { total += residuals[order[place]] }
    var sum = 0.0
    var best: Split?
    for place in 0..<max(0, count - leaf) {
      sum += residuals[order[place]]
      guard place + 1 >= leaf, values[place] < values[place + 1] else { continue }
      let (below, above) = (Double(place + 1), Double(count - place - 1))
      let rest = total - sum
      let gain = sum * sum / below + rest * rest / above
      guard gain > best?.gain ?? 0 else { continue }
      best = Split(gain: gain, threshold: values[place] + (values[place + 1] - values[place]) / 2)
    }
    return best
  }
}
