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
        "name", "symbol", "timeframe", "bars", "birth", "conflicts", "signals", "trades", "outcomes", "metrics",
        "trials",
        "notes", "p_value", "prices",
      ])
    #expect(entry["p_value"] is NSNull)
    let signal = try #require((entry["signals"] as? [[String: Any]])?.first)
    #expect(Set(signal.keys) == ["time", "bar", "direction", "confidence", "price", "reason"])
    #expect(signal["time"] as? String == "2024-01-01T00:00:00Z")
    let trade = try #require((entry["trades"] as? [[String: Any]])?.first)
    #expect(
      Set(trade.keys) == [
        "position_id", "side", "entry_time", "entry_price", "exit_time", "exit_price", "quantity", "fees", "pnl",
        "return", "exit_reason", "dividends",
      ])
    let outcomes = try #require(entry["outcomes"] as? [String: [String: Any]])
    #expect(Set(outcomes.keys) == ["1b", "5b", "20b"])
    #expect(
      Set(outcomes["1b"]?.keys.map(\.self) ?? []) == [
        "count", "success_rate", "mean_return", "sharpe", "base_rate", "excess", "interval", "grade",
        "mfe", "mae", "regimes",
      ])
    let regimes = try #require(outcomes["1b"]?["regimes"] as? [String: [String: Any]])
    #expect(regimes.keys.map(\.self) == ["unknown"])
    #expect(
      Set(regimes["unknown"]?.keys.map(\.self) ?? [])
        == Set(outcomes["1b"]?.keys.map(\.self) ?? []).subtracting(["regimes"]))
    #expect(outcomes["1b"]?["grade"] is NSNull)
    #expect((outcomes["1b"]?["interval"] as? [Double])?.count == 2)
    #expect(outcomes["20b"]?["interval"] is NSNull)
    let metrics = try #require(entry["metrics"] as? [String: Any])
    #expect(
      Set(metrics.keys) == [
        "final_equity", "total_return", "cagr", "volatility", "sharpe", "sortino", "calmar", "max_drawdown",
        "max_drawdown_bars", "win_rate", "profit_factor", "exposure", "trades", "buy_hold_return", "deflated_sharpe",
        "ulcer_index", "var_95", "cvar_95", "expectancy", "payoff_ratio", "turnover", "alpha", "beta",
        "information_ratio", "monthly_returns", "intervals", "random_entries",
      ])
    #expect(metrics["intervals"] is NSNull)
    let year = try #require((metrics["monthly_returns"] as? [[String: Any]])?.first)
    #expect(Set(year.keys) == ["year", "months", "total"] && (year["months"] as? [Any])?.count == 12)
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

  @Test func `intervals stand under their confidence`() throws {
    var result = try VectorbtTests.result(of: "golden_cross")
    result.intervals = BootstrapIntervals(of: result, replications: 20)
    let metrics = try #require(try entry(result)["metrics"] as? [String: Any])
    let intervals = try #require(metrics["intervals"] as? [String: Any])
    #expect(Set(intervals.keys) == ["replications", "mean_block", "seed", "sharpe", "cagr", "max_drawdown"])
    for figure in ["sharpe", "cagr", "max_drawdown"] {
      let interval = try #require(intervals[figure] as? [String: [Double]])
      #expect(Set(interval.keys) == ["90", "95"] && interval.values.allSatisfy { $0.count == 2 && $0[0] < $0[1] })
    }
  }

  /// Every number of a JSON text, as it is written.
  private func numbers(in value: Any) -> [Double] {
    switch value {
    case let list as [Any]: list.flatMap(numbers)
    case let table as [String: Any]: table.values.flatMap(numbers)
    case let number as NSNumber: [number.doubleValue]
    default: []
    }
  }

  static let nasty: [(name: String, closes: [Double?])] = [
    ("nothing", []), ("one bar", [100]), ("two bars", [100, 101]), ("flat", Array(repeating: 100, count: 250)),
    ("only missing bars", [nil, nil, nil]), ("holes", [100, nil, nil, 101, nil, 99, nil]),
    ("zeros", Array(repeating: 0, count: 30)), ("falls to zero", [100, 50, 0, 0, 0, 10]),
    ("below zero", [10, 5, -5, -20, 3, 8]), ("explodes", [1e-300, 1, 1e300, 1e308, 1e308, 1]),
    ("tiny", [1, 1, 2, 1].map { $0 * Double.leastNonzeroMagnitude }),
    ("multiplies", (0..<240).map { $0.isMultiple(of: 2) ? 1 : 1_000_000 }),
  ]

  @Test(arguments: nasty.indices, [TradePlan.Side.long, .short, .both])
  func `no number of any output is NaN or infinite`(index: Int, side: TradePlan.Side) throws {
    let closes = BacktestJSONTests.nasty[index].closes
    let bars = closes.indices.filter { $0 % 3 != 2 }
    let signals = bars.map { ($0, $0.isMultiple(of: 2) ? Direction.buy : .sell) }
    for fee in [0, 0.001, 0.99] {
      for fill in BacktestOptions.Fill.allCases {
        var options = BacktestOptions()
        options.feeRate = fee
        options.fill = fill
        options.horizons = [
          .bars(1), .bars(5), .session, .duration(Timeframe(1, .week)), .duration(Timeframe(1, .hour)),
        ]
        var result = backtest(
          run(signals), on: series(closes: closes), plan: plan(side), strategy: "s", options: options)
        result.intervals = BootstrapIntervals(of: result, replications: 20)
        // The encoder itself throws at a number that is none.
        let entry = try entry(result)
        #expect(numbers(in: entry).allSatisfy { $0.isFinite })
        #expect(entry["metrics"] is [String: Any])
      }
    }
  }

  @Test func `equal results are equal texts`() throws {
    let one = backtest(run([(0, .buy)]), on: series(closes: [100, 101, 102]), plan: TradePlan(), strategy: "s")
    #expect(try BacktestReport([one]).json() == BacktestReport([one]).json())
  }
}
