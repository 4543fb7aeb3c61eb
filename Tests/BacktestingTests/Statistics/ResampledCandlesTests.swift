import Backtesting
import TestSupport
import Testing
import Trading

@Suite struct ResampledCandlesTests {
  /// Up and down by turns, with gaps, wicks, a missing bar and volumes that tell the bars apart.
  static let zigzag: CandleSeries = {
    var random = SplitMix(seed: 1)
    var close = 100.0
    return CandleSeries(
      instrument: Instrument(symbol: "Z"), timeframe: .day,
      candles: (0..<400).map { bar in
        if bar == 50 {
          return Candle(time: day(bar), open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)
        }
        let open = close * (1 + 0.002 * (random.unit() - 0.5))
        close *= 1 + (bar.isMultiple(of: 2) ? 0.01 : -0.009) * (0.5 + random.unit())
        return Candle(
          time: day(bar), open: open, high: max(open, close) * 1.001, low: min(open, close) * 0.999, close: close,
          volume: Double(1_000 + bar))
      })
  }()

  static func returns(_ candles: CandleSeries) -> [Double] {
    let closes = candles.column(.close).filter { !$0.isNaN }
    return zip(closes, closes.dropFirst()).map { $1 / $0 - 1 }
  }

  /// Correlation of each return with the next.
  static func memory(_ returns: [Double]) -> Double {
    let mean = returns.reduce(0, +) / Double(returns.count)
    let variance = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return zip(returns, returns.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / variance
  }

  @Test(arguments: ResampledCandles.Null.allCases)
  func `a history has the times and holes of the prices and bars that can be`(null: ResampledCandles.Null) throws {
    let prices = try #require(ResampledCandles(ResampledCandlesTests.zigzag, null: null, meanBlock: 10))
    let history = prices.history(seed: 5)
    #expect(history.times == ResampledCandlesTests.zigzag.times)
    #expect(history[0] == ResampledCandlesTests.zigzag[0])
    #expect(history.isMissing(50))
    for bar in 0..<400 where bar != 50 {
      let candle = history[bar]
      #expect(candle.low > 0 && candle.low <= min(candle.open, candle.close))
      #expect(candle.high >= max(candle.open, candle.close))
    }
    #expect(prices.history(seed: 5).column(.close).filter { !$0.isNaN } == history.column(.close).filter { !$0.isNaN })
    #expect(prices.history(seed: 6).value(.close, at: 399) != history.value(.close, at: 399))
  }

  @Test func `blocks keep each bar with its volume and its neighbours`() throws {
    let zigzag = ResampledCandlesTests.zigzag
    let prices = try #require(ResampledCandles(zigzag, null: .blocks, meanBlock: 20))
    let history = prices.history(seed: 5)
    let own = ResampledCandlesTests.returns(zigzag)
    var before = history.value(.close, at: 0)
    for bar in 1..<400 where bar != 50 {
      let close = history.value(.close, at: bar)
      // The volume says which bar it was; the one after the hole is one place earlier among the returns.
      let source = Int(history.value(.volume, at: bar)) - 1_000
      #expect(agree(close / before - 1, own[source > 50 ? source - 2 : source - 1], to: 1e-9))
      before = close
    }
    #expect(ResampledCandlesTests.memory(own) < -0.8)
    #expect(ResampledCandlesTests.memory(ResampledCandlesTests.returns(history)) < -0.6)
  }

  @Test func `mirrored bars keep how far they move and forget where to`() throws {
    let zigzag = ResampledCandlesTests.zigzag
    let prices = try #require(ResampledCandles(zigzag, null: .mirrored, meanBlock: 20))
    let own = ResampledCandlesTests.returns(zigzag)
    let mean = own.reduce(0, +) / Double(own.count)
    let moves = own.map { abs($0 - mean) }.sorted()
    var memories = 0.0
    for seed in 1...10 {
      let returns = ResampledCandlesTests.returns(prices.history(seed: UInt64(seed)))
      memories += ResampledCandlesTests.memory(returns)
      for value in returns {
        let move = abs(value - mean)
        #expect(moves.contains { abs($0 - move) < 1e-9 })
      }
    }
    // Ten of 398 bars each: a deviation of 0.016.
    #expect(abs(memories / 10) < 0.08)
  }

  @Test func `a planted edge can be read from the volume`() throws {
    let prices = try #require(ResampledCandles(ResampledCandlesTests.zigzag, null: .mirrored, meanBlock: 20))
    let history = prices.history(seed: 3, edge: 1)
    let bars = (0..<400).filter { $0 != 50 }
    var moves: [Double: [Double]] = [:]
    for (before, bar) in zip(bars, bars.dropFirst()) {
      let move = history.value(.close, at: bar) / history.value(.close, at: before) - 1
      moves[history.value(.volume, at: before), default: []].append(move)
    }
    #expect(moves.keys.sorted() == [1, 2])
    let (down, up) = (try #require(moves[1]), try #require(moves[2]))
    #expect(down.count > 50 && up.count > 50)
    // One deviation, about 1 %, either way.
    #expect(up.reduce(0, +) / Double(up.count) > 0.007)
    #expect(down.reduce(0, +) / Double(down.count) < -0.007)
  }

  @Test func `too few bars and prices of nothing make no history`() {
    #expect(ResampledCandles(series(closes: Array(repeating: 100, count: 19)), null: .blocks) == nil)
    var closes: [Double?] = Array(repeating: 100, count: 40)
    closes[7] = 0
    #expect(ResampledCandles(series(closes: closes), null: .blocks) == nil)
  }
}
