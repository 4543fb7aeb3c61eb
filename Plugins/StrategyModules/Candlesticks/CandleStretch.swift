import PluginKit
import SeriesMath

/// The totals of a pattern at several bars in a row, and which of these bars pass its looks.
struct CandleStretch: Sendable {
  /// Measures kept from before the first bar: as many as `CandleMeasures` has.
  private static let before = 16
  private static let width = before + Stretch.most

  private var measures: [Double] = []
  private var totals: [Double] = []
  private var marks: [EightMarks] = []
  /// For each eight bars a bit a bar.
  private(set) var found: [UInt8] = []

  /// Works out the totals of the first `count` bars, a multiple of eight, and leaves the last in `now` and `recent`
  /// as single steps would.
  mutating func roll(
    _ x: borrowing Stretch, count: Int, _ rolling: [CandleTotal], _ recent: inout CandleMeasures,
    _ now: inout CandleTotals
  ) {
    if measures.isEmpty, !rolling.isEmpty {
      measures = [Double](repeating: 0, count: 3 * Self.width)
      totals = [Double](repeating: 0, count: rolling.count * Stretch.most)
    }
    var measured: [CandleSetting.Measure] = []
    for total in rolling where !measured.contains(total.measure) { measured.append(total.measure) }
    for measure in measured { self.measure(measure, x, count: count, recent) }
    var place = 0
    while place < rolling.count {
      // Two at a time: a sum alone waits for itself.
      let other = min(place + 1, rolling.count - 1)
      Self.add(rolling[place], at: place, rolling[other], at: other, count: count, measures, &totals, &now)
      place += 2
    }
    for measure in measured {
      let last = measure.rawValue * Self.width + Self.before + count - 1
      for ago in 0..<Self.before { recent.replace(measure, ago, by: measures[last - ago]) }
    }
  }

  private mutating func measure(
    _ measure: CandleSetting.Measure, _ x: borrowing Stretch, count: Int, _ recent: CandleMeasures
  ) {
    let start = measure.rawValue * Self.width
    for ago in 0..<Self.before { measures[start + Self.before - 1 - ago] = recent[measure, ago] }
    var values = measures.mutableSpan
    var bars = EightBars(x, ago: 0)
    var at = 0
    while at < count {
      bars.at = at
      let value =
        switch measure {
        case .body: bars.body
        case .range: bars.high - bars.low
        case .shadows: bars.upperShadow + bars.lowerShadow
        }
      values.set(value, at: start + Self.before + at)
      at += 8
    }
  }

  /// The totals that each bar is judged by, those of the bars before it: the sums before the bar's own step.
  private static func add(
    _ first: CandleTotal, at place: Int, _ second: CandleTotal, at other: Int, count: Int, _ measures: [Double],
    _ totals: inout [Double], _ now: inout CandleTotals
  ) {
    var (sum, otherSum) = (now[first.slot], now[second.slot])
    let values = measures.span
    var sums = totals.mutableSpan
    let entering = first.measure.rawValue * Self.width + Self.before - first.ago
    let otherEntering = second.measure.rawValue * Self.width + Self.before - second.ago
    var at = 0
    while at < count {
      let moves = values.eight(at: entering + at) - values.eight(at: entering + at - first.period)
      let otherMoves = values.eight(at: otherEntering + at) - values.eight(at: otherEntering + at - second.period)
      var (eight, otherEight) = (Eight(), Eight())
      for lane in 0..<8 {
        eight[lane] = sum
        otherEight[lane] = otherSum
        sum += moves[lane]
        otherSum += otherMoves[lane]
      }
      sums.set(eight, at: place * Stretch.most + at)
      sums.set(otherEight, at: other * Stretch.most + at)
      at += 8
    }
    now[first.slot] = sum
    now[second.slot] = otherSum
  }

  /// Looks at the first `count` bars, eight at a time.
  mutating func look(
    _ x: borrowing Stretch, count: Int, _ looks: [CandleLook], _ rolling: [CandleTotal]
  ) {
    if found.isEmpty {
      marks = [EightMarks](repeating: EightMarks(repeating: true), count: Stretch.most / 8)
      found = [UInt8](repeating: 0, count: Stretch.most / 8)
    }
    var places = InlineArray<20, Int>(repeating: -1)
    for (place, total) in rolling.enumerated() { places[total.slot] = place * Stretch.most }
    let sums = CandleSums(values: totals, starts: places)
    for group in 0..<count / 8 { marks[group] = EightMarks(repeating: true) }
    for look in looks { look.pass(x, count: count, sums, &marks) }
    let bits: SIMD8<Int64> = [1, 2, 4, 8, 16, 32, 64, 128]
    for group in 0..<count / 8 {
      let shown = SIMD8<Int64>().replacing(with: bits, where: marks[group])
      found[group] = UInt8(truncatingIfNeeded: shown.wrappedSum())
    }
  }

  /// The totals by which one of the bars is judged.
  @inline(__always)
  func totals(at row: Int, _ rolling: [CandleTotal], into now: inout CandleTotals) {
    for (place, total) in rolling.enumerated() { now[total.slot] = totals[place * Stretch.most + row] }
  }
}
