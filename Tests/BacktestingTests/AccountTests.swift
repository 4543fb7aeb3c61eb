import Backtesting
import Pipelines
import PluginKit
import TestSupport
import Testing
import Trading

/// Over random prices, orders and plans the books balance.
@Suite struct AccountTests {
  typealias Bar = (open: Double, high: Double, low: Double, close: Double)

  /// Four bars a date, some of them missing, some with wild gaps.
  static func prices(_ random: inout SplitMix) -> CandleSeries {
    var close = 100.0
    let candles = (0..<320).map { index in
      let time = day(index / 4).advanced(by: Int64(index % 4 + 14) * 3_600_000)
      guard random.unit() > 0.03 else {
        return Candle(time: time, open: .nan, high: .nan, low: .nan, close: .nan, volume: .nan)
      }
      let gap = random.unit() < 0.02 ? 0.4 + 2.4 * random.unit() : 0.98 + 0.04 * random.unit()
      let open = close * gap
      close = open * (0.97 + 0.06 * random.unit())
      let high = max(open, close) * (1 + 0.02 * random.unit())
      return Candle(
        time: time, open: open, high: high, low: min(open, close) * (1 - 0.02 * random.unit()), close: close, volume: 1)
    }
    return CandleSeries(instrument: Instrument(symbol: "T"), timeframe: Timeframe(1, .hour), candles: candles)
  }

  /// Columns: 0 a price near the close, 1 a distance, 2 and 3 conditions, 4 a deviation.
  static func plan(_ random: inout SplitMix) -> TradePlan {
    func chance(_ share: Double) -> Bool { random.unit() < share }
    func pick<T>(_ choices: [T]) -> T { choices[Int(random.unit() * Double(choices.count))] }
    var plan = TradePlan()
    plan.side = pick(TradePlan.Side.allCases)
    let expiry: TradePlan.Expiry? = pick([nil, .bars(2), .duration(Timeframe(2, .hour)), .session])
    plan.entry = pick([.market, .market, .stop(.column(0), expires: expiry), .limit(.column(0), expires: expiry)])
    var kelly = TradePlan.Kelly(fraction: 0.5)
    kelly.after = 5
    plan.size = pick([
      .equity(1), .equity(0.4), .fixed(3_000), .risk(0.02, distance: .column(1)),
      .volatility(0.2, deviation: 4, bars: 20), .kelly(kelly),
    ])
    let stops: [TradePlan.Stop] = [
      .fraction(0.05, from: .entry), .fraction(0.04, from: .lastFill), .distance(.atEntry(1), from: .lastFill),
      .distance(.column(1), from: .entry), .price(.binary(.subtract, .position(.low), .column(1))), .trail(0.06),
      .when(.binary(.less, .position(.return), .number(-0.03))),
    ]
    plan.stops = stops.filter { _ in chance(0.25) }
    if chance(0.6) {
      plan.targets = [
        .init(at: .fraction(0.02), close: 0.3), .init(at: .distance(.atEntry(1)), close: 0.3),
        .init(at: .fraction(0.08), close: chance(0.5) ? 0.4 : 0.2),
      ]
    }
    if chance(0.4) { plan.addition = .init(when: .binary(.equal, .column(2), .number(1)), units: 4) }
    if chance(0.3) { plan.maxBars = 5 }
    if chance(0.3) { plan.entriesPerSession = 1 }
    if chance(0.3) { plan.flat = pick([0, 60, 30]) }
    if chance(0.3) { plan.reentry = .whileTrue(buy: 2, sell: 3) }
    return plan
  }

  @Test(arguments: 1...150) func `equity is the start and every row's profit, and cash is never below nothing`(
    seed: Int
  ) throws {
    var random = SplitMix(seed: UInt64(seed))
    let candles = Self.prices(&random)
    let plan = Self.plan(&random)
    var run = BacktestingTests.run([])
    run.columns = [
      candles.column(.close).map { $0 * (0.99 + 0.02 * random.unit()) },
      candles.column(.close).map { $0 * (0.01 + 0.03 * random.unit()) },
      (0..<candles.count).map { _ in random.unit() < 0.4 ? 1 : 0 },
      (0..<candles.count).map { _ in random.unit() < 0.3 ? 1 : 0 },
      (0..<candles.count).map { _ in 0.01 + 0.02 * random.unit() },
    ]
    for bar in 0..<candles.count {
      for direction in [Direction.exitLong, .exitShort, .buy, .sell] where random.unit() < 0.12 {
        run.signals.append(
          Signal(
            time: candles.times[bar], bar: bar, direction: direction, confidence: 50, price: 1, reason: ""))
      }
    }
    var options = BacktestOptions()
    options.fill = seed.isMultiple(of: 4) ? .close : .nextOpen
    options.slippage = 0.0005
    options.slippageOfRange = seed.isMultiple(of: 3) ? 0.05 : 0
    options.feeMinimum = seed.isMultiple(of: 2) ? 3 : 0
    options.feePerShare = 0.005
    options.borrowRate = 0.05
    let result = backtest(run, on: candles, plan: plan, strategy: "s", options: options)

    let profit = result.trades.reduce(0) { $0 + $1.pnl }
    #expect(abs(result.metrics.finalEquity - options.start - profit) < 1e-6)
    #expect(result.equity.allSatisfy { $0 >= -1e-6 && $0.isFinite })
    // Each row: its profit is its move less its fees, its entry before its exit.
    for trade in result.trades {
      let sign = trade.side == .long ? 1.0 : -1
      let move = sign * trade.quantity * (trade.exitPrice - trade.entryPrice)
      #expect(abs(trade.pnl - (move - trade.fees)) <= 1e-9 * max(1, abs(move)))
      #expect(trade.quantity > 0 && trade.fees >= 0 && trade.exitPrice > 0)
      #expect(trade.entryTime <= trade.exitTime)
    }
    // Bar by bar: between fills equity moves by what is held alone, so a bar without a position changes nothing.
    var held: Set<Int> = []
    for trade in result.trades {
      let first = try #require(candles.times.firstIndex(of: trade.entryTime))
      let last = try #require(candles.times.firstIndex(of: trade.exitTime))
      held.formUnion(first...last)
    }
    for bar in 1..<candles.count where !held.contains(bar) {
      #expect(abs(result.equity[bar] - result.equity[bar - 1]) < 1e-9, "bar \(bar)")
    }
    if let flat = plan.flat, flat >= 0, !result.trades.isEmpty {
      // Nothing outlives its session but for one that began before the close was known, or was cut short.
      #expect(result.trades.allSatisfy { $0.exitTime.day - $0.entryTime.day <= 2 })
    }
    if plan.entriesPerSession == 1 {
      let entries = Dictionary(grouping: result.trades, by: \.positionID).values.compactMap { $0.first?.entryTime.day }
      #expect(Set(entries).count == entries.count)
    }
  }

  @Test func `the random plans do trade`() {
    var kinds: Set<Trade.ExitReason> = []
    for seed in 1...150 {
      var random = SplitMix(seed: UInt64(seed))
      let candles = Self.prices(&random)
      var plan = Self.plan(&random)
      plan.entry = .market
      var run = BacktestingTests.run([])
      run.columns = Array(repeating: candles.column(.close).map { $0 * 0.03 }, count: 5)
      for bar in stride(from: 1, to: candles.count, by: 9) {
        run.signals.append(
          Signal(
            time: candles.times[bar], bar: bar, direction: bar.isMultiple(of: 2) ? .buy : .sell, confidence: 50,
            price: 1, reason: ""))
      }
      kinds.formUnion(backtest(run, on: candles, plan: plan, strategy: "s").trades.map(\.exitReason))
    }
    #expect(kinds == [.signal, .stop, .target, .maxBars, .flat, .marginCall, .end])
  }
}
