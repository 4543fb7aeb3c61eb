import Foundation
import Testing

/// Costs and trade rules by the command line.
@Suite struct CostOptionTests {
  static let strategy = """
    name: s
    timeframe: 1d
    symbols: [X]
    pipeline:
      - { id: call, buy: close > 100, sell: close < 100 }
    """
  /// Bought at the open of bar 2 (104), sold at that of bar 4 (106). Ranges there are 10 and 20.
  static let prices = """
    timestamp,open,high,low,close,volume
    2024-01-01,100,100,100,100,1
    2024-01-02,100,105,99,104,1
    2024-01-03,104,110,100,108,1
    2024-01-04,108,109,90,98,1
    2024-01-05,106,116,96,110,1
    2024-01-06,110,110,110,110,1
    """

  struct Report: Decodable {
    struct Entry: Decodable { var trades: [Row] }
    struct Row: Decodable { var entry_price, exit_price, quantity, fees, pnl: Double }
    var strategies: [Entry]
  }

  static func trade(_ options: String...) throws -> Report.Row {
    var found: Report.Row?
    try CommandTests.inFolder(["s.yaml": strategy, "X.csv": prices]) { folder in
      let answer = try CommandTests.run(
        ["backtest", "s.yaml", "--data", "X=X.csv", "--format", "json", "--ledger", "none"] + options, in: folder)
      #expect(answer.code == 0, "\(answer.messages)")
      found = try JSONDecoder().decode(Report.self, from: Data(answer.output.utf8)).strategies.first?.trades.first
    }
    return try #require(found)
  }

  @Test func `fees by rate, by share and at the least`() throws {
    let free = try Self.trade("--fee", "0")
    #expect((free.entry_price, free.exit_price, free.fees) == (104, 106, 0))
    let byShare = try Self.trade("--fee", "0", "--fee-per-share", "0.5")
    #expect(abs(byShare.fees - byShare.quantity) < 1e-9)
    #expect(abs(byShare.quantity - 10_000 / 104.5) < 1e-9)
    #expect(abs(try Self.trade("--fee", "0", "--fee-minimum", "7").fees - 14) < 1e-9)
  }

  @Test func `slippage in percent, basis points and of the range`() throws {
    #expect(abs(try Self.trade("--slippage", "1%").entry_price - 105.04) < 1e-9)
    #expect(abs(try Self.trade("--slippage", "10bps").exit_price - 105.894) < 1e-9)
    let ranged = try Self.trade("--slippage-range", "10%")
    #expect((ranged.entry_price, ranged.exit_price) == (105, 104))
  }

  @Test func `what is no cost is a wrong use`() throws {
    try CommandTests.inFolder(["s.yaml": Self.strategy, "X.csv": Self.prices]) { folder in
      for wrong in [
        ["--fee-minimum", "-1"], ["--slippage", "1000%"], ["--borrow", "much"], ["--slippage-range", "2"],
      ] {
        let answer = try CommandTests.run(
          ["backtest", "s.yaml", "--data", "X=X.csv", "--ledger", "none"] + wrong,
          in: folder)
        #expect(answer.code == 2, "\(wrong)")
      }
    }
  }

  @Test func `over named files those strategies run that can`() throws {
    let pair = """
      name: pair
      timeframe: 1d
      groups: [{ a: X, b: Y }]
      pipeline:
        - { id: call, buy: a.close > b.close, sell: a.close < b.close }
      trade: { side: both, legs: { a: 1, b: -1 } }
      """
    let config = "strategies: strategies\n"
    let files = [
      "config.yaml": config, "strategies/s.yaml": Self.strategy, "strategies/pair.yaml": pair, "X.csv": Self.prices,
      "Y.csv": Self.prices.replacing("105,99,104", with: "105,99,103"),
    ]
    try CommandTests.inFolder(files) { folder in
      let all = try CommandTests.run(["backtest", "--data", "X.csv", "--ledger", "none"], in: folder)
      #expect(all.code == 0)
      #expect(all.messages.contains("pair is passed over: it reads X, Y besides"))
      let named = try CommandTests.run(["backtest", "pair", "--data", "X.csv", "--ledger", "none"], in: folder)
      #expect(named.code == 2)
      let both = try CommandTests.run(
        ["backtest", "--data", "X=X.csv", "--data", "Y=Y.csv", "--format", "json", "--ledger", "none"], in: folder)
      #expect(both.code == 0)
      #expect(both.output.contains("\"leg\" : \"b\""))
    }
  }
}
