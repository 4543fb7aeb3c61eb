import SeriesMath
public import Trading

/// Histories that did not happen, made of bars that did: what a test against luck is itself tested on.
///
/// Each bar is kept as open, high, low and close over the close before it, and its volume. Bars are drawn in blocks by the
/// stationary bootstrap and put onto one another from the first bar's close; times, and the places of missing bars, stay.
/// Drift, the shape of bars and what hangs together within a block are those of the prices.
public struct ResampledCandles: Sendable {
  /// What is left of the order of the bars.
  public enum Null: String, Sendable, CaseIterable {
    /// Blocks as they were: what follows from what within a block still does, so that a rule may have a little true skill.
    case blocks
    /// Each bar is besides, by the toss of a coin, mirrored about the mean return (a bar that rose by x above it falls by
    /// x below it). How far prices move still hangs together, whether up or down does not: no rule has skill.
    case mirrored
  }

  public let candles: CandleSeries
  public let null: Null
  public let meanBlock: Double
  /// Rows that have a bar.
  private let present: [Int]
  /// For each of them but the first, its four prices over the close before.
  private let shapes: [BarPrices]
  private let meanReturn: Double

  /// Nil under 20 bars, and where a price is not above 0. `meanBlock` nil takes the greater of the automatic lengths of
  /// the returns and of their squares, for it is the size of the moves that hangs together longest.
  public init?(_ candles: CandleSeries, null: Null, meanBlock: Double? = nil) {
    let present = (0..<candles.count).filter { !candles.isMissing($0) }
    guard present.count >= 20 else { return nil }
    var shapes: [BarPrices] = []
    for (before, row) in zip(present, present.dropFirst()) {
      let close = candles.value(.close, at: before)
      let shape = BarPrices(
        open: candles.value(.open, at: row) / close, high: candles.value(.high, at: row) / close,
        low: candles.value(.low, at: row) / close, close: candles.value(.close, at: row) / close)
      guard close > 0, shape.low > 0, shape.open >= shape.low, shape.high.isFinite else { return nil }
      shapes.append(shape)
    }
    let returns = shapes.map { $0.close - 1 }
    self.candles = candles
    self.null = null
    self.present = present
    self.shapes = shapes
    meanReturn = returns.reduce(0, +) / Double(returns.count)
    self.meanBlock =
      meanBlock
      ?? max(
        StationaryBootstrap.automaticBlock(returns), StationaryBootstrap.automaticBlock(returns.map { $0 * $0 }))
  }

  /// One such history. With an edge, each bar moves besides by `edge` standard deviations of the returns, between its
  /// open and its close, up where the volume of the bar before is 2 and down where it is 1; volumes are then made up.
  public func history(seed: UInt64, edge: Double = 0) -> CandleSeries {
    var random = SplitMix64(seed: seed)
    var bootstrap = StationaryBootstrap(bars: shapes.count, meanBlock: meanBlock, seed: random.next())
    var blocks: [StationaryBootstrap.Block] = []
    bootstrap.next(blocks: &blocks)
    var block = candles.block
    let count = candles.count
    func set(_ column: CandleSeries.Column, _ row: Int, _ value: Double) {
      block[column.rawValue * count + row] = value
    }

    var known = HiddenState(random: SplitMix64(seed: random.next()), isUp: true)
    let step = edge * deviation
    var close = candles.value(.close, at: present[0])
    if edge != 0 { set(.volume, present[0], known.volume) }
    var place = 1
    for drawn in blocks {
      for source in Int(drawn.start)..<Int(drawn.start + drawn.length) {
        let row = present[place]
        var shape = shapes[source]
        if null == .mirrored, random.next() & 1 == 1 { shape = shape.mirrored(about: 1 + meanReturn) ?? shape }
        if edge != 0 { shape = shape.closing(at: shape.close + (known.isUp ? step : -step)) }
        set(.open, row, close * shape.open)
        set(.high, row, close * shape.high)
        set(.low, row, close * shape.low)
        close *= shape.close
        set(.close, row, close)
        if edge != 0 { known.step() }
        set(.volume, row, edge != 0 ? known.volume : candles.value(.volume, at: present[source + 1]))
        place += 1
      }
    }
    return CandleSeries(
      instrument: candles.instrument, timeframe: candles.timeframe, times: candles.times, block: block,
      sessions: candles.sessions)
  }

  private var deviation: Double {
    let squares = shapes.reduce(0) { $0 + ($1.close - 1 - meanReturn) * ($1.close - 1 - meanReturn) }
    return (squares / Double(shapes.count)).squareRoot()
  }
}

/// What a planted edge can be known by: it lasts twenty bars on average, and the volume tells it.
private struct HiddenState {
  var random: SplitMix64
  var isUp: Bool
  var volume: Double { isUp ? 2 : 1 }

  mutating func step() {
    if random.below(20) == 0 { isUp.toggle() }
  }
}

extension BarPrices {
  /// Nil where a price would not be above 0.
  fileprivate func mirrored(about level: Double) -> BarPrices? {
    guard high < 2 * level else { return nil }
    return BarPrices(
      open: 2 * level - open, high: 2 * level - low, low: 2 * level - high, close: 2 * level - close)
  }

  /// The same bar with another close, and as high and as low as that takes it.
  fileprivate func closing(at price: Double) -> BarPrices {
    let price = max(price, low / 2)
    return BarPrices(open: open, high: max(high, price), low: min(low, price), close: price)
  }
}
