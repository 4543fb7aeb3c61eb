/// Elements in both over elements in either, 0 to 1; 1 for two empty sets. Source: P. Jaccard, 1901.
public func jaccard<Element>(_ a: Set<Element>, _ b: Set<Element>) -> Double {
  let either = a.union(b).count
  return either == 0 ? 1 : Double(a.intersection(b).count) / Double(either)
}

/// The least √(sum of squared differences) over all ways to pair the points of two series in order, of which no pair
/// lies more than `band` places apart (counted along the shorter one's length where lengths differ). Nil for an empty
/// series. Time: length × band. Source: H. Sakoe and S. Chiba, Dynamic Programming Algorithm Optimization, 1978.
public func warpedDistance(_ a: [Double], _ b: [Double], band: Int) -> Double? {
  guard !a.isEmpty, !b.isEmpty else { return nil }
  let width = max(band, abs(a.count - b.count), 0)
  var before = Array(repeating: Double.infinity, count: b.count + 1)
  var row = before
  before[0] = 0
  for i in 1...a.count {
    for place in row.indices { row[place] = .infinity }
    let (from, to) = (max(1, i - width), min(b.count, i + width))
    if from <= to {
      for j in from...to {
        let difference = a[i - 1] - b[j - 1]
        row[j] = difference * difference + min(before[j], before[j - 1], row[j - 1])
      }
    }
    swap(&before, &row)
  }
  let least = before[b.count]
  return least.isFinite ? least.squareRoot() : nil
}

/// The mean of the shapes of the closes up to each of the bars, level and scale taken out of each; nil where none is
/// whole.
func meanShape(of closes: [Double], before bars: [Int], length: Int) -> [Double]? {
  var sum = Array(repeating: 0.0, count: length)
  var count = 0
  for bar in bars where bar + 1 >= length && bar < closes.count {
    let stretch = Array(closes[(bar + 1 - length)...bar])
    guard stretch.allSatisfy(\.isFinite) else { continue }
    let shape = normalised(stretch).values
    for place in sum.indices { sum[place] += shape[place] }
    count += 1
  }
  return count > 0 ? sum.map { $0 / Double(count) } : nil
}
