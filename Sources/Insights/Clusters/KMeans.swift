import SeriesMath

/// Points in k groups, each nearest to its own mean.
///
/// The same points give the same groups in whichever order they come: they are sorted before chance plays a part, and
/// the groups are numbered by their means. Source: S. Lloyd, Least Squares Quantization in PCM, 1982; D. Arthur and
/// S. Vassilvitskii, k-means++: The Advantages of Careful Seeding, SODA 2007.
public struct KMeans: Hashable, Sendable {
  /// The means of the groups, in lexicographic order.
  public private(set) var centres: [[Double]]
  /// The sum of the squared distances from each point to its centre.
  public private(set) var inertia: Double

  /// The best of several starts; nil where there are fewer different points than groups.
  public init?(_ points: [[Double]], groups: Int, starts: Int = 8, seed: UInt64) {
    let sorted = points.sorted { $0.lexicographicallyPrecedes($1) }
    guard groups > 0, Set(sorted).count >= groups else { return nil }
    var random = SplitMix64(seed: seed)
    var best: KMeans?
    for _ in 0..<max(1, starts) {
      let found = KMeans(sorted, from: KMeans.seeds(sorted, groups, &random))
      if best.map({ found.inertia < $0.inertia * (1 - 1e-12) }) ?? true { best = found }
    }
    guard let best else { return nil }
    self = best
  }

  /// Lloyd's method from given centres, until no point changes its group, 300 rounds at most.
  init(_ points: [[Double]], from first: [[Double]]) {
    centres = first
    var labels: [Int] = []
    inertia = 0
    for _ in 0..<300 {
      let found = points.map { nearest($0).group }
      if found == labels { break }
      labels = found
      move(points, labels)
    }
    centres.sort { $0.lexicographicallyPrecedes($1) }
    inertia = points.reduce(0) { $0 + nearest($1).distance }
  }

  /// The group whose centre is nearest, and the squared distance to it; of equally near ones the first.
  public func nearest(_ point: [Double]) -> (group: Int, distance: Double) {
    var best = (group: 0, distance: Double.infinity)
    for group in centres.indices {
      let distance = squaredDistance(point, centres[group])
      if distance < best.distance { best = (group, distance) }
    }
    return best
  }

  private mutating func move(_ points: [[Double]], _ labels: [Int]) {
    var sums = centres.map { $0.map { _ in 0.0 } }
    var counts = Array(repeating: 0, count: centres.count)
    for (point, label) in zip(points, labels) {
      counts[label] += 1
      for axis in point.indices { sums[label][axis] += point[axis] }
    }
    for group in centres.indices where counts[group] > 0 {
      centres[group] = sums[group].map { $0 / Double(counts[group]) }
    }
    // A group that has lost its points takes the one that lies furthest from its centre.
    for group in centres.indices where counts[group] == 0 {
      let far = points.indices.max { nearest(points[$0]).distance < nearest(points[$1]).distance }
      if let far { centres[group] = points[far] }
    }
  }

  /// k-means++: each next centre is a point, the likelier the further it lies from the centres so far.
  private static func seeds(_ points: [[Double]], _ groups: Int, _ random: inout SplitMix64) -> [[Double]] {
    var seeds = [points[random.below(points.count)]]
    var distances = points.map { squaredDistance($0, seeds[0]) }
    while seeds.count < groups {
      var left = random.unit() * distances.reduce(0, +)
      var chosen = distances.lastIndex { $0 > 0 } ?? 0
      for (place, distance) in distances.enumerated() where distance > 0 {
        left -= distance
        if left < 0 {
          chosen = place
          break
        }
      }
      seeds.append(points[chosen])
      for place in points.indices {
        distances[place] = min(distances[place], squaredDistance(points[place], points[chosen]))
      }
    }
    return seeds
  }
}

func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for axis in a.indices { sum += (a[axis] - b[axis]) * (a[axis] - b[axis]) }
  return sum
}
