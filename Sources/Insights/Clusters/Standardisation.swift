/// Takes level and scale out of features, as they were where it was fitted.
struct Standardisation: Hashable, Sendable {
  private(set) var means: [Double] = []
  private(set) var scales: [Double] = []

  init(_ points: [[Double]]) {
    let size = Double(max(1, points.count))
    for axis in 0..<(points.first?.count ?? 0) {
      let mean = points.reduce(0) { $0 + $1[axis] } / size
      let deviation = (points.reduce(0) { $0 + ($1[axis] - mean) * ($1[axis] - mean) } / size).squareRoot()
      means.append(mean)
      // What does not vary parts nothing.
      scales.append(deviation > 1e-12 * abs(mean) ? 1 / deviation : 0)
    }
  }

  func callAsFunction(_ point: [Double]) -> [Double] {
    point.indices.map { (point[$0] - means[$0]) * scales[$0] }
  }
}
