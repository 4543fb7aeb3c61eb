import SeriesMath

/// What a column would add up to at given bars, had it come so many bars earlier or later, its end joined to its begin.
///
/// A shift keeps how each of the two follows on itself and breaks only what binds them to each other. The shifts are
/// drawn once and serve every pattern.
struct CircularShifts: Sendable {
  let length: Int
  /// Between 1 and length − 1, all different.
  let offsets: [Int]

  init(length: Int, count: Int, seed: UInt64) {
    self.length = length
    var random = SplitMix64(seed: seed)
    var all = Array(1..<max(1, length))
    // The first of a shuffle (R. Durstenfeld, Algorithm 235, 1964).
    let wanted = min(count, all.count)
    for place in 0..<wanted { all.swapAt(place, place + random.below(all.count - place)) }
    offsets = Array(all.prefix(wanted))
  }

  /// The sum of the column at the bars under each shift.
  func sums(of column: [Double], at bars: [Int]) -> [Double] {
    let twice = column + column
    let (values, bars) = (twice.span, bars.span)
    return offsets.map { offset in
      var sum = 0.0
      for place in bars.indices { sum += values[bars[place] + offset] }
      return sum
    }
  }
}
