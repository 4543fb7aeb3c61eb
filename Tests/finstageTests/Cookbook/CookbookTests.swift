import Foundation
import Testing

/// The examples of docs/cookbook.md against the signals that Tests/Cookbook/oracle.py worked out without the program.
@Suite struct CookbookTests {
  private static let folder = "Samples/cookbook"

  private static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: CommandTests.root.appending(path: folder).path())) ?? [])
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: CommandTests.root.appending(path: path), encoding: .utf8)
  }

  /// Rows of an example's file: symbol, time, direction, by whom.
  private static func rows(_ name: String) throws -> [[String]] {
    try text("Tests/Cookbook/\(name).csv").split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",").map(String.init) }
  }

  @Test func `there is a file of signals for each example, and an example for each file`() throws {
    let cases = try FileManager.default.contentsOfDirectory(
      atPath: CommandTests.root.appending(path: "Tests/Cookbook").path()
    ).filter { $0.hasSuffix(".csv") }.map { String($0.dropLast(4)) }
    #expect(Self.names.count == 10 && cases.sorted() == Self.names)
  }

  @Test(arguments: ["IXIC", "GSPC"])
  func `each example gives the signals that were worked out by hand, and no other`(_ index: String) throws {
    let answer = try CommandTests.finstage(
      "backtest", Self.folder, "--data", "Samples/\(index)-1d.csv", "--ledger", "none", "--format", "json")
    #expect(answer.code == 0, "\(answer.messages)")
    let json = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
    let found = try #require(json?["strategies"] as? [[String: Any]])
    #expect(Set(found.compactMap { $0["name"] as? String }) == Set(Self.names))
    for one in found {
      let name = try #require(one["name"] as? String)
      let given = try #require(one["signals"] as? [[String: Any]]).map {
        "\($0["time"] ?? "") \($0["direction"] ?? "")"
      }
      let wanted = try Self.rows(name).filter { $0[0] == "^\(index)" && $0[3] != "original" }.map {
        "\($0[1]) \($0[2])"
      }
      #expect(given == wanted, "\(name): \(Set(given).symmetricDifference(wanted).sorted().prefix(5))")
      #expect(wanted.count > 20)
    }
  }

  @Test func `the examples are sound, pass their own tests and read nothing of the future`() throws {
    let paths = Self.names.map { "\(Self.folder)/\($0).yaml" }
    let validated = try CommandTests.run(["validate"] + paths, in: CommandTests.root)
    #expect(validated.code == 0 && validated.output.contains("0 warnings"), "\(validated.output)")
    let tested = try CommandTests.run(["test"] + paths, in: CommandTests.root)
    #expect(tested.code == 0 && tested.output.contains("0 failed"), "\(tested.output)")
    let verified = try CommandTests.run(["verify"] + paths + ["--data", "Samples/IXIC-1d.csv"], in: CommandTests.root)
    #expect(verified.code == 0, "\(verified.output)\(verified.messages)")
  }

  @Test func `the page shows the files as they are, and counts as they were counted`() throws {
    let page = try Self.text("docs/cookbook.md")
    for name in Self.names {
      let file = try Self.text("\(Self.folder)/\(name).yaml")
      let body = file.split(separator: "\n", maxSplits: 1)[1]
      #expect(page.contains("```yaml\n\(body)```"), "\(name)")
      let rows = try Self.rows(name)
      let counts = ["both", "ours", "original"].map { by in "\(rows.count { $0[3] == by })" }
      let line = page.split(separator: "\n").first { $0.hasPrefix("| [\(name)]") }
      let shown = line?.split(separator: "|").dropFirst().map { $0.filter { $0 != " " } }
      #expect(shown == counts, "\(name): \(line ?? "")")
    }
  }
}
