import Foundation
import Testing

/// Twenty-four usual rules, as YAML and as an expert writes them with pandas and TA-Lib, over the sample index: the same
/// number of signals, and the same success rate, mean return and mean / deviation after 1, 5 and 20 bars.
@Suite struct Signals24Tests {
  @Test func theRulesSpeakWhenTheirOraclesDo() throws {
    let answer = try CommandTests.finstage(
      "backtest", "Benchmarks/signals24", "--data", "Samples/IXIC-1d.csv", "--ledger", "none", "--format", "json",
      "--horizons",
      "1b,5b,20b")
    #expect(answer.code == 0)
    let json = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
    let entries = try #require(json?["strategies"] as? [[String: Any]])
    let outcomes = try Dictionary(
      uniqueKeysWithValues: entries.map { entry in
        (
          try #require(entry["name"] as? String),
          try #require(entry["outcomes"] as? [String: [String: Any]])
        )
      })

    let golden = CommandTests.root.appending(path: "Tests/Golden/IXIC-1d.signals24.csv")
    let rows = try String(contentsOf: golden, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
    try #require(rows.count == 72)
    #expect(outcomes.count == 24)
    for row in rows {
      let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let name = cells[0].replacingOccurrences(of: "_", with: "-")
      let outcome = try #require(outcomes[name]?["\(cells[1])b"])
      #expect(outcome["count"] as? Int == Int(cells[2]), "\(name) after \(cells[1])")
      for (key, cell) in zip(["success_rate", "mean_return", "sharpe"], cells[3...]) {
        let ours = try #require(outcome[key] as? Double)
        let theirs = try #require(Double(cell))
        #expect(abs(ours - theirs) <= 1e-9 * abs(theirs), "\(name) after \(cells[1]): \(key)")
      }
    }
  }
}
