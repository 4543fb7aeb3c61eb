import Trading

/// Rows with what several checks need of them, computed once.
struct QualityScan: Sendable {
  let rows: PriceRows
  let rules: QualityRules
  /// The bars that have four prices above 0, in order; the logarithms below stand at these.
  let bars: [Int]
  /// Their logarithms without what displacements explain.
  let logs: LogPrices
  let noise: PriceNoise
  let displacements: [Displacement]

  init(_ rows: PriceRows, rules: QualityRules) {
    self.rows = rows
    self.rules = rules
    let bars = (0..<rows.count).filter(rows.isWhole)
    self.bars = bars
    var logs = LogPrices(rows, bars)
    noise = PriceNoise(logs)
    var search = DisplacementSearch(rows: rows, bars: bars, logs: logs, noise: noise)
    displacements = search.run()
    for displacement in displacements { logs.takeBack(displacement) }
    self.logs = logs
  }

  var isDaily: Bool { rows.timeframe.milliseconds >= Timeframe.day.milliseconds }
}

/// The logarithms of the prices of whole bars.
struct LogPrices: Sendable {
  var open, high, low, close: [Double]
  /// The middle of the four, which one or two wrong ones do not move far.
  var middle: [Double]

  init(_ rows: PriceRows, _ bars: [Int]) {
    func logs(_ column: CandleSeries.Column) -> [Double] {
      let values = rows.columns[column.rawValue]
      return bars.map { Logarithm.of(values[$0]) }
    }
    (open, high, low, close) = (logs(.open), logs(.high), logs(.low), logs(.close))
    middle = []
    middle.reserveCapacity(bars.count)
    for place in bars.indices { middle.append(LogPrices.middle(open[place], high[place], low[place], close[place])) }
  }

  static func middle(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Double {
    (a + b + c + d - max(max(a, b), max(c, d)) - min(min(a, b), min(c, d))) / 2
  }

  var count: Int { middle.count }

  /// Brings a displaced stretch to the level around it.
  mutating func takeBack(_ displacement: Displacement) {
    let shift = Logarithm.of(displacement.factor)
    for place in displacement.bars {
      if displacement.columns.contains(.open) { open[place] -= shift }
      if displacement.columns.contains(.high) { high[place] -= shift }
      if displacement.columns.contains(.low) { low[place] -= shift }
      if displacement.columns.contains(.close) { close[place] -= shift }
      high[place] = max(high[place], open[place], close[place])
      low[place] = min(low[place], open[place], close[place])
      middle[place] = LogPrices.middle(open[place], high[place], low[place], close[place])
    }
  }
}

/// How far prices usually move from one bar to the next, as a logarithm, near a place.
struct PriceNoise: Sendable {
  private static let stretch = 32
  private let values: [Double]
  /// That of livelier times, which three quarters of the series do not reach.
  let usual: Double

  init(_ logs: LogPrices) {
    var values: [Double] = []
    let count = logs.count
    for start in stride(from: 0, to: max(1, count), by: PriceNoise.stretch) {
      let from = max(1, start - PriceNoise.stretch)
      let to = min(count, start + 2 * PriceNoise.stretch)
      guard from < to else {
        values.append(0)
        continue
      }
      var moves = (from..<to).map { abs(logs.middle[$0] - logs.middle[$0 - 1]) }
      moves.sort()
      let median = moves[moves.count / 2]
      // Where many bars do not move at all the median says nothing of those that do.
      let still = moves.count { $0 == 0 }
      let most = moves.prefix(max(1, moves.count * 9 / 10))
      let mean = 1.25 * most.reduce(0, +) / Double(most.count)
      values.append(still * 10 < moves.count * 3 ? 1.4826 * median : max(1.4826 * median, mean))
    }
    self.values = values
    let sorted = values.sorted()
    usual = sorted[sorted.count * 3 / 4]
  }

  /// A deviation at a place among the whole bars; never 0.
  func at(_ place: Int) -> Double { max(values[min(place / PriceNoise.stretch, values.count - 1)], 1e-4) }
}
