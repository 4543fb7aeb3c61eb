import Backtesting
import Foundation
import Pipelines
import Testing
import Trading

/// Trades of vectorbt over the sample index: signals in, fills at the next open, fee 0.1 %.
struct Oracle: Decodable {
  struct Signals: Decodable { var buy, sell: [String] }
  struct Row: Decodable {
    var entryTime, exitTime: String
    var entryPrice, exitPrice, quantity, pnl: Double
    var open: Bool
  }
  var signals: Signals
  var trades: [Row]
  var finalEquity, totalReturn, maxDrawdown: Double
}

@Suite struct VectorbtTests {
  static func sample() throws -> CandleSeries {
    let text = try String(contentsOf: repositoryFile("Samples/IXIC-1d.csv"), encoding: .utf8)
    let candles = try text.split(whereSeparator: \.isNewline).dropFirst().map { line in
      let cells = line.split(separator: ",")
      let numbers = cells.dropFirst().compactMap { Double($0) }
      try #require(numbers.count == 5)
      return Candle(
        time: try #require(Instant(String(cells[0]))), open: numbers[0], high: numbers[1], low: numbers[2],
        close: numbers[3], volume: numbers[4])
    }
    return CandleSeries(instrument: Instrument(symbol: "^IXIC"), timeframe: .day, candles: candles)
  }

  static func oracle(_ strategy: String) throws -> Oracle {
    let data = try Data(contentsOf: repositoryFile("Tests/Golden/IXIC-1d.vectorbt-trades.json"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try #require(try decoder.decode([String: Oracle].self, from: data)[strategy])
  }

  /// What this program makes of the oracle's signals.
  static func result(of strategy: String) throws -> BacktestResult {
    let candles = try VectorbtTests.sample()
    let oracle = try VectorbtTests.oracle(strategy)
    let barOf = Dictionary(uniqueKeysWithValues: candles.times.enumerated().map { ($1.description, $0) })
    let calls = oracle.signals.buy.map { ($0, Direction.buy) } + oracle.signals.sell.map { ($0, Direction.sell) }
    let signals = try calls.map { time, direction in
      let bar = try #require(barOf[time])
      return Signal(
        time: candles.times[bar], bar: bar, direction: direction, confidence: 70, price: candles[bar].close,
        reason: "golden")
    }.sorted { $0.bar < $1.bar }
    let run = SignalRun(signals: signals, conflicts: 0, firstBuy: 0, firstSell: 0)

    return backtest(run, on: candles, plan: TradePlan(), strategy: strategy)
  }

  @Test(
    "trades, equity and drawdown are vectorbt's",
    arguments: ["sma_cross", "golden_cross", "rsi_reversal", "bollinger_reversion"])
  func agreesWithVectorbt(strategy: String) throws {
    let oracle = try VectorbtTests.oracle(strategy)
    let result = try VectorbtTests.result(of: strategy)

    try #require(result.trades.count == oracle.trades.count)
    for (ours, theirs) in zip(result.trades, oracle.trades) {
      #expect(ours.entryTime.description == theirs.entryTime)
      #expect(ours.exitTime.description == theirs.exitTime)
      #expect(agree(ours.entryPrice, theirs.entryPrice))
      #expect(agree(ours.exitPrice, theirs.exitPrice))
      #expect(agree(ours.quantity, theirs.quantity))
      #expect(agree(ours.pnl, theirs.pnl))
      #expect((ours.exitReason == .end) == theirs.open)
    }
    #expect(agree(result.metrics.finalEquity, oracle.finalEquity))
    #expect(agree(result.metrics.totalReturn, oracle.totalReturn))
    #expect(agree(result.metrics.maxDrawdown, oracle.maxDrawdown))
  }
}
