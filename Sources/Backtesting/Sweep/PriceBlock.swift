import Trading

/// What the accounts of all combinations read of one block of bars, worked out once for all of them.
///
/// While all of an account is in a long position, its returns are those of the price: sums over a holding are then
/// differences of two rows. They serve statistics alone, never a signal.
struct PriceBlock: Sendable {
  /// The most bars of a block: the columns of a hundred indicators still fit in a core's own cache.
  static let limit = 512
  static let words = limit / 64

  /// Bar of the series at place 0, and how many bars there are.
  private(set) var first = 0
  private(set) var count = 0
  /// Row i: up to bar i, without it, the sums of the block's price returns, of their squares, cubes and fourth powers,
  /// and of the squares of the losses; then the return of bar i, the last close before it, and the price of its fills.
  private(set) var rows = [SIMD8<Double>](repeating: .zero, count: limit + 1)
  /// The highest price of each bar.
  private(set) var highs = [Double](repeating: .nan, count: limit)
  /// Which bars are there, and which of those count; bit i of word w is bar 64 w + i.
  private(set) var present = [UInt64](repeating: 0, count: words)
  private(set) var counted = [UInt64](repeating: 0, count: words)
  private(set) var hasMissing = false
  /// The greatest and the least close of the 2^k bars from i on, the least negated, at `k * limit + i`.
  private var extremes = [SIMD2<Double>](repeating: .zero, count: limit * (levels + 1))
  /// The last close of this block and of those before it.
  private(set) var lastClose = 0.0

  private static let levels = limit.trailingZeroBitCount

  /// Takes the next bars of the series that is replayed; `close` is the last one before them.
  mutating func take(_ bars: Range<Int>, of backtest: Backtest, after close: Double) {
    let candles = backtest.candles
    lastClose = close
    (first, count) = (bars.lowerBound, bars.count)
    hasMissing = false
    for word in present.indices { (present[word], counted[word]) = (0, 0) }
    var sums = SIMD8<Double>.zero
    for (place, bar) in bars.enumerated() {
      let close = candles.value(.close, at: bar)
      let isCounted = backtest.counted.contains(bar)
      let move = isCounted ? backtest.priceReturns[bar - backtest.counted.lowerBound] : 0
      let fill = backtest.options.fill == .close ? close : candles.value(.open, at: bar)
      highs[place] = max(candles.value(.high, at: bar), candles.value(.open, at: bar))
      sums[5] = move
      sums[6] = lastClose
      sums[7] = fill
      rows[place] = sums
      let (square, loss) = (move * move, min(move, 0))
      sums += SIMD8(move, square, square * move, square * square, loss * loss, 0, 0, 0)
      if close.isNaN {
        hasMissing = true
      } else {
        lastClose = close
        present[place >> 6] |= 1 << UInt64(place & 63)
        if isCounted { counted[place >> 6] |= 1 << UInt64(place & 63) }
      }
      extremes[place] = SIMD2(lastClose, -lastClose)
    }
    sums[6] = lastClose
    rows[count] = sums
    measureExtremes()
  }

  private mutating func measureExtremes() {
    var (level, length) = (1, 2)
    while length <= count {
      let (from, to) = ((level - 1) * PriceBlock.limit, level * PriceBlock.limit)
      for place in 0...(count - length) {
        extremes[to + place] = PriceBlock.wider(extremes[from + place], extremes[from + place + length / 2])
      }
      (level, length) = (level + 1, length * 2)
    }
  }

  /// The greatest and the least close of some bars. They must not be empty.
  @inline(__always)
  func extremes(_ places: Range<Int>) -> (greatest: Double, least: Double) {
    let level = Int.bitWidth &- 1 &- places.count.leadingZeroBitCount
    let start = level &* PriceBlock.limit
    let both = PriceBlock.wider(
      extremes[start &+ places.lowerBound], extremes[start &+ places.upperBound &- (1 &<< level)])
    return (both[0], -both[1])
  }

  /// The greater of each; as two scalars, for the compiler makes branches of a vector's choice.
  @inline(__always)
  private static func wider(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> {
    SIMD2(a[0] > b[0] ? a[0] : b[0], a[1] > b[1] ? a[1] : b[1])
  }

  /// How many of some bars are there.
  @inline(__always)
  func closes(_ places: Range<Int>) -> Int {
    guard hasMissing else { return places.count }
    return places.reduce(0) { $0 + (isPresent($1) ? 1 : 0) }
  }

  @inline(__always)
  func isPresent(_ place: Int) -> Bool { present[place &>> 6] &>> UInt64(place & 63) & 1 == 1 }

  @inline(__always)
  func isCounted(_ place: Int) -> Bool { counted[place &>> 6] &>> UInt64(place & 63) & 1 == 1 }

  /// The first bar that is there, from a place on; `count` where there is none.
  @inline(__always)
  func nextPresent(_ place: Int) -> Int {
    guard hasMissing else { return place }
    var place = place
    while place < count, !isPresent(place) { place += 1 }
    return place
  }
}
