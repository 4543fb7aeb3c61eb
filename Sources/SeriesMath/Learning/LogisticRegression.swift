#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The chance of a yes as a logistic function of features.
///
///     p = 1 / (1 + exp(−(intercept + Σ weight × feature)))
///
/// Fitted to the greatest likelihood less penalty / 2 × Σ weight², the intercept free of it, by Newton's method
/// (iteratively reweighted least squares). The same penalty is 1 / C of scikit-learn. Source: T. Hastie, R. Tibshirani,
/// J. Friedman, The Elements of Statistical Learning, 2009, 4.4.1.
public struct LogisticRegression: Hashable, Sendable {
  public private(set) var intercept: Double
  public private(set) var weights: [Double]

  /// - Parameters:
  ///   - rows: one row of `width` features after another, all finite.
  ///   - labels: 1 for yes, 0 for no; as many as there are rows.
  ///   - penalty: 0 or more.
  /// - Returns: nil without both a yes and a no, and where the rows do not fit the labels.
  public init?(_ rows: [Double], width: Int, labels: [Double], penalty: Double) {
    let yes = labels.reduce(0, +)
    guard width >= 0, rows.count == labels.count * width, penalty >= 0, yes > 0, yes < Double(labels.count) else {
      return nil
    }
    intercept = log(yes / (Double(labels.count) - yes))
    weights = Array(repeating: 0, count: width)
    var loss = loss(rows, labels, penalty)
    for _ in 0..<LogisticRegression.mostSteps {
      guard let step = newtonStep(rows, labels, penalty) else { return }
      let before = self
      var length = 1.0
      repeat {
        self = before.moved(step, by: length)
        let now = self.loss(rows, labels, penalty)
        // Near the end a step changes the loss by less than its rounding.
        if now <= loss + 1e-12 * abs(loss) {
          loss = now
          break
        }
        length /= 2
      } while length > 1e-6
      guard length > 1e-6 else {
        self = before
        return
      }
      if step.allSatisfy({ abs($0) * length < 1e-10 }) { return }
    }
  }

  /// Labels that features part without a rest have no greatest likelihood: their weights would grow for ever.
  private static let mostSteps = 30

  /// The chance of a yes at these features.
  public func probability(of features: some Collection<Double>) -> Double {
    var sum = intercept
    for (weight, feature) in zip(weights, features) { sum += weight * feature }
    return logistic(sum)
  }

  private func moved(_ step: [Double], by length: Double) -> LogisticRegression {
    var moved = self
    moved.intercept += length * step[0]
    for feature in weights.indices { moved.weights[feature] += length * step[feature + 1] }
    return moved
  }

  private func score(_ rows: Span<Double>, _ row: Int) -> Double {
    var sum = intercept
    for feature in weights.indices { sum += weights[feature] * rows[row * weights.count + feature] }
    return sum
  }

  /// Minus the log-likelihood, and the penalty.
  private func loss(_ rows: [Double], _ labels: [Double], _ penalty: Double) -> Double {
    let rows = rows.span
    var sum = 0.0
    for row in labels.indices {
      let score = score(rows, row)
      // log(1 + exp(score)) without overflow.
      sum += max(score, 0) + log1p(exp(-abs(score))) - labels[row] * score
    }
    return sum + penalty / 2 * weights.reduce(0) { $0 + $1 * $1 }
  }

  /// What Newton's method adds to the intercept and the weights; nil where the likelihood is flat in some direction.
  private func newtonStep(_ rows: [Double], _ labels: [Double], _ penalty: Double) -> [Double]? {
    let (width, rows) = (weights.count, rows.span)
    let size = width + 1
    var matrix = Array(repeating: 0.0, count: size * size)
    var gradient = Array(repeating: 0.0, count: size)
    var values = Array(repeating: 1.0, count: size)
    for row in labels.indices {
      let chance = logistic(score(rows, row))
      let (error, spread) = (labels[row] - chance, chance * (1 - chance))
      for feature in 0..<width { values[feature + 1] = rows[row * width + feature] }
      for i in 0..<size {
        gradient[i] += error * values[i]
        let weighted = spread * values[i]
        for j in 0...i { matrix[i * size + j] += weighted * values[j] }
      }
    }
    for feature in 0..<width {
      gradient[feature + 1] -= penalty * weights[feature]
      matrix[(feature + 1) * size + feature + 1] += penalty
    }
    return solve(&matrix, gradient)
  }
}

/// 1 / (1 + exp(−x)).
public func logistic(_ x: Double) -> Double { x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x)) }

/// Solves a symmetric system, of which the lower triangle is read, by Cholesky's method. A direction in which the
/// matrix is flat for want of variation gets no step; nil where the matrix has none but such.
private func solve(_ matrix: inout [Double], _ right: [Double]) -> [Double]? {
  let size = right.count
  var isFlat = Array(repeating: false, count: size)
  for i in 0..<size {
    for j in 0...i {
      var sum = matrix[i * size + j]
      for k in 0..<j { sum -= matrix[i * size + k] * matrix[j * size + k] }
      if i == j {
        isFlat[i] = !(sum > 1e-12 * max(1, matrix[i * size + i]))
        matrix[i * size + i] = isFlat[i] ? 1 : sum.squareRoot()
      } else {
        matrix[i * size + j] = isFlat[j] ? 0 : sum / matrix[j * size + j]
      }
    }
    if isFlat[i] { for j in 0..<i { matrix[i * size + j] = 0 } }
  }
  guard isFlat.contains(false) else { return nil }
  var solution = right
  for i in 0..<size {
    for k in 0..<i { solution[i] -= matrix[i * size + k] * solution[k] }
    solution[i] = isFlat[i] ? 0 : solution[i] / matrix[i * size + i]
  }
  for i in (0..<size).reversed() {
    for k in (i + 1)..<max(i + 1, size) { solution[i] -= matrix[k * size + i] * solution[k] }
    solution[i] = isFlat[i] ? 0 : solution[i] / matrix[i * size + i]
  }
  return solution.allSatisfy(\.isFinite) ? solution : nil
}
