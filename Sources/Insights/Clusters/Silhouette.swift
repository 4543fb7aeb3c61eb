/// How well points stand in their groups, −1 to 1: the mean of (b − a) / max(a, b), where a is a point's mean
/// distance to the others of its group and b that to the nearest other group. A point that is alone in its group
/// counts 0. Nil with fewer than two groups. Time: points². Source: P. Rousseeuw, Silhouettes, J. Computational and
/// Applied Mathematics 20, 1987.
public func silhouette(_ points: [[Double]], labels: [Int]) -> Double? {
  let groups = (labels.max() ?? 0) + 1
  let sizes = (0..<groups).map { group in labels.count { $0 == group } }
  guard points.count == labels.count, sizes.count(where: { $0 > 0 }) > 1 else { return nil }
  var total = 0.0
  var sums = Array(repeating: 0.0, count: groups)
  for (place, point) in points.enumerated() where sizes[labels[place]] > 1 {
    for group in sums.indices { sums[group] = 0 }
    for other in points.indices { sums[labels[other]] += squaredDistance(point, points[other]).squareRoot() }
    let own = sums[labels[place]] / Double(sizes[labels[place]] - 1)
    var next = Double.infinity
    for group in sums.indices where group != labels[place] && sizes[group] > 0 {
      next = min(next, sums[group] / Double(sizes[group]))
    }
    let scale = max(own, next)
    if scale > 0 { total += (next - own) / scale }
  }
  return total / Double(points.count)
}
