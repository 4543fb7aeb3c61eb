/// The mean of a series whose values may be correlated over some bars, and its standard error, as values come in.
///
///     variance of the mean = (γ0 + 2 Σ (1 − j / (lags + 1)) γj) / n, j = 1 … lags
///     γj = Σ (x[t] − mean)(x[t − j] − mean) / n
///
/// A value costs a time proportional to the lags. Source: W. Newey and K. West, A Simple, Positive Semi-Definite,
/// Heteroskedasticity and Autocorrelation Consistent Covariance Matrix, Econometrica 55, 1987.
public struct NeweyWestMean: Hashable, Sendable {
  public private(set) var count = 0
  private let lags: Int
  private var sum = 0.0
  /// Σ x[t] x[t − j], j = 0 … lags.
  private var products: [Double]
  /// The first values, and the last ones with the newest at `newest`.
  private var first: [Double] = []
  private var last: [Double]
  private var newest = 0

  /// - Parameter lags: 0 or more.
  public init(lags: Int) {
    self.lags = max(0, lags)
    products = Array(repeating: 0, count: self.lags + 1)
    last = Array(repeating: 0, count: self.lags + 1)
  }

  public mutating func add(_ value: Double) {
    newest = newest == 0 ? lags : newest - 1
    last[newest] = value
    for lag in 0...min(lags, count) { products[lag] += value * last[place(lag)] }
    if first.count < lags { first.append(value) }
    sum += value
    count += 1
  }

  /// Nil before there is a value.
  public var mean: Double? { count > 0 ? sum / Double(count) : nil }

  /// The standard error of the mean; nil before there are two values, 0 where they do not vary.
  public var error: Double? {
    guard count > 1, let mean else { return nil }
    let size = Double(count)
    var (head, tail) = (0.0, 0.0)
    var total = products[0] - size * mean * mean
    // What rounding leaves of values that are all alike.
    guard total > 1e-12 * products[0] else { return 0 }
    for lag in 1..<max(1, min(lags, count - 1) + 1) {
      head += first[lag - 1]
      tail += last[place(lag - 1)]
      let covariance = products[lag] - mean * (2 * sum - head - tail) + (size - Double(lag)) * mean * mean
      total += 2 * (1 - Double(lag) / Double(lags + 1)) * covariance
    }
    return max(0, total).squareRoot() / size
  }

  /// Standard errors from 0 to the mean; nil where there is no spread to tell.
  public var score: Double? {
    guard let mean, let error, error > 0 else { return nil }
    return mean / error
  }

  private func place(_ ago: Int) -> Int { (newest + ago) % (lags + 1) }
}
