import Foundation
import Testing

@Suite struct IntervalsTests {
  private let arguments = ["backtest", "golden-cross", "--symbol", "^IXIC", "--ledger", "none"]

  private func metrics(_ more: String...) throws -> [String: Any] {
    let answer = try CommandTests.run(arguments + ["--format", "json"] + more, in: CommandTests.root)
    try #require(answer.code == 0, "\(answer.messages)")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any])
    let entry = try #require((root["strategies"] as? [[String: Any]])?.first)
    return try #require(entry["metrics"] as? [String: Any])
  }

  @Test func `intervals come only where they are asked for, and the same each time`() throws {
    #expect(try metrics()["intervals"] is NSNull)
    let first = try #require(try metrics("--intervals")["intervals"] as? NSDictionary)
    #expect(first["replications"] as? Int == 1_000)
    #expect(try metrics("--intervals")["intervals"] as? NSDictionary == first)
  }

  @Test func `a table shows no intervals, and says so`() throws {
    let answer = try CommandTests.run(arguments + ["--intervals"], in: CommandTests.root)
    #expect(answer.code == 2 && answer.messages.contains("--format json"))
  }
}
