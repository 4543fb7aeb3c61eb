import Backtesting
import Foundation
import Pipelines
import Testing
import Trading

@Suite struct BacktestJSONTests {
  func entry(_ result: BacktestResult) throws -> [String: Any] {
    let text = try BacktestReport([result]).json()
    let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    return try #require((root["strategies"] as? [[String: Any]])?.first)
  }

  @Test func `the keys are the contract's`() throws {
    let result = backtest(
      run([(0, .buy), (2, .sell)]), on: series(closes: [100, 101, 102, 103, 104, 105, 106]), plan: TradePlan(),
      strategy: "s")
    let entry = try entry(result)
    #expect(
      Set(entry.keys) == [
        "name", "symbol", "timeframe", "bars", "conflicts", "signals", "trades", "outcomes", "metrics", "trials",
        "notes", "p_value",
      ])
    #expect(entry["p_value"] is NSNull)
    let signal = try #require((entry["signals"] as? [[String: Any]])?.first)
    #expect(Set(signal.keys) == ["time", "bar", "direction", "confidence", "price", "reason"])
    #expect(signal["time"] as? String == "2024-01-01T00:00:00Z")
    let trade = try #require((entry["trades"] as? [[String: Any]])?.first)
    #expect(
      Set(trade.keys) == [
        "position_id", "side", "entry_time", "entry_price", "exit_time", "exit_price", "quantity", "fees", "pnl",
        "return", "exit_reason",
      ])
    let outcomes = try #require(entry["outcomes"] as? [String: [String: Any]])
    #expect(Set(outcomes.keys) == ["1b", "5b", "20b"])
    #expect(
      Set(outcomes["1b"]?.keys.map(\.self) ?? []) == [
        "count", "success_rate", "mean_return", "sharpe", "base_rate", "excess", "interval",
      ])
    #expect((outcomes["1b"]?["interval"] as? [Double])?.count == 2)
    #expect(outcomes["20b"]?["interval"] is NSNull)
    let metrics = try #require(entry["metrics"] as? [String: Any])
    #expect(
      Set(metrics.keys) == [
        "final_equity", "total_return", "cagr", "volatility", "sharpe", "sortino", "calmar", "max_drawdown",
        "max_drawdown_bars", "win_rate", "profit_factor", "exposure", "trades", "buy_hold_return", "deflated_sharpe",
      ])
    let trials = try #require(entry["trials"] as? [String: Any])
    #expect(Set(trials.keys) == ["raw", "effective", "ledger"] && trials.values.allSatisfy { $0 is NSNull })
  }

  @Test func `what is not a number is null`() throws {
    var result = backtest(run([(0, .buy)]), on: series(closes: [100, 101, 102]), plan: TradePlan(), strategy: "s")
    result.metrics.sharpe = .nan
    result.metrics.totalReturn = .infinity
    result.trades[0].pnl = .nan
    let entry = try entry(result)
    let metrics = try #require(entry["metrics"] as? [String: Any])
    #expect(metrics["sharpe"] is NSNull && metrics["total_return"] is NSNull && metrics["deflated_sharpe"] is NSNull)
    #expect((entry["trades"] as? [[String: Any]])?.first?["pnl"] is NSNull)
  }

  @Test func `equal results are equal texts`() throws {
    let one = backtest(run([(0, .buy)]), on: series(closes: [100, 101, 102]), plan: TradePlan(), strategy: "s")
    #expect(try BacktestReport([one]).json() == BacktestReport([one]).json())
  }
}
