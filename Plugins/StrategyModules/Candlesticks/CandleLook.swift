import PluginKit
import SeriesMath

/// What a bar must show at least for a pattern to be possible; numbers are bars ago. A pattern lists some of these, so
/// that `match` is asked about few bars only. A look may let through too much, never too little.
enum CandleLook: Sendable {
  case white(Int), black(Int)
  case alike(Int, Int), opposite(Int, Int)
  case long(Int), notShort(Int), short(Int), doji(Int)
  case flatOnTop(Int), flatBelow(Int), flatOnOneSide(Int)
  case shortUpperShadow(Int), shortLowerShadow(Int)
  case longUpperShadow(Int), longLowerShadow(Int)
  /// The body of the first holds that of the second, ends included.
  case holds(Int, Int)
  /// The bodies do not touch.
  case apart(Int, Int)
  /// The first closes above the second, or below it.
  case closesAbove(Int, Int), closesBelow(Int, Int)
}

typealias EightMarks = SIMDMask<SIMD8<Int64>>

/// Eight bars in a row, from `at` on, in the words of `Bar`.
struct EightBars: ~Escapable {
  private let opens, highs, lows, closes: Span<Double>
  var at = 0

  @_lifetime(copy x)
  @inline(__always)
  init(_ x: borrowing Stretch, ago: Int) {
    opens = x.input(0, ago: ago)
    highs = x.input(1, ago: ago)
    lows = x.input(2, ago: ago)
    closes = x.input(3, ago: ago)
  }

  var open: Eight { @inline(__always) get { opens.eight(at: at) } }
  var high: Eight { @inline(__always) get { highs.eight(at: at) } }
  var low: Eight { @inline(__always) get { lows.eight(at: at) } }
  var close: Eight { @inline(__always) get { closes.eight(at: at) } }

  var isWhite: EightMarks { @inline(__always) get { close .>= open } }
  var isBlack: EightMarks { @inline(__always) get { close .< open } }
  var body: Eight { @inline(__always) get { (close - open).sizes } }
  var top: Eight { @inline(__always) get { greater(open, close) } }
  var bottom: Eight { @inline(__always) get { lesser(open, close) } }
  var upperShadow: Eight { @inline(__always) get { high - top } }
  var lowerShadow: Eight { @inline(__always) get { bottom - low } }
}

/// Sums that averages are made of: those of the total in slot n start at `starts[n]`.
struct CandleSums {
  let values: [Double]
  let starts: InlineArray<20, Int>
}

extension CandleLook {
  /// Clears the marks of bars that do not show it.
  func pass(_ x: borrowing Stretch, count: Int, _ sums: CandleSums, _ marks: inout [EightMarks]) {
    switch self {
    case .white(let ago): Self.pair(x, ago, ago, count, &marks) { bars, _ in bars.isWhite }
    case .black(let ago): Self.pair(x, ago, ago, count, &marks) { bars, _ in bars.isBlack }
    case .alike(let ago, let other):
      Self.pair(x, ago, other, count, &marks) { .!($0.isWhite .^ $1.isWhite) }
    case .opposite(let ago, let other):
      Self.pair(x, ago, other, count, &marks) { $0.isWhite .^ $1.isWhite }
    case .long(let ago):
      Self.size(x, ago, .bodyLong, sums, count, &marks) { bars, total in reaches(bars.body, 10, total) }
    case .notShort(let ago):
      Self.size(x, ago, .bodyShort, sums, count, &marks) { bars, total in reaches(bars.body, 10, total) }
    case .short(let ago):
      Self.size(x, ago, .bodyShort, sums, count, &marks) { bars, total in isWithin(bars.body, 10, total) }
    case .doji(let ago):
      Self.size(x, ago, .bodyDoji, sums, count, &marks) { bars, total in isWithin(bars.body, 100, total) }
    case .flatOnTop(let ago):
      Self.size(x, ago, .shadowVeryShort, sums, count, &marks) { bars, total in isWithin(bars.upperShadow, 100, total) }
    case .flatBelow(let ago):
      Self.size(x, ago, .shadowVeryShort, sums, count, &marks) { bars, total in isWithin(bars.lowerShadow, 100, total) }
    case .flatOnOneSide(let ago):
      Self.size(x, ago, .shadowVeryShort, sums, count, &marks) { bars, total in
        isWithin(lesser(bars.upperShadow, bars.lowerShadow), 100, total)
      }
    case .shortUpperShadow(let ago):
      Self.size(x, ago, .shadowShort, sums, count, &marks) { bars, total in isWithin(bars.upperShadow, 20, total) }
    case .shortLowerShadow(let ago):
      Self.size(x, ago, .shadowShort, sums, count, &marks) { bars, total in isWithin(bars.lowerShadow, 20, total) }
    case .longUpperShadow(let ago):
      Self.pair(x, ago, ago, count, &marks) { bars, _ in bars.upperShadow .> bars.body }
    case .longLowerShadow(let ago):
      Self.pair(x, ago, ago, count, &marks) { bars, _ in bars.lowerShadow .> bars.body }
    case .holds(let ago, let other):
      Self.pair(x, ago, other, count, &marks) { outer, inner in
        (inner.top .<= outer.top) .& (inner.bottom .>= outer.bottom)
      }
    case .apart(let ago, let other):
      Self.pair(x, ago, other, count, &marks) { ($0.bottom .> $1.top) .| ($0.top .< $1.bottom) }
    case .closesAbove(let ago, let other): Self.pair(x, ago, other, count, &marks) { $0.close .> $1.close }
    case .closesBelow(let ago, let other): Self.pair(x, ago, other, count, &marks) { $0.close .< $1.close }
    }
  }

  @inline(__always)
  private static func pair(
    _ x: borrowing Stretch, _ ago: Int, _ other: Int, _ count: Int, _ marks: inout [EightMarks],
    _ shown: (borrowing EightBars, borrowing EightBars) -> EightMarks
  ) {
    var bars = EightBars(x, ago: ago)
    var others = EightBars(x, ago: other)
    for group in 0..<count / 8 {
      bars.at = group * 8
      others.at = group * 8
      marks[group] = marks[group] .& shown(bars, others)
    }
  }

  @inline(__always)
  private static func size(
    _ x: borrowing Stretch, _ ago: Int, _ setting: CandleSetting, _ sums: CandleSums, _ count: Int,
    _ marks: inout [EightMarks], _ shown: (borrowing EightBars, Eight) -> EightMarks
  ) {
    var bars = EightBars(x, ago: ago)
    let start = sums.starts[CandleTotal.slot(setting, ago)]
    let totals = sums.values.span.extracting(start..<start + count)
    for group in 0..<count / 8 {
      bars.at = group * 8
      marks[group] = marks[group] .& shown(bars, totals.eight(at: group * 8))
    }
  }
}

/// Whether a size comes up to the average, or within a rounding of it; `scale` is the period divided by the factor. A
/// product is cheaper than the division of the rule; the allowance is far above what the two can differ by.
@inline(__always)
private func reaches(_ size: Eight, _ scale: Double, _ total: Eight) -> EightMarks {
  let scaled: Eight = size * scale
  let most: Eight = scaled + allowance(scaled)
  return .!(most .< total)
}

@inline(__always)
private func isWithin(_ size: Eight, _ scale: Double, _ total: Eight) -> EightMarks {
  let scaled: Eight = size * scale
  let least: Eight = scaled - allowance(scaled)
  return .!(least .> total)
}

@inline(__always)
private func allowance(_ scaled: Eight) -> Eight {
  let share: Double = 1e-12
  let smallest: Double = 1e-300
  return scaled.sizes * share + smallest
}
