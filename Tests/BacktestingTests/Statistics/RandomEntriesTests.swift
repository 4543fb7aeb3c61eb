import Backtesting
import Pipelines
import TestSupport
import Testing
import Trading

@Suite struct RandomEntriesTests {
  /// A walk of that drift a bar.
  static func walk(_ bars: Int, drift: Double, seed: UInt64) -> CandleSeries {
    var random = SplitMix(seed: seed)
    var price = 100.0
    return series(
      closes: (0..<bars).map { _ in
        price *= 1 + drift + 0.02 * (random.unit() - 0.5)
        return price
      })
  }

  static func entries(
    _ signals: [(Int, Direction)], on candles: CandleSeries, draws: Int = 999, seed: UInt64 = 1,
    _ change: (inout TradePlan) -> Void = { _ in }
  ) -> RandomEntries? {
    let options = BacktestOptions()
    let result = backtest(
      run(signals), on: candles, plan: plan(.both, change), strategy: "s", options: options)
    return randomEntries(result, on: candles, fill: options.fill, draws: draws, seed: seed)
  }

  // Opens are the closes before: 100 100 101 103 102 106 107 107.5 109. One position of one bar can stand at any of the
  // opens but the last: returns 0, 1 %, 1.98 %, −0.97 %, 3.92 %, 0.94 %, 0.47 %, 1.40 %. Bar 0 cannot be reached, for a
  // signal fills a bar later.
  @Test(arguments: [(4, 1), (2, 2), (1, 4), (3, 8)])
  func `one position of one bar is compared with all places it could have had`(entry: Int, rank: Int) throws {
    let candles = series(closes: [100, 101, 103, 102, 106, 107, 107.5, 109, 110])
    let entries = try #require(
      RandomEntriesTests.entries([(entry - 1, .buy), (entry, .sell)], on: candles, draws: 20_000) {
        $0.side = .long
      })
    let opens = [100, 100, 101, 103, 102, 106, 107, 107.5, 109]
    let returns = zip(opens, opens.dropFirst()).map { $1 / $0 - 1 }
    let fees = 0.001 * (1 + 1 + returns[entry])
    #expect(agree(entries.mean, returns[entry] - fees))
    #expect(abs(entries.p - Double(rank) / 8) < 0.015)
    #expect(abs(entries.randomMean - (returns.reduce(0, +) / 8 - fees)) < 0.0005)
    #expect(entries.positions == 1)
  }

  @Test func `a strategy that is always in has one place only`() throws {
    let candles = RandomEntriesTests.walk(60, drift: 0.004, seed: 2)
    let entries = try #require(RandomEntriesTests.entries([(0, .buy)], on: candles) { $0.side = .long })
    #expect(entries.mean > 0.1)
    // Entered at the open of bar 1, so that the one draw besides is a bar earlier.
    #expect(entries.p > 0.4)
  }

  @Test func `entries drawn by lot have p-values spread evenly, whatever the drift`() throws {
    var random = SplitMix(seed: 12)
    var low = 0
    for number in 0..<150 {
      let candles = RandomEntriesTests.walk(120, drift: 0.003, seed: UInt64(number))
      var bar = 0
      var signals: [(Int, Direction)] = []
      while bar < 100 {
        bar += 1 + Int(random.unit() * 12)
        signals.append((bar, signals.count.isMultiple(of: 2) ? .buy : .sell))
      }
      let entries = try #require(RandomEntriesTests.entries(signals, on: candles, draws: 99) { $0.side = .long })
      if entries.p <= 0.2 { low += 1 }
    }
    // 30 of 150 to be expected, of a deviation of 4.9.
    #expect(abs(low - 30) < 20)
  }

  @Test func `entries that know the next bars are no chance, long or short`() throws {
    let candles = RandomEntriesTests.walk(300, drift: 0, seed: 3)
    func knows(_ bar: Int) -> Direction { candles[bar + 6].close > candles[bar + 1].close ? .buy : .sell }
    let signals = stride(from: 2, to: 280, by: 5).map { ($0, knows($0)) }
    let entries = try #require(RandomEntriesTests.entries(signals, on: candles))
    #expect(entries.p == 0.001)
    let wrong = signals.map { ($0.0, $0.1 == .buy ? Direction.sell : .buy) }
    #expect(try #require(RandomEntriesTests.entries(wrong, on: candles)).p > 0.99)
  }

  @Test func `stops, targets and parts of positions are drawn with them`() throws {
    let candles = RandomEntriesTests.walk(300, drift: 0, seed: 5)
    let signals = stride(from: 2, to: 280, by: 9).map { ($0, Direction.buy) }
    let entries = try #require(
      RandomEntriesTests.entries(signals, on: candles) {
        $0.stops = [.fraction(0.02, from: .entry)]
        $0.targets = [.init(at: 0.01, close: 0.5), .init(at: 0.02, close: 1)]
        $0.maxBars = 7
      })
    #expect(entries.positions > 20)
    #expect(entries.p > 0.001 && entries.p < 1)
    #expect(entries.randomMean.isFinite)
  }

  @Test func `the same seed gives the same, and without positions there is nothing`() {
    let candles = RandomEntriesTests.walk(100, drift: 0.001, seed: 4)
    let signals: [(Int, Direction)] = [(3, .buy), (9, .sell), (30, .buy), (44, .sell)]
    let once = RandomEntriesTests.entries(signals, on: candles, seed: 8)
    #expect(once != nil && once == RandomEntriesTests.entries(signals, on: candles, seed: 8))
    #expect(once != RandomEntriesTests.entries(signals, on: candles, seed: 9))
    #expect(RandomEntriesTests.entries([], on: candles) == nil)
    #expect(RandomEntriesTests.entries(signals, on: candles, draws: 0) == nil)
  }
}
