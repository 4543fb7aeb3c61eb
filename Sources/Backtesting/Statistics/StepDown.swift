/// p-values of many statistics at once, adjusted so that the chance of calling any of them large that is not is the
/// level: each is compared, replication by replication, with the largest of those that are not above it.
///
/// Replications of all statistics are drawn together, so that what depends on each other is not counted twice. Source:
/// J. Romano and M. Wolf, Efficient Computation of Adjusted p-Values for Resampling-Based Stepdown Multiple Testing,
/// Statistics & Probability Letters 113, 2016.
public struct StepDown: Sendable {
  /// Places of the statistics that are tested, the smallest first.
  public let ascending: [Int]
  private let statistics: [Double]
  /// Of each replication the largest so far.
  private(set) var largest: [Double]
  /// Replications in which the largest of the statistics up to this one was at least as large as it.
  private var beaten: [Int]

  /// - Parameters:
  ///   - statistics: large ones speak against the null.
  ///   - isTested: whether the statistic of that place can vary; the others get a p-value of 1.
  public init(_ statistics: [Double], replications: Int, isTested: (Int) -> Bool = { _ in true }) {
    self.statistics = statistics
    ascending = statistics.indices.filter(isTested).sorted { (statistics[$0], $0) < (statistics[$1], $1) }
    largest = Array(repeating: -.infinity, count: replications)
    beaten = Array(repeating: 0, count: statistics.count)
  }

  /// Takes what a statistic was in each replication. The statistics come in the order of `ascending`.
  public mutating func take(_ place: Int, _ replicated: (Int) -> Double) {
    var count = 0
    for replication in largest.indices {
      largest[replication] = max(largest[replication], replicated(replication))
      if largest[replication] >= statistics[place] { count += 1 }
    }
    beaten[place] = count
  }

  /// For each statistic (1 + replications at least as large) / (1 + replications), so never 0.
  public var adjusted: [Double] {
    var adjusted = Array(repeating: 1.0, count: statistics.count)
    // A smaller statistic may not come out with a smaller p-value than a larger one.
    var soFar = 0.0
    for place in ascending.reversed() {
      soFar = max(soFar, Double(1 + beaten[place]) / Double(1 + largest.count))
      adjusted[place] = soFar
    }
    return adjusted
  }
}
