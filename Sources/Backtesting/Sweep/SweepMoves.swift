/// The bars of a block on which an equity moved otherwise than the price, one account at a time. They are kept and summed
/// together: the sums of one bar need not wait for the fill of the next.
struct SweepMoves {
  /// Equity before, equity after, the price's return.
  private var moves = [SIMD4<Double>](repeating: .zero, count: PriceBlock.limit)
  private var count = 0

  @inline(__always)
  mutating func add(_ value: Double, after before: Double, price: Double) {
    moves[count] = SIMD4(before, value, price, 0)
    count &+= 1
  }

  /// Adds all of them up; false where an equity was nothing or below, and had no return.
  @inline(__always)
  mutating func drain(into sums: inout ReturnSums) -> Bool {
    // Most calendar blocks end without one.
    count == 0 || addUp(into: &sums)
  }

  private mutating func addUp(into sums: inout ReturnSums) -> Bool {
    var total = sums
    var isSound = true
    for index in 0..<count {
      let move = moves[index]
      if move[0] > 0 { total.add(move[1] / move[0] - 1, price: move[2]) } else { isSound = false }
    }
    sums = total
    count = 0
    return isSound
  }
}
