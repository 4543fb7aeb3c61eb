import Backtesting
import Foundation
import Pipelines
import StrategyModules
import Testing
import Trading

/// A rotation that ranks by the rise over some bars; keys are added to it.
func rotation(_ keys: String, rank: String = "change(close, 2)", timeframe: String = "1d") throws -> Rotation {
  let text = "kind: rotation\nname: x\ntimeframe: \(timeframe)\nuniverse: [X]\nrank: \(rank)\n\(keys)\n"
  let (declared, diagnostics) = StrategyReader(registry: bundled).declaration(file: "x.yaml", bytes: Array(text.utf8))
  try #require(diagnostics.map(\.description) == [])
  guard case .rotation(let rotation) = try #require(declared) else { throw NotThere() }
  return rotation
}

struct NotThere: Error {}

extension Rotation {
  /// Members of these prices.
  func members(_ series: [CandleSeries]) throws -> [RotationMember] {
    try series.map { RotationMember(candles: $0, ranking: try ranking(over: Market($0))) }
  }

  func backtest(
    _ series: [CandleSeries], universe: Universe? = nil, options: BacktestOptions = free()
  ) throws -> BacktestResult {
    Backtesting.backtest(
      self, members: try members(series),
      universe: universe ?? Universe(symbols: series.map(\.instrument.symbol)), options: options)
  }
}

extension CandleSeries {
  /// The first bars alone.
  func prefix(_ bars: Int) -> CandleSeries {
    let part = CandleSeries(
      instrument: instrument, timeframe: timeframe, candles: (0..<min(bars, count)).map { self[$0] })
    return isRestated ? part.paying(Array(dividends.prefix(bars))) : part
  }
}

extension BacktestResult {
  /// Everything that can be compared, as text.
  func text() throws -> String { try BacktestReport([self]).json() }
}

/// The invented universe of `Tests/Golden/rotation-prices.csv`, by symbol.
func goldenUniverse() throws -> [CandleSeries] {
  let text = try String(contentsOf: repositoryFile("Tests/Golden/rotation-prices.csv"), encoding: .utf8)
  let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  let heads = try #require(lines.first)
  return try stride(from: 1, to: heads.count, by: 2).map { column in
    let candles = try lines.dropFirst().compactMap { line -> Candle? in
      guard let open = Double(line[column]), let close = Double(line[column + 1]) else { return nil }
      let time = try #require(Instant(String(line[0])))
      return Candle(
        time: time, open: open, high: max(open, close), low: min(open, close), close: close, volume: 1_000)
    }
    let symbol = String(heads[column].prefix { $0 != "." })
    return CandleSeries(instrument: Instrument(symbol: symbol), timeframe: .day, candles: candles)
  }
}

/// A portfolio of strategies by name; keys are added to it.
func portfolio(_ strategies: String, _ keys: String = "") throws -> Portfolio {
  let text = "kind: portfolio\nname: x\nstrategies: [\(strategies)]\n\(keys)\n"
  let (declared, diagnostics) = StrategyReader(registry: bundled).declaration(file: "x.yaml", bytes: Array(text.utf8))
  try #require(diagnostics.map(\.description) == [])
  guard case .portfolio(let portfolio) = try #require(declared) else { throw NotThere() }
  return portfolio
}

/// A strategy on one symbol that says these things: bar, direction, confidence.
func sleeve(
  _ strategy: String, _ candles: CandleSeries, _ signals: [(Int, Direction, Double)],
  _ side: TradePlan.Side = .long, _ change: (inout TradePlan) -> Void = { _ in }
) -> PortfolioSleeve {
  let signals = signals.map { bar, direction, confidence in
    Signal(
      time: candles.times[bar], bar: bar, direction: direction, confidence: confidence,
      price: candles.value(.close, at: bar), reason: "")
  }
  return PortfolioSleeve(
    strategy: strategy, candles: candles,
    run: SignalRun(signals: signals, conflicts: 0, firstBuy: 0, firstSell: 0), plan: plan(side, change))
}

extension Portfolio {
  func backtest(
    _ sleeves: [PortfolioSleeve], universe: Universe? = nil, options: BacktestOptions = free()
  ) -> BacktestResult {
    Backtesting.backtest(
      self, sleeves: sleeves, universe: universe ?? Universe(symbols: sleeves.map(\.candles.instrument.symbol)),
      options: options)
  }
}

extension BacktestResult {
  /// The rows with strategy and symbol before them: `a/A 1 long 1@100-2@110 signal`.
  var namedRows: [String] { zip(trades, rows).map { "\($0.strategy ?? "")/\($0.symbol ?? "") \($1)" } }
}
