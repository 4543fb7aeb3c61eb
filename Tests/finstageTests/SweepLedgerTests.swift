import Foundation
import Testing

/// What a sweep leaves in the trial ledger.
@Suite struct SweepLedgerTests {
  private static let strategy = """
    name: cross
    timeframe: 1d
    symbols: [A]
    pipeline:
      - { id: a, module: ma_cross, with: { fast: 5, slow: 20 } }
    """
  private static let prices = "A=" + CommandTests.root.appending(path: "Samples/IXIC-1d.csv").path()

  private func run(_ command: String, _ arguments: String..., in folder: URL) throws -> [String: Any] {
    let answer = try CommandTests.run(
      [command, "cross.yaml", "--data", SweepLedgerTests.prices, "--format", "json"] + arguments, in: folder)
    #expect(answer.code == 0, "\(answer.messages)")
    return try #require(try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
  }

  /// Rows of the ledger.
  private func rows(_ folder: URL) throws -> [[String: Any]] {
    let answer = try CommandTests.run(["ledger", "list", "--ledger", "t.jsonl", "--format", "json"], in: folder)
    let json = try JSONSerialization.jsonObject(with: Data(answer.output.utf8))
    return try #require((json as? [String: Any])?["trials"] as? [[String: Any]] ?? json as? [[String: Any]])
  }

  private func trials(_ json: [String: Any]) throws -> [String: Any] {
    try #require((json["trials"] as? [[String: Any]])?.first)
  }

  @Test func `every combination is one row, however often and by whichever command it is run`() throws {
    try CommandTests.inFolder(["cross.yaml": SweepLedgerTests.strategy]) { folder in
      let axes = ["--set", "a.fast=5,10,15", "--set", "a.slow=20,40"]
      let first = try run("sweep", "--ledger", "t.jsonl", axes[0], axes[1], axes[2], axes[3], in: folder)
      #expect(try trials(first)["source"] as? String == "ledger")
      #expect(try trials(first)["raw"] as? Int == 6)
      #expect(try trials(first)["ledger"] as? String == "t.jsonl")
      let bytes = try Data(contentsOf: folder.appending(path: "t.jsonl"))
      let again = try run("sweep", "--ledger", "t.jsonl", axes[0], axes[1], axes[2], axes[3], in: folder)
      #expect(again as NSDictionary == first as NSDictionary)
      #expect(try Data(contentsOf: folder.appending(path: "t.jsonl")) == bytes)
      // Fast 5 and slow 20 are the file's own values: its backtest is that combination, and was tried already.
      let backtest = try run("backtest", "--ledger", "t.jsonl", in: folder)
      let entry = try #require((backtest["strategies"] as? [[String: Any]])?.first)
      #expect((entry["trials"] as? [String: Any])?["raw"] as? Int == 6)
      let results = try #require(first["results"] as? [[String: [String: Any]]])
      let own = results.first { $0["params"]?["a.fast"] as? Int == 5 && $0["params"]?["a.slow"] as? Int == 20 }
      let deflated = try #require((entry["metrics"] as? [String: Any])?["deflated_sharpe"] as? Double)
      #expect(abs(deflated - (try #require(own?["metrics"]?["deflated_sharpe"] as? Double))) < 1e-9)
      #expect(try rows(folder).count == 6)
    }
  }

  @Test func `what was tried before counts, and --ledger none counts the sweep alone`() throws {
    try CommandTests.inFolder(["cross.yaml": SweepLedgerTests.strategy]) { folder in
      _ = try run("sweep", "--ledger", "t.jsonl", "--set", "a.fast=3..9", in: folder)
      let second = try run("sweep", "--ledger", "t.jsonl", "--set", "a.fast=10..12", in: folder)
      #expect(try trials(second)["raw"] as? Int == 10)
      let alone = try run("sweep", "--ledger", "none", "--set", "a.fast=10..12", in: folder)
      #expect(try trials(alone)["raw"] as? Int == 3)
      #expect(try trials(alone)["source"] as? String == "sweep")
      #expect(try trials(alone)["ledger"] is NSNull)
    }
  }

  @Test func `halving, a walk and a split record every combination once`() throws {
    for more in [
      ["--search", "halving"], ["--walk-forward", "rolling", "--train", "8y", "--test", "4y"], ["--split", "70%"],
    ] {
      try CommandTests.inFolder(["cross.yaml": SweepLedgerTests.strategy]) { folder in
        let answer = try CommandTests.run(
          ["sweep", "cross.yaml", "--data", SweepLedgerTests.prices, "--ledger", "t.jsonl", "--set", "a.fast=3..11"]
            + more, in: folder)
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(try rows(folder).count == 9, "\(more)")
      }
    }
  }
}
