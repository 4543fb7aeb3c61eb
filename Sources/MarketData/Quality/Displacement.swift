import Trading

/// A stretch of bars whose prices stand at another level than those around it.
struct Displacement: Sendable {
  enum Cause: Sendable, Hashable {
    /// A hundred times too high or too low: the currency's hundredth for the currency.
    case unit
    /// A split of so many new shares for an old one was not applied; the bar at which it is declared, if it is.
    case missingSplit(Double, declared: Int?)
    /// The same was applied twice.
    case doubledSplit(Double, declared: Int?)
    /// A few bars that go and come back.
    case spike
    /// Another level for no such reason.
    case level
  }

  var cause: Cause
  /// Places among the whole bars.
  var bars: Range<Int>
  /// What the prices are to be divided by.
  var factor: Double
  /// The columns that are meant.
  var columns: [CandleSeries.Column] = [.open, .high, .low, .close]
  /// Whether it goes to an end of the series, so that only one step shows it.
  var isLasting = false
}

/// A move between two bars that is far beyond the usual ones, with nothing traded between.
struct PriceStep {
  /// The place of the bar after it.
  var place: Int
  /// The logarithm of the ratio.
  var size: Double
}

/// Finds displaced stretches: steps between bars are paired where one takes the other back, and the rest are explained
/// by a unit, by splits, or by nothing.
struct DisplacementSearch {
  let rows: PriceRows
  let bars: [Int]
  var logs: LogPrices
  let noise: PriceNoise
  private(set) var found: [Displacement] = []

  static let hundred = Logarithm.of(100)

  init(rows: PriceRows, bars: [Int], logs: LogPrices, noise: PriceNoise) {
    self.rows = rows
    self.bars = bars
    self.logs = logs
    self.noise = noise
  }

  mutating func run() -> [Displacement] {
    takeOutWrongUnitsWithinBars()
    var steps = self.steps()
    takeOutUnits(&steps)
    pair(steps)
    return found.sorted { $0.bars.lowerBound < $1.bars.lowerBound }
  }

  // MARK: Units

  /// Values that are a hundred times off beside others of the same bar.
  private mutating func takeOutWrongUnitsWithinBars() {
    for place in 0..<logs.count {
      let values = [logs.open[place], logs.high[place], logs.low[place], logs.close[place]]
      guard let least = values.min(), let most = values.max(), most - least > Logarithm.of(30) else { continue }
      let around = (max(0, place - 5)..<min(logs.count, place + 6)).filter {
        $0 != place && logs.high[$0] - logs.low[$0] < 1
      }.map { logs.middle[$0] }.sorted()
      guard !around.isEmpty else { continue }
      let level = around[around.count / 2]
      let wrong = (0..<4).filter { abs(abs(values[$0] - level) - DisplacementSearch.hundred) < 0.4 }
      guard let first = wrong.first, wrong.count < 4 else { continue }
      let isHigh = values[first] > level
      let shift = isHigh ? DisplacementSearch.hundred : -DisplacementSearch.hundred
      let sound = (0..<4).map { wrong.contains($0) ? values[$0] - shift : values[$0] }
      logs.middle[place] = LogPrices.middle(sound[0], sound[1], sound[2], sound[3])
      (logs.open[place], logs.high[place], logs.low[place], logs.close[place]) = (
        sound[0], max(sound[0], sound[1], sound[2], sound[3]), min(sound[0], sound[1], sound[2], sound[3]), sound[3]
      )
      found.append(
        Displacement(
          cause: .unit, bars: place..<place + 1, factor: isHigh ? 100 : 0.01,
          columns: wrong.compactMap { CandleSeries.Column(rawValue: $0) }))
    }
  }

  /// Steps by a hundred part the bars into levels; those that are not on the right one are displaced.
  private mutating func takeOutUnits(_ steps: inout [PriceStep]) {
    let units = steps.filter { step in
      abs(abs(step.size) - DisplacementSearch.hundred) <= min(0.7, max(0.08, 4 * noise.at(step.place)))
    }
    guard !units.isEmpty else { return }
    let places = Set(units.map(\.place))
    steps.removeAll { places.contains($0.place) }
    var stretches: [(bars: Range<Int>, level: Int)] = []
    var (start, level) = (0, 0)
    for step in units {
      stretches.append((start..<step.place, level))
      (start, level) = (step.place, level + (step.size > 0 ? 1 : -1))
    }
    stretches.append((start..<logs.count, level))
    let right = UnitLevel.right(among: stretches, rows: rows, bars: bars)
    for stretch in stretches where stretch.level != right {
      var factor = 1.0
      for _ in 0..<abs(stretch.level - right) { factor *= stretch.level > right ? 100 : 0.01 }
      found.append(Displacement(cause: .unit, bars: stretch.bars, factor: factor))
    }
  }

  // MARK: Steps

  private func steps() -> [PriceStep] {
    let least = rows.timeframe.milliseconds >= Timeframe.day.milliseconds ? 0.1 : 0.04
    var steps: [PriceStep] = []
    for place in 1..<max(1, logs.count) {
      let raw = logs.middle[place] - logs.middle[place - 1]
      let usual = max(least, 8 * noise.at(place))
      guard abs(raw) > usual else { continue }
      let size = withoutDistributions(raw, place)
      guard abs(size) > usual else { continue }
      // Bars that overlap were traded into one another.
      let apart = size > 0 ? logs.low[place] - logs.high[place - 1] : logs.low[place - 1] - logs.high[place]
      if apart >= abs(raw) / 2 { steps.append(PriceStep(place: place, size: size)) }
    }
    return steps
  }

  /// A step without what was paid out at it, where that explains it better.
  private func withoutDistributions(_ step: Double, _ place: Int) -> Double {
    let before = rows.value(.close, bars[place - 1])
    var paid = 0.0
    for bar in bars[place - 1] + 1...bars[place] { paid += max(rows.dividend(bar), rows.gain(bar)) }
    guard paid > 0, paid < 0.95 * before else { return step }
    let rest = step - Logarithm.of(1 - paid / before)
    return abs(rest) < abs(step) ? rest : step
  }

  /// Joins each step with an earlier one that it takes back.
  private mutating func pair(_ steps: [PriceStep]) {
    var open: [PriceStep] = []
    for step in steps {
      var partner: Int?
      for index in open.indices.suffix(8).reversed() where takesBack(step, open[index]) {
        partner = index
        break
      }
      guard let partner, let block = block(from: open[partner], to: step) else {
        open.append(step)
        continue
      }
      found.append(block)
      open.removeSubrange(partner...)
    }
    for step in open {
      if let lasting = lasting(step) { found.append(lasting) }
    }
  }

  private func takesBack(_ step: PriceStep, _ earlier: PriceStep) -> Bool {
    guard step.size * earlier.size < 0 else { return false }
    let size = min(abs(step.size), abs(earlier.size))
    let slack = max(0.15 * size, 3 * (noise.at(step.place) + noise.at(earlier.place)))
    return abs(step.size + earlier.size) <= min(0.5 * size, slack)
  }

  /// The stretch between two steps.
  private func block(from start: PriceStep, to end: PriceStep) -> Displacement? {
    let size = (start.size - end.size) / 2
    let range = start.place..<end.place
    var block = Displacement(cause: .spike, bars: range, factor: Logarithm.undone(size))
    let splits = SplitExplanation(rows: rows, bars: bars)
    if let cause = splits.declared(size: size, from: start.place, to: end.place + 20, slack: slack(of: size, end.place))
    {
      block.cause = cause
      return block
    }
    if range.count <= 3 { return block }
    guard range.count * 5 < logs.count * 4, abs(start.size + end.size) <= max(0.1 * abs(size), 3 * noise.at(end.place)),
      isTraded(start.place), !surges(start.place), !surges(end.place),
      abs(size) > 8 * noise.usual
    else { return nil }
    block.cause = splits.usual(size: size, slack: max(0.012, noise.at(end.place))) ?? .level
    return block
  }

  /// What a step means that nothing takes back: all bars before it are displaced, or those after it.
  private func lasting(_ step: PriceStep) -> Displacement? {
    let before = 0..<step.place
    let splits = SplitExplanation(rows: rows, bars: bars)
    let slack = slack(of: step.size, step.place)
    if let cause = splits.declared(size: -step.size, from: step.place - 2, to: step.place + 20, slack: slack) {
      return Displacement(cause: cause, bars: before, factor: Logarithm.undone(-step.size), isLasting: true)
    }
    // A real jump brings volume, and a wide bar.
    let noise = noise.at(step.place)
    let isQuiet =
      isTraded(step.place) && abs(step.size) > 8 * self.noise.usual && !surges(step.place)
      && logs.high[step.place] - logs.low[step.place] <= max(0.02, 5 * noise)
    guard isQuiet else { return nil }
    if let cause = splits.usual(size: -step.size, slack: min(0.12, max(0.02, 2.5 * noise))),
      SplitExplanation.isWhole(cause) || abs(step.size) > 12 * noise && hasVolume(step.place)
    {
      return Displacement(cause: cause, bars: before, factor: Logarithm.undone(-step.size), isLasting: true)
    }
    guard abs(step.size) >= Logarithm.of(3) || abs(step.size) > 20 * noise && hasVolume(step.place) else { return nil }
    return Displacement(
      cause: .level, bars: step.place..<logs.count, factor: Logarithm.undone(step.size), isLasting: true)
  }

  private func slack(of size: Double, _ place: Int) -> Double {
    min(0.5 * abs(size), max(0.08, 3 * noise.at(place)))
  }

  // MARK: Volume

  private func hasVolume(_ place: Int) -> Bool { volumesAfter(place).contains { $0 > 0 } }

  /// Whether the bars around are all traded, or the series has no volume at all. What is hardly traded leaps honestly.
  private func isTraded(_ place: Int) -> Bool {
    let around = max(0, place - 20)..<min(logs.count, place + 20)
    let traded = around.count { rows.value(.volume, bars[$0]) > 0 }
    if traded == 0 { return around.count { logs.middle[$0] != logs.middle[max(0, $0 - 1)] } * 10 >= around.count * 7 }
    return traded * 5 >= around.count * 4
  }

  private func volumesAfter(_ place: Int) -> [Double] {
    (place + 1..<max(place + 1, min(logs.count, place + 21))).map { rows.value(.volume, bars[$0]) }
  }

  /// Whether a bar has far more volume than those after it.
  private func surges(_ place: Int) -> Bool {
    let after = volumesAfter(place).filter { $0 > 0 }.sorted()
    guard after.count > 4 else { return false }
    return rows.value(.volume, bars[place]) > 2.5 * after[after.count / 2]
  }
}
