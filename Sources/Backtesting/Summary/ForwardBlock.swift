import Trading

/// What the price did after each bar of a block, over each horizon: worked out once for all strategies.
struct ForwardBlock {
  /// How a horizon's returns are had.
  private enum Source {
    /// So many bars ahead, where no bar is missing.
    case ahead(Int)
    case known(ForwardReturns)
  }

  let horizons: [Horizon]
  private let sources: [Source]
  private let backtest: Backtest
  /// A stretch of `PriceBlock.limit` values a horizon; NaN where the return is not known.
  private var values: [Double]
  /// Four rows of words a horizon: returns above nothing, below nothing, a row that is not read, and those known.
  private var sets: [UInt64]

  private static let rows = 4
  private static let zeros = [Double](repeating: 0, count: PriceBlock.limit)

  /// - Parameter isWhole: whether no counted bar is missing.
  init(_ horizons: [Horizon], of backtest: Backtest, isWhole: Bool) {
    self.horizons = horizons
    self.backtest = backtest
    sources = horizons.map { horizon in
      if isWhole, case .bars(let count) = horizon { return .ahead(count) }
      return .known(ForwardReturns(over: horizon, of: backtest.candles, counted: backtest.counted))
    }
    values = [Double](repeating: .nan, count: horizons.count * PriceBlock.limit)
    sets = [UInt64](repeating: 0, count: horizons.count * ForwardBlock.rows * PriceBlock.words)
  }

  /// Takes the next bars; `bars` are at most `PriceBlock.limit`.
  mutating func take(_ bars: Range<Int>) {
    for place in sources.indices {
      ForwardBlock.measure(sources[place], backtest, bars, place * PriceBlock.limit, &values)
      ForwardBlock.compare(place, values, &sets)
    }
  }

  /// Fills a horizon's stretch of values, which begins at `start`.
  private static func measure(
    _ source: Source, _ backtest: Backtest, _ bars: Range<Int>, _ start: Int, _ values: inout [Double]
  ) {
    let counted = backtest.counted.clamped(to: bars)
    var values = values.mutableSpan
    for index in start..<start + PriceBlock.limit { values[index] = .nan }
    let first = start + counted.lowerBound - bars.lowerBound
    switch source {
    case .ahead(let count):
      let block = backtest.candles.block.span
      let close = CandleSeries.Column.close.rawValue * backtest.candles.count
      let end = min(counted.upperBound, backtest.counted.upperBound - count)
      guard counted.lowerBound < end else { return }
      let here = block.extracting(close + counted.lowerBound..<close + end)
      let later = block.extracting(close + counted.lowerBound + count..<close + end + count)
      for index in here.indices { values[first + index] = later[index] / here[index] - 1 }
    case .known(let forward):
      let returns = forward.returns.span
      for (index, bar) in counted.enumerated() { values[first + index] = returns[bar - forward.counted.lowerBound] }
    }
  }

  private static func compare(_ place: Int, _ values: [Double], _ sets: inout [UInt64]) {
    let start = place * PriceBlock.limit
    let own = values.span.extracting(start..<start + PriceBlock.limit)
    let row = place * rows * PriceBlock.words
    var sets = sets.mutableSpan
    BarComparison.both(own, zeros.span, words: PriceBlock.words, &sets, at: row)
    BarComparison.known(own, words: PriceBlock.words, &sets, at: row + 3 * PriceBlock.words)
  }

  /// Bars of a word on which the return after a horizon is known; above nothing; below nothing.
  @inline(__always)
  func known(_ horizon: Int, _ word: Int) -> UInt64 { row(horizon, 3, word) }
  @inline(__always)
  func rising(_ horizon: Int, _ word: Int) -> UInt64 { row(horizon, 0, word) }
  @inline(__always)
  func falling(_ horizon: Int, _ word: Int) -> UInt64 { row(horizon, 1, word) }

  private func row(_ horizon: Int, _ row: Int, _ word: Int) -> UInt64 {
    sets[(horizon * ForwardBlock.rows + row) * PriceBlock.words + word]
  }

  /// Adds the returns after some bars of a word to a sum, in the order of the bars; those of sells with their signs
  /// turned.
  @inline(__always)
  func add(_ bars: UInt64, sells: UInt64, after horizon: Int, _ word: Int, to sum: inout Double) {
    let start = horizon &* PriceBlock.limit &+ word &<< 6
    let values = values.span
    var left = bars
    while left != 0 {
      let bit = left.trailingZeroBitCount
      // The sign by arithmetic: which call is a sell is not to be foreseen.
      let sign = (sells &>> UInt64(bit)) &<< 63
      sum += Double(bitPattern: values[start &+ bit].bitPattern ^ sign)
      left &= left &- 1
    }
  }
}
