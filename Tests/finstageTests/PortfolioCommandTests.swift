import Foundation
import Testing

/// Rotations and portfolios as a user runs them.
@Suite struct PortfolioCommandTests {
  private static let rotation = """
    kind: rotation
    name: turns
    timeframe: 1d
    universe: ["@pair"]
    rank: change(close, 3)
    hold: { top: 1 }
    rebalance: 1w
    """

  private static let portfolio = """
    kind: portfolio
    name: book
    strategies: [up]
    symbols: ["@pair"]
    max_positions: 1
    """

  /// Daily prices from Monday 2024-01-01 on.
  private static func prices(_ close: (Int) -> Double, hours: Bool = false) -> String {
    "timestamp,open,high,low,close,volume\n"
      + (0..<31).map { day in
        let price = close(day)
        let time =
          hours ? "2024-01-01T\(day < 10 ? "0" : "")\(day % 24):00:00" : "2024-01-\(day < 9 ? "0" : "")\(day + 1)"
        return "\(time),\(price),\(price),\(price),\(price),100\n"
      }.prefix(hours ? 24 : 31).joined()
  }

  private static var files: [String: String] {
    [
      "config.yaml": """
      watchlists: { pair: [A, { symbol: B, from: 2024-01-20 }] }
      sources: { files: { type: csv, path: "prices/*.csv" } }
      collect: [{ source: files, symbols: ["@pair"], timeframe: 1d }]
      """,
      "strategies/turns.yaml": rotation, "strategies/book.yaml": portfolio,
      "strategies/up.yaml": CommandTests.strategy("up").replacingOccurrences(of: "[X]", with: "[A]"),
      "prices/A.csv": prices { 100 + Double($0) }, "prices/B.csv": prices { 100 + 2 * Double($0 % 12) },
      "hourly.csv": prices({ 100 + Double($0) }, hours: true),
    ]
  }

  private static func entries(_ answer: CommandTests.Answer) throws -> [[String: Any]] {
    let json = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
    return try #require(json?["strategies"] as? [[String: Any]])
  }

  @Test func `a rotation is one entry whose trades bear their symbols`() throws {
    try CommandTests.inFolder(Self.files) { folder in
      let answer = try CommandTests.finstage("backtest", "turns", "--format", "json", in: folder)
      #expect(answer.code == 0, "\(answer.messages)")
      let entry = try #require(try Self.entries(answer).first)
      #expect(entry["symbol"] as? String == "turns")
      let trades = try #require(entry["trades"] as? [[String: Any]])
      #expect(!trades.isEmpty && trades.allSatisfy { $0["symbol"] is String })
      let book = try #require(entry["portfolio"] as? [String: Any])
      #expect((book["members"] as? [[String: Any]])?.map { $0["symbol"] as? String } == ["A", "B"])
      // B belongs to the list from the 20th on: until then it is not chosen, rise as it may.
      let decisions = try #require(book["decisions"] as? [[String: Any]])
      for decision in decisions {
        let time = try #require(decision["time"] as? String)
        let weights = try #require(decision["weights"] as? [String: Any])
        if time < "2024-01-20" { #expect(weights["B"] == nil) }
      }
      #expect(decisions.contains { ($0["weights"] as? [String: Any])?["B"] != nil })
      #expect((entry["notes"] as? [String])?.contains { $0.contains("survivorship") } == false)
    }
  }

  @Test func `a portfolio runs its strategies, and neither table nor page fails`() throws {
    try CommandTests.inFolder(Self.files) { folder in
      let answer = try CommandTests.finstage("backtest", "book", "--html", "r.html", in: folder)
      #expect(answer.code == 0, "\(answer.messages)")
      #expect(answer.output.contains("correlation") && answer.output.contains("contribution"))
      let page = try String(contentsOf: folder.appending(path: "r.html"), encoding: .utf8)
      #expect(page.contains("What each strategy brought") && page.contains("(correlation)"))
      let json = try Self.entries(try CommandTests.finstage("backtest", "book", "--format", "json", in: folder))
      let trades = try #require(json.first?["trades"] as? [[String: Any]])
      #expect(!trades.isEmpty && trades.allSatisfy { $0["strategy"] as? String == "up" })
    }
  }

  @Test func `the order of the files named changes no byte`() throws {
    try CommandTests.inFolder(Self.files) { folder in
      func output(_ files: String...) throws -> String {
        try CommandTests.run(
          ["backtest", "turns", "book", "--format", "json"] + files.flatMap { ["--data", $0] }, in: folder
        ).output
      }
      let one = try output("A=prices/A.csv", "B=prices/B.csv")
      #expect(one.contains("\"portfolio\""))
      #expect(try output("B=prices/B.csv", "A=prices/A.csv") == one)
    }
  }

  @Test func `files of symbols that a rotation does not name are tried all the same`() throws {
    try CommandTests.inFolder(Self.files) { folder in
      let answer = try CommandTests.finstage(
        "backtest", "turns", "--data", "C=prices/A.csv", "--data", "D=prices/B.csv", "--format", "json", in: folder)
      let book = try #require(try Self.entries(answer).first?["portfolio"] as? [String: Any])
      #expect((book["members"] as? [[String: Any]])?.map { $0["symbol"] as? String } == ["C", "D"])
      #expect(answer.output.contains("today's members: survivorship"))
    }
  }

  @Test func `what cannot run says why`() throws {
    var files = Self.files
    files["strategies/self.yaml"] = "kind: portfolio\nname: self\nstrategies: [self]\n"
    files["strategies/lost.yaml"] = "kind: portfolio\nname: lost\nstrategies: [upp]\n"
    try CommandTests.inFolder(files) { folder in
      let cases: [(arguments: [String], code: Int32, word: String)] = [
        (["backtest", "turns", "--data", "prices/A.csv"], 2, "--data SYMBOL=prices/A.csv"),
        (["backtest", "turns", "--symbol", "A"], 2, "all its symbols"),
        (["verify", "turns"], 2, "backtest"), (["sweep", "turns", "--set", "n=1..2"], 2, "no single strategy"),
        (["explain", "turns", "--at", "2024-01-20"], 2, "backtest"),
        (["backtest", "turns", "--data", "A=prices/A.csv", "--data", "B=hourly.csv"], 3, "share one timeframe"),
        (["backtest", "self"], 3, "made of itself"), (["backtest", "lost"], 3, "did you mean \"up\""),
        (["validate"], 1, "made of itself"),
      ]
      for (arguments, code, word) in cases {
        let answer = try CommandTests.run(arguments, in: folder)
        #expect(answer.code == code, "\(arguments): \(answer.messages)")
        #expect((answer.messages + answer.output).contains(word), "\(arguments): \(answer.messages)")
      }
    }
  }

  @Test func `among strategies, a rotation is passed over where it cannot run, and named`() throws {
    try CommandTests.inFolder(Self.files) { folder in
      let answer = try CommandTests.finstage("backtest", "--data", "prices/A.csv", "--format", "json", in: folder)
      #expect(answer.code == 0)
      #expect(try Self.entries(answer).map { $0["name"] as? String } == ["up"])
      #expect(answer.messages.contains("turns, a rotation, is passed over"))
      #expect(try CommandTests.finstage("test", in: folder).code == 0)
    }
  }

  @Test func `a member without prices is left out and named`() throws {
    var files = Self.files
    files["prices/B.csv"] = nil
    try CommandTests.inFolder(files) { folder in
      let answer = try CommandTests.finstage("backtest", "turns", "--format", "json", in: folder)
      #expect(answer.code == 4)
      #expect(answer.output.contains("Left out, for want of prices: B."))
    }
  }
}
