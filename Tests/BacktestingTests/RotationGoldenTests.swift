import Backtesting
import Foundation
import Pipelines
import Testing
import Trading

/// Against `Tests/Parity/rotation_golden.py`, a replay in numpy and pandas that shares nothing with this one but the
/// rules of docs/portfolios.md.
@Suite struct RotationGoldenTests {
  private struct Golden: Decodable {
    let rank, trend: Int
    let start, fee, slippage: Double
    let dated: [String: [String]]
    let cases: [Case]
  }

  struct Case: Decodable, CustomTestStringConvertible {
    let weight, rebalance: String
    let top, until_rank, lookback: Int
    let at_close: Bool
    let rows: [[Cell]]
    let equity: [Double]
    let decisions: [Decision]

    var testDescription: String { "\(weight), \(rebalance)\(at_close ? ", at the close" : "")" }
  }

  struct Decision: Decodable {
    let time: String
    let weights: [String: Double]
  }

  /// A text or a number.
  enum Cell: Decodable {
    case text(String)
    case number(Double)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try value.decode(String.self))
      }
    }

    var text: String { if case .text(let text) = self { text } else { "" } }
    var number: Double { if case .number(let number) = self { number } else { .nan } }
  }

  private static let golden = Result {
    try JSONDecoder().decode(
      Golden.self, from: Data(contentsOf: repositoryFile("Tests/Golden/rotation.json")))
  }

  @Test("a rotation does what the independent replay does", arguments: 0..<5)
  func agrees(_ place: Int) throws {
    let golden = try RotationGoldenTests.golden.get()
    let wanted = golden.cases[place]
    let lookback = wanted.weight == "equal" ? "" : "lookback: \(wanted.lookback)\n"
    let rotation = try rotation(
      "where: close > sma(close, \(golden.trend))\nhold: { top: \(wanted.top), until_rank: \(wanted.until_rank) }\n"
        + "weight: \(wanted.weight)\n\(lookback)rebalance: \(wanted.rebalance)", rank: "change(close, \(golden.rank))")
    let series = try goldenUniverse()
    let universe = Universe(
      series.map { candles in
        let dates = golden.dated[candles.instrument.symbol]
        return .init(
          symbol: candles.instrument.symbol, from: dates.flatMap { Instant($0[0]) },
          to: dates.flatMap { Instant($0[1]) })
      })
    var options = BacktestOptions()
    options.start = golden.start
    options.feeRate = golden.fee
    options.slippage = golden.slippage
    options.fill = wanted.at_close ? .close : .nextOpen
    let result = try rotation.backtest(series, universe: universe, options: options)

    let decisions = try #require(result.portfolio?.decisions)
    #expect(decisions.map(\.time.dateText) == wanted.decisions.map(\.time))
    for (own, other) in zip(decisions, wanted.decisions) {
      #expect(own.weights.map(\.symbol) == other.weights.keys.sorted())
      for weight in own.weights { #expect(agree(weight.weight, other.weights[weight.symbol] ?? .nan)) }
    }
    #expect(result.trades.count == wanted.rows.count)
    for (trade, row) in zip(result.trades, wanted.rows) {
      #expect(trade.symbol == row[0].text)
      #expect(trade.entryTime.dateText == row[1].text)
      #expect(trade.exitTime.dateText == row[2].text)
      #expect(agree(trade.quantity, row[3].number))
      #expect(agree(trade.entryPrice, row[4].number))
      #expect(agree(trade.exitPrice, row[5].number))
      #expect(abs(trade.pnl - row[6].number) < 1e-6)
      #expect(trade.exitReason.rawValue == row[7].text)
    }
    let equity = stride(from: 0, to: result.equity.count, by: 25).map { result.equity[$0] } + result.equity.suffix(1)
    #expect(equity.count == wanted.equity.count)
    for (own, other) in zip(equity, wanted.equity) { #expect(agree(own, other)) }
  }
}
