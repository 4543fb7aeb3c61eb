import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// `finstage sweep` as a user runs it, over the sample prices.
@Suite struct SweepCommandTests {
  private static let prices = CommandTests.root.appending(path: "Samples/IXIC-1d.csv").path()
  private static let others = CommandTests.root.appending(path: "Samples/GSPC-1d.csv").path()
  private static let files = [
    "cross.yaml": """
    name: cross
    timeframe: 1d
    symbols: [A, B]
    params:
      n: { default: 20, range: 5..60 }
    pipeline:
      - { id: a, module: ma_cross, with: { fast: 5, slow: n } }
    """,
    "none.yaml": """
    name: none
    timeframe: 1d
    symbols: [A]
    params:
      n: { default: 20 }
    pipeline:
      - { id: never, buy: close > 1000000 * n, sell: close < 0 }
    """,
  ]

  private func sweep(_ arguments: String..., in folder: URL) throws -> CommandTests.Answer {
    try CommandTests.run(["sweep", "cross.yaml", "--data", SweepCommandTests.prices] + arguments, in: folder)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `the JSON counts after the condition and stands best first`() throws {
    try CommandTests.inFolder(SweepCommandTests.files) { folder in
      let answer = try sweep(
        "--set", "a.fast=5..20:5", "--set", "a.slow=10..40:10", "--where", "a.fast < a.slow", "--format", "json",
        in: folder)
      #expect(answer.code == 0)
      // 5 before all four, 10 before three, 15 before three, 20 before two.
      let json = try object(answer.output)
      #expect(json["combinations"] as? Int == 12)
      let results = try #require(json["results"] as? [[String: [String: Any]]])
      #expect(results.count == 12)
      let sharpes = results.compactMap { $0["metrics"]?["sharpe"] as? Double }
      #expect(sharpes.count == 12 && sharpes == sharpes.sorted(by: >))
      // The first one is what a backtest of its values gives.
      let fast = try #require(results[0]["params"]?["a.fast"] as? Int)
      let slow = try #require(results[0]["params"]?["a.slow"] as? Int)
      let file = (SweepCommandTests.files["cross.yaml"] ?? "").replacing(
        "fast: 5, slow: n", with: "fast: \(fast), slow: \(slow)")
      try file.write(to: folder.appending(path: "cross.yaml"), atomically: true, encoding: .utf8)
      let backtest = try CommandTests.run(
        ["backtest", "cross.yaml", "--data", SweepCommandTests.prices, "--format", "json", "--ledger", "none"],
        in: folder)
      let strategies = try #require(try object(backtest.output)["strategies"] as? [[String: Any]])
      let metrics = try #require(strategies[0]["metrics"] as? [String: Any])
      for name in ["sharpe", "total_return", "max_drawdown", "trades", "profit_factor", "exposure"] {
        let wanted = try #require(metrics[name] as? Double)
        let found = try #require(results[0]["metrics"]?[name] as? Double)
        #expect(abs(found - wanted) <= 1e-9 * abs(wanted), "\(name)")
      }
    }
  }

  @Test func `values that do not go together are left out, counted and said`() throws {
    try CommandTests.inFolder(SweepCommandTests.files) { folder in
      let answer = try sweep("--set", "a.fast=10,20,30", "--set", "n=10..30:10", "--format", "json", in: folder)
      let json = try object(answer.output)
      #expect(json["combinations"] as? Int == 9)
      #expect(json["refused"] as? Int == 6)
      #expect((json["results"] as? [Any])?.count == 3)
      #expect(answer.messages.contains("6 of 9 combinations cannot be run"))
      #expect(answer.messages.contains("fast 10 must be below slow 10"))
      let none = try sweep("--set", "a.fast=30..40", "--set", "n=10", in: folder)
      #expect(none.code == 2)
      #expect(none.messages.contains("none of the 11 combinations can be run"))
    }
  }

  @Test func `a grid that is too large is refused before anything is read`() throws {
    try CommandTests.inFolder(SweepCommandTests.files) { folder in
      let answer = try CommandTests.finstage(
        "sweep", "cross.yaml", "--data", "missing.csv", "--set", "a.fast=2..400", "--set", "a.slow=2..400", in: folder)
      #expect(answer.code == 2)
      #expect(answer.messages.contains("159201 combinations, more than 100000"))
      #expect(answer.messages.contains("--max-combinations 159201"))
      let told = try sweep("--set", "a.fast=2..3", "--set", "a.slow=10..11", "--max-combinations", "3", in: folder)
      #expect(told.code == 2 && told.messages.contains("4 combinations, more than 3"))
    }
  }

  @Test func `a portfolio has no signals of its own and is refused in words`() throws {
    let answer = try CommandTests.finstage("sweep", "three-trends", "--set", "n=1..3", "--ledger", "none")
    #expect(answer.code == 2)
    #expect(answer.messages.contains("no single strategy, which a sweep takes"))
  }

  @Test func `a misspelt metric, search or walk is said`() throws {
    try CommandTests.inFolder(SweepCommandTests.files) { folder in
      for (arguments, message) in [
        (["--rank", "sharp"], "did you mean \"sharpe\"?"), (["--walk-forward", "rolling"], "--train 5y --test 1y"),
        (["--walk-forward", "round", "--train", "1y", "--test", "1y"], "rolling or anchored"),
        (["--train", "5y"], "belongs to --walk-forward"), (["--split", "120%"], "between 0% and 100%"),
        (["--walk-forward", "rolling", "--train", "5y", "--test", "1y", "--step", "6mo"], "tested twice"),
        (["--walk-forward", "rolling", "--train", "50y", "--test", "1y"], "leaves nothing to test"),
        (["--jobs", "0"], "--jobs"), (["--top", "0"], "--top"),
        (["--rank", "deflated_sharpe", "--split", "70%"], "sharpe"),
      ] {
        let answer = try CommandTests.run(
          ["sweep", "cross.yaml", "--data", SweepCommandTests.prices, "--set", "a.fast=2..4"] + arguments, in: folder)
        #expect(answer.code == 2, "\(arguments)")
        #expect(answer.messages.contains(message), "\(arguments): \(answer.messages)")
        #expect(answer.output.isEmpty)
      }
    }
  }

  @Test func `undefined figures are null and stand last, and no NaN is written`() throws {
    try CommandTests.inFolder(SweepCommandTests.files) { folder in
      let answer = try CommandTests.run(
        ["sweep", "none.yaml", "--data", SweepCommandTests.prices, "--set", "n=1..3", "--format", "json"], in: folder)
      #expect(answer.code == 0)
      #expect(!answer.output.contains("nan") && !answer.output.contains("inf"))
      let results = try #require(try object(answer.output)["results"] as? [[String: [String: Any]]])
      #expect(results.map { $0["params"]?["n"] as? Int } == [1, 2, 3])
      #expect(results.allSatisfy { $0["metrics"]?["sharpe"] is NSNull })
      let csv = try CommandTests.run(
        ["sweep", "none.yaml", "--data", SweepCommandTests.prices, "--set", "n=1..3", "--format", "csv"], in: folder)
      let lines = csv.output.split(separator: "\n")
      #expect(lines.count == 4)
      #expect(lines[0].hasPrefix("n,final_equity,total_return,"))
      #expect(lines[1].hasPrefix("1,10000,0,0,"))
      #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1)
    }
  }

  @Test func `a random search is the same for the same seed`() throws {
    try CommandTests.inFolder(SweepCommandTests.files) { folder in
      func run(_ seed: String) throws -> CommandTests.Answer {
        try sweep(
          "--set", "a.fast=2..30", "--set", "a.slow=31..90", "--search", "random", "--samples", "8", "--seed", seed,
          "--format", "csv", in: folder)
      }
      let first = try run("5")
      #expect(first.code == 0 && first.output.split(separator: "\n").count == 9)
      #expect(try run("5").output == first.output)
      #expect(try run("6").output != first.output)
    }
  }

  @Test func `over several symbols each has its rows and the median ranks`() throws {
    try CommandTests.inFolder(SweepCommandTests.files) { folder in
      let arguments = [
        "sweep", "cross.yaml", "--data", "A=\(SweepCommandTests.prices)", "--data", "B=\(SweepCommandTests.others)",
        "--set", "a.fast=5,10", "--set", "a.slow=30,60",
      ]
      let json = try object(try CommandTests.run(arguments + ["--format", "json"], in: folder).output)
      for result in try #require(json["results"] as? [[String: Any]]) {
        let symbols = try #require(result["symbols"] as? [[String: Any]])
        #expect(symbols.map { $0["symbol"] as? String } == ["A", "B"])
        let each = symbols.compactMap { ($0["metrics"] as? [String: Any])?["sharpe"] as? Double }
        let median = try #require((result["metrics"] as? [String: Any])?["sharpe"] as? Double)
        #expect(abs(median - (each[0] + each[1]) / 2) < 1e-12)
      }
      let csv = try CommandTests.run(arguments + ["--format", "csv"], in: folder).output.split(separator: "\n")
      #expect(csv.count == 9)
      #expect(csv[0].hasPrefix("a.fast,a.slow,symbol,"))
    }
  }

  @Test func `a split ranks on the first part and shows the second`() throws {
    try CommandTests.inFolder(SweepCommandTests.files) { folder in
      let arguments = ["--set", "a.fast=5,10,15", "--set", "a.slow=30,60"]
      let both = try CommandTests.run(
        ["sweep", "cross.yaml", "--data", SweepCommandTests.prices] + arguments + [
          "--split", "60%", "--format", "json",
        ],
        in: folder)
      let json = try object(both.output)
      let split = try #require(json["split"] as? [String: Any])
      let first = try #require(split["in_sample"] as? [String: String])
      let second = try #require(split["out_of_sample"] as? [String: String])
      for (dates, part) in [(first, "in_sample"), (second, "out_of_sample")] {
        let alone = try CommandTests.run(
          ["sweep", "cross.yaml", "--data", SweepCommandTests.prices] + arguments
            + ["--from", dates["from"] ?? "", "--to", dates["to"] ?? "", "--format", "json"], in: folder)
        let wanted = try #require(try object(alone.output)["results"] as? [[String: [String: Any]]])
        let found = try #require(json["results"] as? [[String: [String: Any]]])
        for row in found {
          let other = wanted.first {
            $0["params"]?["a.fast"] as? Int == row["params"]?["a.fast"] as? Int
              && $0["params"]?["a.slow"] as? Int == row["params"]?["a.slow"] as? Int
          }
          #expect(row[part]?["total_return"] as? Double == other?["metrics"]?["total_return"] as? Double)
        }
        if part == "in_sample" {
          #expect(found.map { $0[part]?["sharpe"] as? Double } == wanted.map { $0["metrics"]?["sharpe"] as? Double })
        }
      }
    }
  }

  @Test func `a walk is the loop by hand over backtests from one date to another`() throws {
    try CommandTests.inFolder(SweepCommandTests.files) { folder in
      let walk = try sweep(
        "--set", "a.fast=5,15", "--set", "a.slow=40,80", "--walk-forward", "anchored", "--train", "10y", "--test", "5y",
        "--format", "json", in: folder)
      let json = try object(walk.output)
      let windows = try #require(json["windows"] as? [[String: Any]])
      #expect(windows.count == 2)
      var growth = 1.0
      for window in windows {
        let train = try #require(window["train"] as? [String: String])
        let test = try #require(window["test"] as? [String: String])
        var best: (fast: Int, slow: Int, sharpe: Double)?
        for fast in [5, 15] {
          for slow in [40, 80] {
            let metrics = try backtest(fast, slow, train, in: folder)
            guard let sharpe = metrics["sharpe"] as? Double else { continue }
            if best.map({ sharpe > $0.sharpe }) ?? true { best = (fast, slow, sharpe) }
          }
        }
        let chosen = try #require(best)
        let params = try #require(window["params"] as? [String: Int])
        #expect(params == ["a.fast": chosen.fast, "a.slow": chosen.slow])
        growth *=
          1 + (try #require(try backtest(chosen.fast, chosen.slow, test, in: folder)["total_return"] as? Double))
      }
      let total = try #require((json["metrics"] as? [String: Any])?["total_return"] as? Double)
      #expect(abs(total - (growth - 1)) < 1e-9)
    }
  }

  private func backtest(_ fast: Int, _ slow: Int, _ dates: [String: String], in folder: URL) throws -> [String: Any] {
    let name = "hand"
    let file = (SweepCommandTests.files["cross.yaml"] ?? "").replacing("name: cross", with: "name: hand")
      .replacing("fast: 5, slow: n", with: "fast: \(fast), slow: \(slow)")
    try file.write(to: folder.appending(path: "\(name).yaml"), atomically: true, encoding: .utf8)
    let answer = try CommandTests.run(
      [
        "backtest", "\(name).yaml", "--data", SweepCommandTests.prices, "--from", dates["from"] ?? "", "--to",
        dates["to"] ?? "", "--format", "json", "--ledger", "none",
      ], in: folder)
    let strategies = try #require(try object(answer.output)["strategies"] as? [[String: Any]])
    return try #require(strategies[0]["metrics"] as? [String: Any])
  }
}
