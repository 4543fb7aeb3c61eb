import Backtesting
import Foundation
import Pipelines
import TestSupport
import Testing
import Trading

/// Rotations whose answers can be worked out by hand, and what holds of all of them.
@Suite struct RotationTests {
  /// A price for each day from Monday 2024-01-01 on.
  private func prices(_ symbol: String, _ closes: [Double?]) -> CandleSeries { series(closes: closes).named(symbol) }

  /// A close for each bar, from its number.
  private func closes(_ bars: Int, _ close: (Double) -> Double?) -> [Double?] { (0..<bars).map { close(Double($0)) } }

  @Test func `the best is held, and left for a better one at the open of the next period`() throws {
    // Weeks begin on bars 7 and 14. At the close of bar 6 A has risen more, at that of bar 13 B.
    let a = closes(21) { 100 + $0 }
    let b = closes(21) { $0 < 10 ? 100 : 100 + 5 * ($0 - 9) }
    let result = try rotation("hold: { top: 1 }\nrebalance: 1w").backtest([prices("A", a), prices("B", b)])
    // The bars open at the close before: A at 106 and at 113, B at 120.
    #expect(result.rows == ["1 long 7@106.0-14@113.0 signal", "2 long 14@120.0-20@155.0 end"])
    #expect(result.trades.map(\.symbol) == ["A", "B"])
    #expect(agree(result.metrics.finalEquity, 10_000 * 113 / 106 * 155 / 120))
    #expect(result.portfolio?.decisions.map(\.time) == [day(7), day(14)])
    #expect(result.symbol == "x" && result.strategy == "x")
  }

  @Test func `a member is kept until its rank is worse than until_rank`() throws {
    // At bar 6: A, B, C. At bar 13: B, A, C. At bar 20: B, C, A.
    let a = closes(28) { $0 < 8 ? 100 + 3 * $0 : $0 < 15 ? 124 + 0.5 * $0 : 130 }
    let b = closes(28) { $0 < 8 ? 100 + 2 * $0 : 120 + 4 * $0 }
    let c = closes(28) { $0 < 15 ? 100 : 100 + 2 * ($0 - 14) }
    let all = [prices("A", a), prices("B", b), prices("C", c)]
    let patient = try rotation("hold: { top: 1, until_rank: 2 }\nrebalance: 1w").backtest(all)
    #expect(patient.portfolio?.decisions.map { $0.weights.map(\.symbol) } == [["A"], ["A"], ["B"]])
    let strict = try rotation("hold: { top: 1 }\nrebalance: 1w").backtest(all)
    #expect(strict.portfolio?.decisions.map { $0.weights.map(\.symbol) } == [["A"], ["B"], ["B"]])
  }

  @Test func `a member where the condition is not true leaves its place as cash`() throws {
    let up = closes(14) { 100 + $0 }
    let down = closes(14) { 100 - $0 }
    let result = try rotation("where: change(close, 2) > 0\nhold: { top: 2 }\nrebalance: 1w")
      .backtest([prices("A", up), prices("B", down)])
    let weights = try #require(result.portfolio?.decisions.first?.weights)
    #expect(weights.map(\.symbol) == ["A"] && weights.map(\.weight) == [0.5])
    // 5,000 at the open of bar 7, which is the close of bar 6.
    #expect(agree(result.metrics.finalEquity, 5_000 + 5_000 * 113 / 106))
  }

  @Test func `weights are those of a hand calculation`() throws {
    // Returns over the four bars before the decision, each twice: A ±10 %, B ±20 %: deviations 1 to 2, weights 2 to 1.
    // The four returns have mean 0, so the sample deviations are √(4 × 0.01 / 3) and √(4 × 0.04 / 3).
    func path(_ step: Double) -> [Double] {
      var closes = [100.0, 100, 100]
      for sign in [1.0, -1, 1, -1] { closes.append((closes.last ?? 0) * (1 + sign * step)) }
      return closes + [Double](repeating: closes.last ?? 0, count: 7)
    }
    let series = [prices("A", path(0.1)), prices("B", path(0.2))]
    let parity = try rotation("hold: { top: 2 }\nweight: risk_parity\nlookback: 4\nrebalance: 1w", rank: "close")
      .backtest(series)
    let weights = try #require(parity.portfolio?.decisions.first?.weights)
    #expect(weights.map(\.symbol) == ["A", "B"])
    #expect(agree(weights[0].weight, 2.0 / 3) && agree(weights[1].weight, 1.0 / 3))
  }

  @Test func `momentum weighs by the gain and mean reversion by the loss`() throws {
    // Over the lookback of 5 bars to bar 6: A +10 %, B +30 %, C −20 %.
    func path(_ end: Double) -> [Double] { [100, 100, 100, 100, 100, 100] + [Double](repeating: end, count: 8) }
    let series = [prices("A", path(110)), prices("B", path(130)), prices("C", path(80))]
    func weights(_ rule: String) throws -> [Double] {
      try rotation("hold: { top: 3 }\nweight: \(rule)\nlookback: 5\nrebalance: 1w", rank: "close")
        .backtest(series).portfolio?.decisions.first?.weights.map(\.weight) ?? []
    }
    for (own, wanted) in zip(try weights("momentum"), [0.25, 0.75, 0.0]) { #expect(abs(own - wanted) < 1e-12) }
    for (own, wanted) in zip(try weights("mean_reversion"), [0.0, 0, 1]) { #expect(abs(own - wanted) < 1e-12) }
  }

  @Test func `sales pay for purchases on the same bar, and purchases are scaled to the cash`() throws {
    let a = closes(21) { 100 + $0 }
    let b = closes(21) { $0 < 10 ? 100 : 100 + 5 * ($0 - 9) }
    let result = try rotation("hold: { top: 1 }\nrebalance: 1w")
      .backtest([prices("A", a), prices("B", b)], options: free { $0.feeRate = 0.01 })
    let first = try #require(result.trades.first)
    #expect(agree(first.quantity, 10_000 / (106 * 1.01)))
    let second = try #require(result.trades.last)
    #expect(second.entryTime == first.exitTime)
    #expect(agree(second.quantity, first.quantity * 113 * 0.99 / (120 * 1.01)))
  }

  @Test func `a symbol without a bar keeps its last price and is sold when it trades again`() throws {
    let a = closes(21) { 14...16 ~= $0 ? nil : 100 + $0 }
    let b: [Double?] = closes(21) { $0 < 10 ? 100 : 100 + 5 * ($0 - 9) }
    let result = try rotation("hold: { top: 1 }\nrebalance: 1w").backtest([prices("A", a), prices("B", b)])
    // A is to be left at bar 14 and has no bar until 17; B, due at once, has no money then.
    #expect(result.rows.first == "1 long 7@106.0-17@113.0 signal")
    #expect(result.trades.count == 1)
    #expect(agree(result.equity[15], 10_000 * 113 / 106))
  }

  @Test func `outside its dates a symbol is neither bought nor kept`() throws {
    let a = prices("A", closes(28) { 100 + 2 * $0 })
    let b = prices("B", closes(28) { 100 + $0 })
    let universe = Universe([.init(symbol: "A", from: day(8), to: day(16)), .init(symbol: "B")])
    let result = try rotation("hold: { top: 1 }\nrebalance: 1w").backtest([a, b], universe: universe)
    #expect(result.portfolio?.decisions.map { $0.weights.map(\.symbol) } == [["B"], ["A"], ["B"]])
    // Out at the first open after its last day, in again with the next period.
    #expect(
      result.rows == [
        "1 long 7@106.0-14@113.0 signal", "2 long 14@126.0-17@132.0 signal", "3 long 21@120.0-27@127.0 end",
      ])
    #expect(!result.notes.contains { $0.contains("survivorship") })
  }

  @Test func `without dates the result speaks of survivorship`() throws {
    let result = try rotation("hold: { top: 1 }\nrebalance: 1w").backtest([prices("A", [1, 2, 3])])
    #expect(result.notes.contains { $0.hasPrefix("today's members: survivorship") })
  }

  @Test func `the order of symbols changes no byte of the answer`() throws {
    let rotation = try rotation(
      "hold: { top: 2, until_rank: 4 }\nweight: momentum\nlookback: 20\nrebalance: 1w", rank: "change(close, 10)")
    let universe = try goldenUniverse()
    let wanted = try rotation.backtest(universe, options: BacktestOptions()).text()
    var random = SplitMix(seed: 7)
    for _ in 0..<5 {
      #expect(try rotation.backtest(universe.shuffled(using: &random), options: BacktestOptions()).text() == wanted)
    }
  }

  @Test func `ties of rank are broken by the alphabet`() throws {
    let closes = closes(14) { 100 + $0 }
    for symbols in [["B", "A", "C"], ["C", "B", "A"]] {
      let result = try rotation("hold: { top: 2 }\nrebalance: 1w").backtest(symbols.map { prices($0, closes) })
      #expect(result.portfolio?.decisions.first?.weights.map(\.symbol) == ["A", "B"])
    }
  }

  @Test func `what comes later changes nothing before`() throws {
    let rotation = try rotation(
      "hold: { top: 2 }\nweight: risk_parity\nlookback: 20\nrebalance: 1w", rank: "change(close, 10)")
    let whole = try goldenUniverse()
    let result = try rotation.backtest(whole)
    for bars in [120, 201, 333] {
      guard let end = whole.first?.times[bars] else { return }
      let cut = whole.map { candles in candles.prefix(candles.times.firstIndex { $0 > end } ?? candles.count) }
      let part = try rotation.backtest(cut.filter { $0.count > 0 })
      #expect(part.equity == Array(result.equity.prefix(part.equity.count)))
      #expect(part.portfolio?.decisions == result.portfolio?.decisions.filter { $0.time <= end })
    }
  }

  @Test func `equity is conserved and cash never below nothing, whatever the prices`() throws {
    var random = SplitMix(seed: 20)
    for round in 0..<60 {
      let series = (0..<5).map { place -> CandleSeries in
        var close = 50.0
        return prices(
          "S\(place)",
          (0..<120).map { _ -> Double? in
            close *= 0.9 + 0.21 * random.unit()
            return random.unit() < 0.15 ? nil : close
          })
      }
      let rule = Weighting.Rule.allCases[round % 4]
      let rotation = try rotation(
        "hold: { top: \(1 + round % 4), until_rank: \(2 + round % 4) }\nweight: \(rule.rawValue)\n"
          + (rule == .equal ? "" : "lookback: 5\n") + "rebalance: \(round % 3 == 0 ? "1d" : "1w")")
      var options = BacktestOptions()
      options.feeRate = 0.01 * random.unit()
      options.slippage = 0.01 * random.unit()
      options.fill = round % 2 == 0 ? .nextOpen : .close
      let result = try rotation.backtest(series, options: options)
      let profit = result.trades.reduce(0) { $0 + $1.pnl }
      #expect(abs(options.start + profit - result.metrics.finalEquity) < 1e-6 * options.start)
      let members = try #require(result.portfolio?.members)
      #expect(abs(members.reduce(0) { $0 + $1.contribution } - result.metrics.totalReturn) < 1e-6)
      #expect(result.equity.allSatisfy { $0 > 0 })
      // What is held never costs more than there is: without debt the exposure is 1 at most.
      #expect(result.netExposure <= 1 + 1e-9)
      for decision in result.portfolio?.decisions ?? [] {
        #expect(decision.weights.reduce(0) { $0 + $1.weight } <= 1 + 1e-12)
      }
    }
  }

  @Test func `correlations are Pearson's over the bars that both have`() throws {
    let result = try rotation("hold: { top: 1 }\nrebalance: 1w").backtest([
      prices("A", [100, 110, 99, 108.9, nil, 98.01]), prices("B", [50, 52, 51, 54.06, 60, 53]),
      prices("C", [10, 10, 10, 10, 10, 10]),
    ])
    let matrix = try #require(result.portfolio?.correlations)
    // numpy.corrcoef([.1, -.1, .1, -.1], [.04, 51/52-1, .06, 53/54.06-1])[0, 1]
    #expect(agree(try #require(matrix.values[0][1]), 0.9798663902902182))
    #expect(matrix.counts[0][1] == 4 && matrix.counts[1][2] == 5)
    #expect(matrix.values[0][2] == nil && matrix.values[2][2] == nil && matrix.values[0][0] == 1)
  }
}
