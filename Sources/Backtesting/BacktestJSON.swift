import Trading

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The answer of `backtest --format json`: one entry a strategy and symbol. What is undefined is null, never NaN.
public struct BacktestReport: Encodable, Sendable {
  /// The entries, in the order in which they are shown.
  public var strategies: [BacktestResult]
  /// The tests of all strategies together, one entry an instrument; empty without a trial ledger.
  public var selections: [Selection]

  /// Gathers results.
  public init(_ strategies: [BacktestResult], selections: [Selection] = []) {
    self.strategies = strategies
    self.selections = selections
  }

  /// The report as JSON text, keys sorted, so that equal results are equal texts.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

/// A key that is text; horizons are keys too.
struct Key: CodingKey, ExpressibleByStringLiteral {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringLiteral value: String) { stringValue = value }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedEncodingContainer<Key> {
  /// A number, or null: an absent key could not be told from a misspelt one.
  mutating func number(_ value: Double?, _ key: Key) throws {
    try encode(value.flatMap(finite), forKey: key)
  }
}

extension BacktestResult: Encodable {
  /// An entry of `strategies` as the contract has it, and its notes.
  public func encode(to encoder: any Encoder) throws {
    var entry = encoder.container(keyedBy: Key.self)
    try entry.encode(strategy, forKey: "name")
    try entry.encode(symbol, forKey: "symbol")
    try entry.encode(timeframe.description, forKey: "timeframe")
    try entry.encode(bars, forKey: "bars")
    try entry.encode(conflicts, forKey: "conflicts")
    try entry.encode(signals.map(SignalRow.init), forKey: "signals")
    try entry.encode(trades, forKey: "trades")
    try entry.encode(MetricsRow(result: self), forKey: "metrics")
    try entry.encode(notes, forKey: "notes")
    try entry.encode(prices.rawValue, forKey: "prices")
    if let portfolio { try entry.encode(portfolio, forKey: "portfolio") }
    var outcomes = entry.nestedContainer(keyedBy: Key.self, forKey: "outcomes")
    for outcome in self.outcomes {
      try outcomes.encode(outcome, forKey: Key(stringValue: outcome.horizon.description))
    }
    var trials = entry.nestedContainer(keyedBy: Key.self, forKey: "trials")
    try trials.encode(self.trials?.raw, forKey: "raw")
    try trials.number(self.trials?.effective, "effective")
    try trials.encode(self.trials?.ledger, forKey: "ledger")
    try entry.number(pValue, "p_value")
    try entry.encode(birth, forKey: "birth")
  }
}

extension Selection: Encodable {
  /// An entry of `selections`.
  public func encode(to encoder: any Encoder) throws {
    var entry = encoder.container(keyedBy: Key.self)
    try entry.encode(data.symbol, forKey: "symbol")
    try entry.encode(data.timeframe.description, forKey: "timeframe")
    try entry.encode(tested, forKey: "tested")
    try entry.number(tests?.realityCheck, "reality_check")
    try entry.number(tests?.superiorPredictiveAbility.consistent, "spa")
    try entry.number(overfitting?.pbo, "pbo")
    try entry.number(overfitting?.probabilityOfLoss, "probability_of_loss")
    try entry.number(overfitting?.degradation, "degradation")
    try entry.encode(tests?.replications, forKey: "replications")
    try entry.number(tests?.meanBlock, "mean_block")
  }
}

/// A signal as JSON; a type of its own, since `Signal` belongs to Trading.
private struct SignalRow: Encodable {
  let signal: Signal

  func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.encode(signal.time.description, forKey: "time")
    try row.encode(signal.bar, forKey: "bar")
    try row.encode(signal.direction.rawValue, forKey: "direction")
    try row.number(signal.confidence, "confidence")
    try row.number(signal.price, "price")
    try row.encode(signal.reason, forKey: "reason")
    if let base = signal.base { try row.number(base, "base") }
  }
}

extension Trade: Encodable {
  /// A row of `trades`.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.encode(positionID, forKey: "position_id")
    try row.encode(side.rawValue, forKey: "side")
    try row.encode(entryTime.description, forKey: "entry_time")
    try row.number(entryPrice, "entry_price")
    try row.encode(exitTime.description, forKey: "exit_time")
    try row.number(exitPrice, "exit_price")
    try row.number(quantity, "quantity")
    try row.number(fees, "fees")
    try row.number(dividends, "dividends")
    try row.number(pnl, "pnl")
    try row.number(`return`, "return")
    try row.encode(exitReason.rawValue, forKey: "exit_reason")
    try row.encodeIfPresent(leg, forKey: "leg")
    try row.encodeIfPresent(symbol, forKey: "symbol")
    try row.encodeIfPresent(strategy, forKey: "strategy")
  }
}

extension Metrics: Encodable {
  /// `metrics` of an entry.
  public func encode(to encoder: any Encoder) throws {
    var row = encoder.container(keyedBy: Key.self)
    try row.number(finalEquity, "final_equity")
    try row.number(totalReturn, "total_return")
    try row.number(cagr, "cagr")
    try row.number(volatility, "volatility")
    try row.number(sharpe, "sharpe")
    try row.number(sortino, "sortino")
    try row.number(calmar, "calmar")
    try row.number(maxDrawdown, "max_drawdown")
    try row.encode(maxDrawdownBars, forKey: "max_drawdown_bars")
    try row.number(winRate, "win_rate")
    try row.number(profitFactor, "profit_factor")
    try row.number(exposure, "exposure")
    try row.encode(trades, forKey: "trades")
    try row.number(buyHoldReturn, "buy_hold_return")
    try row.number(deflatedSharpe, "deflated_sharpe")
  }
}
