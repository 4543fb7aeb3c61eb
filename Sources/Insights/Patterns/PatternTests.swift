import Backtesting

/// Whether the signals of patterns come together more often than chance has it.
///
/// The null shifts the last signal of each in a circle against those before it.
struct TogetherTest {
  var alone, adjusted: [Double]

  init(_ patterns: [MinedPattern], _ history: SignalHistory, _ mining: PatternMining, _ settings: PatternSettings) {
    let shifts = CircularShifts(length: mining.circle.count, count: settings.shifts, seed: settings.seed)
    var tally = ShiftTally()
    for pattern in patterns {
      let column = mining.column(of: pattern.before, pattern.form)
      let bars = (pattern.kinds.last.map { history.bars[$0] } ?? []).map { $0 - mining.circle.lowerBound }
      let sums = shifts.sums(of: column, at: bars)
      let mean = sums.reduce(0, +) / Double(max(1, sums.count))
      let squares = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(max(1, sums.count))).squareRoot()
      tally.add(Double(pattern.occurrences.count), sums, middle: pattern.expected, scale: deviation) { $0 }
    }
    (alone, adjusted) = tally.values
  }
}

/// Whether what follows patterns differs from what follows any bar, to either side.
///
/// The null shifts the returns in a circle against the patterns.
struct OutcomeTest {
  var alone, adjusted: [Double]

  init(
    _ occurrences: [[Int]], _ forward: ForwardOutcomes, from circle: Range<Int>, _ settings: PatternSettings
  ) {
    let returns = forward.returns
    let end = returns.lastIndex { !$0.isNaN }.map { $0 + 1 } ?? 0
    guard end > circle.lowerBound + 10 else {
      (alone, adjusted) = (occurrences.map { _ in 1 }, occurrences.map { _ in 1 })
      return
    }
    let known = returns[circle.lowerBound..<end].filter { !$0.isNaN }
    let mean = known.reduce(0, +) / Double(known.count)
    let deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
    let column = returns[circle.lowerBound..<end].map { $0.isNaN ? 0 : $0 - mean }
    let shifts = CircularShifts(length: column.count, count: settings.shifts, seed: settings.seed &+ 1)
    var tally = ShiftTally()
    for bars in occurrences {
      let places = bars.filter { $0 < end }.map { $0 - circle.lowerBound }
      let own = places.reduce(0) { $0 + column[$1] }
      let scale = deviation * Double(places.count).squareRoot()
      tally.add(own, shifts.sums(of: column, at: places), middle: 0, scale: scale) { abs($0) }
    }
    (alone, adjusted) = tally.values
  }
}

/// Gathers statistics and what they were under the same shifts.
private struct ShiftTally {
  private var statistics: [Double] = []
  private var replicated: [[Float]] = []

  /// What does not vary is not tested.
  mutating func add(
    _ own: Double, _ sums: [Double], middle: Double, scale: Double, _ form: (Double) -> Double
  ) {
    let isTested = scale > 1e-12
    // What is as large but for rounding is as large.
    let statistic = isTested ? form((own - middle) / scale) : -.infinity
    statistics.append(Double(Float(statistic)))
    replicated.append(isTested ? sums.map { Float(form(($0 - middle) / scale)) } : [])
  }

  /// p-values alone, and adjusted for all.
  var values: (alone: [Double], adjusted: [Double]) {
    let replications = replicated.map(\.count).max() ?? 0
    var steps = StepDown(statistics, replications: replications) { !replicated[$0].isEmpty }
    var alone = statistics.map { _ in 1.0 }
    for place in steps.ascending {
      let own = Float(statistics[place])
      alone[place] = Double(1 + replicated[place].count { $0 >= own }) / Double(1 + replications)
      steps.take(place) { Double(replicated[place][$0]) }
    }
    return (alone, steps.adjusted)
  }
}
