import Backtesting
import Foundation
import Pipelines
import Testing
import Trading

@Suite struct BirthSplitTests {
  private let birth = { (bar: Int) in
    RuleBirth(rule: ConfigurationHash(value: 1), seen: day(bar).advanced(by: 3_600_000), ancestor: nil, rules: 2)
  }
  /// Up and down by turns, so that each part gains and loses.
  private let candles = series(
    closes: (0..<40).map { (day: Int) -> Double? in
      let wave: Double = 10 * sin(Double(day))
      return 100 + wave + Double(day)
    })
  private let said = run(
    (0..<12).map { (place: Int) -> (Int, Direction) in (place * 3, place % 2 == 0 ? .buy : .sell) })

  private func divided(_ birth: RuleBirth, _ options: BacktestOptions = BacktestOptions()) throws -> BirthSplit {
    var result = backtest(said, on: candles, plan: TradePlan(), strategy: "s", options: options)
    var replays = BirthReplays(on: Market(candles), options: options)
    replays.divide(&result, at: birth, said, TradePlan())
    return try #require(result.birth)
  }

  @Test func `the parts are the backtests to the day of the birth and from the day after it`() throws {
    let split = try divided(birth(20))
    var (to, from) = (BacktestOptions(), BacktestOptions())
    (to.to, from.from) = (day(20), day(21))
    let before = backtest(said, on: candles, plan: TradePlan(), strategy: "s", options: to)
    let after = backtest(said, on: candles, plan: TradePlan(), strategy: "s", options: from)
    #expect(split.before.metrics == before.metrics && split.after.metrics == after.metrics)
    #expect(split.before.bars == 21 && split.after.bars == 19)
    #expect(split.before.signals == before.signals.count && split.after.signals == after.signals.count)
    #expect(split.before.signals + split.after.signals == 12)
    #expect(split.after.first == day(21) && split.after.last == day(39))
    // Both parts trade, or the comparison says nothing.
    #expect(before.metrics.trades > 1 && after.metrics.trades > 1)
    #expect(split.after.outcomes.map(\.count) == after.outcomes.map(\.count))
  }

  @Test func `without a later bar there is nothing out-of-sample`() throws {
    let split = try divided(birth(39))
    #expect(split.after == BirthSplit.Part())
    #expect(split.after.metrics == nil && split.before.bars == 40)
  }

  @Test func `a backtest that ends before the birth has nothing out-of-sample either`() throws {
    var options = BacktestOptions()
    options.to = day(10)
    let split = try divided(birth(20), options)
    #expect(split.after.bars == 0 && split.before.bars == 11)
  }

  @Test func `JSON tells the birth, both parts and nothing where there is none`() throws {
    func object(_ result: BacktestResult) throws -> [String: Any] {
      let text = try BacktestReport([result]).json()
      let all = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      return try #require((all["strategies"] as? [[String: Any]])?.first)
    }
    var result = backtest(said, on: candles, plan: TradePlan(), strategy: "s")
    #expect(try object(result)["birth"] is NSNull)
    var replays = BirthReplays(on: Market(candles), options: BacktestOptions())
    replays.divide(&result, at: birth(39), said, TradePlan())
    let row = try #require(object(result)["birth"] as? [String: Any])
    #expect(row["rules"] as? Int == 2 && row["ancestor"] is NSNull)
    #expect(row["seen"] as? String == "2024-02-09T01:00:00Z")
    let after = try #require(row["out_of_sample"] as? [String: Any])
    #expect(after["bars"] as? Int == 0 && after["metrics"] is NSNull && after["first"] is NSNull)
  }
}
