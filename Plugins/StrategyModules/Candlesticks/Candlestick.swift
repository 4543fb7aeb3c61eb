import PluginKit
import SeriesMath

/// One candlestick pattern: its shape, and the averages that its words (`isLong`, `near` …) need.
///
/// A shape answers 100 (bullish), −100 (bearish) or 0; some grade it (80, 200). Source: TA-Lib, `CDL…`.
protocol CandlePattern: Sendable {
  init()
  static var id: String { get }
  static var summary: String { get }
  /// Bars of the shape.
  static var bars: Int { get }
  static var averages: CandleAverages { get }
  static var examples: [Example] { get }
  /// What must be seen at least for `match` to answer anything but 0; empty where it must be asked at every bar, as in
  /// a pattern with a memory.
  static var glance: [CandleLook] { get }
  /// The default of the parameter `penetration`; nil where there is none.
  static var penetration: Double? { get }
  /// Bars that TA-Lib waits beyond those it needs.
  static var wait: Int { get }
  /// Bars before the first answer in which a pattern with a memory already watches.
  static var watch: Int { get }
  mutating func match(_ x: borrowing Candles) -> Int
}

extension CandlePattern {
  static var averages: CandleAverages { [:] }
  static var glance: [CandleLook] { [] }
  static var penetration: Double? { nil }
  static var wait: Int { 0 }
  static var watch: Int { 0 }
}

/// A pattern as an indicator. It answers 0 until TA-Lib would look at its first bar.
struct Candlestick<Pattern: CandlePattern>: Indicator {
  static var id: String { Pattern.id }
  static var summary: String { Pattern.summary }
  static var inputs: [String] { ["open", "high", "low", "close"] }
  static var parameters: [Parameter<Self>] {
    Pattern.penetration == nil
      ? []
      : [
        .number("penetration", \.penetration, 0...10, "how far the last close goes into the first body, 1 = all of it")
      ]
  }
  static var examples: [Example] { Pattern.examples }

  var penetration = Pattern.penetration ?? 0
  private var pattern = Pattern()
  private let rolling: [CandleTotal]
  private var totals = CandleTotals(repeating: .nan)
  private var measures = CandleMeasures()
  private var stretch = CandleStretch()
  private var seen = 0
  /// The first bar that has an answer.
  private let start: Int

  init() {
    var rolling: [CandleTotal] = []
    for total in Pattern.averages.flatMap({ setting, bars in bars.map { CandleTotal(setting, $0) } })
    where !rolling.contains(where: { $0.slot == total.slot }) { rolling.append(total) }
    self.rolling = rolling
    start = (rolling.map(\.period).max() ?? 0) + Pattern.bars - 1 + Pattern.wait
  }

  var warmUp: Int { 0 }
  var reach: Int { Pattern.bars - 1 }

  @inline(__always)
  mutating func first(_ x: borrowing View) -> Double { next(x) }

  @inline(__always)
  mutating func next(_ x: borrowing View) -> Double {
    let answers = seen >= start
    if !answers {
      seen += 1
      if seen <= start - Pattern.watch {
        gather(x)
        return 0
      }
    }
    let value = pattern.match(Candles(copy x, totals.span, penetration: penetration))
    if !rolling.isEmpty { roll(x) }
    return answers ? Double(value) : 0
  }

  public mutating func putAway() { stretch = CandleStretch() }

  /// Glances at eight bars at a time, and asks the pattern about those that pass. The stretch in which the answers
  /// begin goes bar by bar, for its first bars have too few before them.
  mutating func column(_ x: borrowing Stretch, _ out: inout MutableSpan<Double>, stride: Int) {
    let looks = Pattern.glance
    let count = seen < start || looks.isEmpty ? 0 : x.count & ~7
    if count > 0 {
      stretch.roll(x, count: count, rolling, &measures, &totals)
      let after = totals
      stretch.look(x, count: count, looks, rolling)
      for group in 0..<count / 8 {
        out.set(Eight(), at: group * 8)
        var found = stretch.found[group]
        while found != 0 {
          let row = group * 8 + found.trailingZeroBitCount
          found &= found &- 1
          stretch.totals(at: row, rolling, into: &totals)
          let candles = Candles(x.view(row), totals.span, penetration: penetration)
          out[row] = Double(pattern.match(candles))
        }
      }
      totals = after
    }
    for row in count..<x.count { out[row] = next(x.view(row)) }
  }

  /// A bar before the pattern looks; the last of them makes the totals.
  @inline(never)
  private mutating func gather(_ x: borrowing View) {
    measures.add(x)
    guard seen == start - Pattern.watch else { return }
    for total in rolling {
      var sum = 0.0
      for ago in (total.ago..<total.ago + total.period).reversed() { sum += measures[total.measure, ago] }
      totals[total.slot] = sum
    }
  }

  /// The totals as the next bar needs them: each takes the bar it judged now and drops its oldest.
  @inline(__always)
  private mutating func roll(_ x: borrowing View) {
    measures.add(x)
    for total in rolling {
      totals[total.slot] += measures[total.measure, total.ago] - measures[total.measure, total.ago &+ total.period]
    }
  }
}

extension Example {
  /// A shape after twelve plain bars with body 1, both shadows 1 and range 3. So a long body is above 1, a doji's at
  /// most 0.3, a very short shadow below 0.3; near is 0.6, far 1.8, equal 0.15. A bar is open, high, low, close.
  static func shape(_ bars: [Double]..., settings: [String: Double] = [:], gives values: Double..., note: String)
    -> Example
  {
    let candles = [[Double]](repeating: [100, 102, 99, 101], count: 12) + bars
    let answers = [Double](repeating: 0, count: candles.count - values.count) + values
    return Example(
      settings, candles.map { $0[0] }, candles.map { $0[1] }, candles.map { $0[2] }, candles.map { $0[3] },
      gives: answers, note: note + " (after twelve bars of body 1 and range 3; TA-Lib gives the same)")
  }
}
