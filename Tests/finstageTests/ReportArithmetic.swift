import Foundation

/// What the figures of a report are held to: the formulas of `docs/statistics.md` and `docs/luck.md`, written down anew.
enum ReportArithmetic {
  /// One call of a column of bars: where it came, and whether it was right.
  typealias Hit = (bar: Int, isRight: Bool)

  /// The 95 % interval of a rate over calls that each end at the next bar.
  static func interval(_ calls: [Hit]) -> (Double, Double) {
    let count = Double(calls.count)
    let rate = Double(calls.count { $0.isRight }) / count
    let bars = calls.map(\.bar).sorted()
    // Two on one bar share it; two on neighbouring bars share none.
    guard Set(bars).count < bars.count else { return wilson(rate, count, 1.959963984540054) }
    var variance = 0.0
    for one in calls {
      for other in calls {
        let weight = max(0, 1 - Double(abs(one.bar - other.bar)) / 3)
        variance += weight * ((one.isRight ? 1 : 0) - rate) * ((other.isRight ? 1 : 0) - rate)
      }
    }
    variance /= count * count
    return wilson(rate, min(count, rate * (1 - rate) / variance), student(Double(Set(bars).count) - 1))
  }

  private static func wilson(_ rate: Double, _ count: Double, _ z: Double) -> (Double, Double) {
    let middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    let half = z / (1 + z * z / count) * (rate * (1 - rate) / count + z * z / (4 * count * count)).squareRoot()
    return (middle - half, middle + half)
  }

  /// The 97.5 % quantile of Student's distribution, by bisection of its integral (Simpson's rule).
  private static func student(_ freedom: Double) -> Double {
    let scale = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / (freedom * Double.pi).squareRoot()
    func density(_ x: Double) -> Double { scale * pow(1 + x * x / freedom, -(freedom + 1) / 2) }
    func half(_ x: Double) -> Double {
      let (steps, width) = (400, x / 400)
      return (0...steps).reduce(0) { sum, step in
        let weight = step == 0 || step == steps ? 1.0 : step.isMultiple(of: 2) ? 2 : 4
        return sum + weight * density(Double(step) * width)
      } * width / 3
    }
    var (low, high) = (1.9, 13.0)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if half(middle) < 0.475 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Adjusted p-values of the means of columns, by the step-down of Romano and Wolf over the stationary bootstrap of
  /// Politis and Romano with blocks of three bars on average; each mean over the deviation of its own resamples.
  static func stepdown(_ columns: [[Double]], replications: Int = 1_000) -> [Double] {
    var generator = SystemRandomNumberGenerator()
    let bars = columns[0].count
    let means = columns.map { $0.reduce(0, +) / Double(bars) }
    var resampled = columns.map { _ in [Double]() }
    for _ in 0..<replications {
      var sums = columns.map { _ in 0.0 }
      var place = Int.random(in: 0..<bars, using: &generator)
      for _ in 0..<bars {
        for column in columns.indices { sums[column] += columns[column][place] }
        place =
          Int.random(in: 0..<3, using: &generator) == 0
          ? Int.random(in: 0..<bars, using: &generator) : (place + 1) % bars
      }
      for column in columns.indices { resampled[column].append(sums[column] / Double(bars) - means[column]) }
    }
    let errors = resampled.map { values in
      (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    }
    var open = columns.indices.sorted { means[$0] / errors[$0] > means[$1] / errors[$1] }
    var adjusted = Array(repeating: 1.0, count: columns.count)
    var least = 0.0
    while let column = open.first {
      let own = means[column] / errors[column]
      let beaten = (0..<replications).count { draw in
        (open.map { resampled[$0][draw] / errors[$0] }.max() ?? 0) >= own
      }
      least = max(least, Double(beaten + 1) / Double(replications + 1))
      adjusted[column] = least
      open.removeFirst()
    }
    return adjusted
  }
}
