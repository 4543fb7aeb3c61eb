/// The quantile of unordered numbers by linear interpolation between the two nearest ranks (Hyndman and Fan's type 7,
/// the default of R and numpy), in time proportional to their number. Reorders the values.
///
/// - Parameter share: from 0, the least, to 1, the greatest.
/// - Returns: nil without values.
public func quantile(_ share: Double, of values: inout [Double]) -> Double? {
  guard !values.isEmpty, (0...1).contains(share) else { return nil }
  let rank = share * Double(values.count - 1)
  let lower = Int(rank.rounded(.down))
  partition(&values, around: lower)
  let below = values[lower]
  let weight = rank - Double(lower)
  guard weight > 0, let above = values[(lower + 1)...].min() else { return below }
  return below + (above - below) * weight
}

/// Puts the value of a rank into its place, what is less before it and what is greater after it (C. A. R. Hoare's
/// Algorithm 65, FIND).
private func partition(_ values: inout [Double], around rank: Int) {
  var (first, last) = (0, values.count - 1)
  while first < last {
    let pivot = values[rank]
    var (left, right) = (first, last)
    repeat {
      while values[left] < pivot { left += 1 }
      while values[right] > pivot { right -= 1 }
      if left <= right {
        values.swapAt(left, right)
        left += 1
        right -= 1
      }
    } while left <= right
    if right < rank { first = left }
    if left > rank { last = right }
  }
}
