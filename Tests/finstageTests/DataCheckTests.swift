import Foundation
import Testing

/// `finstage data check` as a user runs it.
@Suite struct DataCheckTests {
  /// Twenty weekdays, of which the close of one is a hundredth of what it should be.
  static let inPence: String = {
    var text = "date,open,high,low,close,volume\n"
    for day in 1...28 where (day + 2) % 7 < 5 {
      let base = 100 + Double(day * 5 % 9)
      let close = day == 15 ? base / 100 : base
      text += "2024-02-\(day < 10 ? "0" : "")\(day),\(base),\(base + 1),\(min(base - 1, close)),\(close),\(900 + day)\n"
    }
    return text
  }()

  @Test func aFindingOfSeverityErrorEndsWithOne() throws {
    try CommandTests.inFolder(["p.csv": Self.inPence]) { folder in
      let answer = try CommandTests.finstage("data", "check", "--data", "p.csv", "--format", "json", in: folder)
      #expect(answer.code == 1)
      let whole = try #require(
        try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: [[String: Any]]])
      let finding = try #require(whole["findings"]?.first { $0["severity"] as? String == "error" })
      #expect(finding["kind"] as? String == "unit_100x")
      #expect(finding["file"] as? String == "p.csv")
      #expect(finding["repair"] as? String == "multiply by 100")
    }
  }

  @Test func aRepairIsACopyAndARecordAndLeavesTheFile() throws {
    try CommandTests.inFolder(["p.csv": Self.inPence]) { folder in
      let answer = try CommandTests.finstage("data", "check", "--data", "p.csv", "--repair", in: folder)
      #expect(answer.code == 0, "nothing wrong is left: \(answer.messages)")
      #expect(try String(contentsOf: folder.appending(path: "p.csv"), encoding: .utf8) == Self.inPence)
      let record = try String(contentsOf: folder.appending(path: "p.repairs.csv"), encoding: .utf8)
      #expect(record.contains(",unit_100x,"))
      let again = try CommandTests.finstage("data", "check", "--data", "p.repaired.csv", in: folder)
      #expect(again.code == 0)
    }
  }

  @Test func theConfigurationSaysWhatIsMendedAndLookedFor() throws {
    let files = [
      "p.csv": Self.inPence, "none.yaml": "quality: { repair: [] }\n", "off.yaml": "quality: { off: [unit_100x] }\n",
      "bad.yaml": "quality: { repair: [unit_100] }\n",
    ]
    try CommandTests.inFolder(files) { folder in
      func check(_ config: String) throws -> CommandTests.Answer {
        try CommandTests.finstage("data", "check", "--config", config, "--repair", "--data", "p.csv", in: folder)
      }
      #expect(try check("none.yaml").code == 1)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "p.repaired.csv").path()))
      #expect(try !check("off.yaml").output.contains("unit_100x"))
      let bad = try check("bad.yaml")
      #expect(bad.code == 3)
      #expect(bad.messages.contains("did you mean \"unit_100x\"?"))
    }
  }

  @Test func aFileThatCannotBeUsedIsThreeAloneAndFourAmongOthers() throws {
    let files = ["bad.csv": "date,open,high,low,close\n2024-01-02,1,1,x,1\n"]
    try CommandTests.inFolder(files) { folder in
      #expect(try CommandTests.finstage("data", "check", "--data", "bad.csv", in: folder).code == 3)
      #expect(try CommandTests.finstage("data", "check", "--data", "gone.csv", in: folder).code == 2)
    }
    let bad = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
    try "date,open,high,low,close\n2024-01-02,1,1,x,1\n".write(to: bad, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: bad) }
    let both = try CommandTests.finstage("data", "check", "--data", bad.path(), "Samples/GSPC-1d.csv")
    #expect(both.code == 4)
    #expect(both.output.contains("nothing found"))
  }

  @Test func theSamplesMatchTheCalendarOfNewYork() throws {
    let answer = try CommandTests.finstage("data", "check")  // exchange: XNYS under collect:
    #expect(answer.code == 0)
    #expect(!answer.output.contains("gap"))
    let unknown = try CommandTests.finstage("data", "check", "--exchange", "XNYZ", "--data", "Samples/GSPC-1d.csv")
    #expect(unknown.code == 2)
    #expect(unknown.messages.contains("XNYS"))
  }
}
