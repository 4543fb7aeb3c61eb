import Foundation
import Testing

@Suite struct SelftestNullTests {
  static let strategies = ["--strategies", "golden-cross", "rsi-bounce", "macd-cross"]

  /// The last years of a sample: enough bars for a planted edge, few enough for a test.
  static func inFolder(_ body: (URL) throws -> Void) throws {
    let text = try String(contentsOf: CommandTests.root.appending(path: "Samples/GSPC-1d.csv"), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    let prices = ([lines[0]] + lines.suffix(700)).joined(separator: "\n") + "\n"
    try CommandTests.inFolder(["prices.csv": prices], body)
  }

  static func null(_ folder: URL, _ arguments: String...) throws -> CommandTests.Answer {
    try CommandTests.run(
      ["selftest", "null", "--data", folder.appending(path: "prices.csv").path()] + strategies + arguments,
      in: CommandTests.root)
  }

  @Test func `a planted edge is found, and the seed alone decides`() throws {
    try SelftestNullTests.inFolder { folder in
      let answer = try SelftestNullTests.null(folder, "--runs", "4", "--planted", "3", "--replications", "99")
      #expect(answer.code == 0, "\(answer.messages)")
      #expect(answer.output.contains("planted edge found in 3 of 3 histories"))
      #expect(answer.output.contains("Romano-Wolf") && answer.output.contains("Hansen"))
      let again = try SelftestNullTests.null(folder, "--runs", "4", "--planted", "3", "--replications", "99")
      #expect(again.output == answer.output)
    }
  }

  // The smallest p-value of 19 replications is 1 in 20, above the level: nothing can ever be rejected.
  @Test func `a test that cannot reject fails`() throws {
    try SelftestNullTests.inFolder { folder in
      let answer = try SelftestNullTests.null(
        folder, "--runs", "2", "--planted", "2", "--replications", "19", "--level", "1%")
      #expect(answer.code == 1)
      #expect(answer.output.contains("planted edge found in 0 of 2 histories: TOO FEW"))
      #expect(answer.output.contains("FAIL: the tests do not find skill."))
    }
  }

  @Test(arguments: [
    (["--level", "0%"], "--level is a share"), (["--runs", "0"], "--runs is 1 to"), (["--null", "x"], "--null is"),
    (["--block", "0.5"], "--block is"), (["--data", "nowhere.csv"], "nowhere.csv"),
  ]) func `wrong usage says what is admitted`(arguments: [String], message: String) throws {
    let answer = try CommandTests.run(["selftest", "null"] + arguments, in: CommandTests.root)
    #expect(answer.code == 2)
    #expect(answer.messages.contains(message), "\(answer.messages)")
  }

  @Test func `too few bars are said to be too few`() throws {
    try CommandTests.inFolder([
      "short.csv": "timestamp,open,high,low,close,volume\n2024-01-02,1,1,1,1,1\n2024-01-03,1,1,1,1,1\n"
    ]) { folder in
      let answer = try CommandTests.run(
        ["selftest", "null", "--data", folder.appending(path: "short.csv").path()] + SelftestNullTests.strategies,
        in: CommandTests.root)
      #expect(answer.code == 3)
      #expect(answer.messages.contains("short: too few bars"), "\(answer.messages)")
    }
  }
}
