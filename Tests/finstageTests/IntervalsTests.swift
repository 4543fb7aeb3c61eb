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
    let plain = try metrics()
    #expect(plain["intervals"] is NSNull && plain["random_entries"] is NSNull)
    let first = try metrics("--intervals")
    let intervals = try #require(first["intervals"] as? NSDictionary)
    #expect(intervals["replications"] as? Int == 1_000)
    let random = try #require(first["random_entries"] as? NSDictionary)
    #expect(random["draws"] as? Int == 1_000 && random["positions"] as? Int == first["trades"] as? Int)
    let again = try metrics("--intervals")
    #expect(again["intervals"] as? NSDictionary == intervals && again["random_entries"] as? NSDictionary == random)
  }

  @Test func `a table shows no intervals, and says so`() throws {
    let answer = try CommandTests.run(arguments + ["--intervals"], in: CommandTests.root)
    #expect(answer.code == 2 && answer.messages.contains("--format json"))
  }
}
