import Foundation
import Testing

/// The commands of a first day: init, new, test, explain, describe.
@Suite struct FirstStepsTests {
  @Test func aFirstFolderValidatesAndItsTestsHold() throws {
    try CommandTests.inFolder([:]) { folder in
      #expect(try CommandTests.finstage("init", "mine", in: folder).code == 0)
      let mine = folder.appending(path: "mine")
      let sound = try CommandTests.finstage("validate", in: mine)
      #expect(sound.output == "2 files: 0 errors, 0 warnings\n")
      #expect(try CommandTests.finstage("new", "second", "--from", "ma_breakout", in: mine).code == 0)
      #expect(try CommandTests.finstage("new", "third", in: mine).code == 0)
      #expect(try CommandTests.finstage("validate", in: mine).output == "4 files: 0 errors, 0 warnings\n")
      let tests = try CommandTests.finstage("test", in: mine)
      #expect(tests.code == 0)
      #expect(tests.output.hasSuffix("6 passed, 0 failed\n"))
    }
  }

  @Test func whatIsThereIsNeverOverwritten() throws {
    try CommandTests.inFolder(["config.yaml": "locale: en\n", "strategies/mine.yaml": "mine"]) { folder in
      let first = try CommandTests.finstage("init", in: folder)
      #expect(first.code == 2)
      #expect(first.messages.contains("is there already"))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "strategies/my-first.yaml").path))
      #expect(try CommandTests.finstage("new", "mine", in: folder).code == 2)
      #expect(try CommandTests.finstage("new", "../mine", in: folder).code == 2)
      #expect(try CommandTests.finstage("new", "other", "--from", "ma_breakot", in: folder).code == 2)
      #expect(try String(contentsOf: folder.appending(path: "strategies/mine.yaml"), encoding: .utf8) == "mine")
    }
  }

  @Test func aFailingTestShowsItsBarsAndEndsWithOne() throws {
    let test = "\ntests:\n  - { name: wrong, data: p.csv, to: 2024-01-10, expect: [{ bar: 5, direction: buy }] }\n"
    let files = ["up.yaml": CommandTests.strategy("up") + test, "p.csv": CommandTests.prices]
    try CommandTests.inFolder(files) { folder in
      let answer = try CommandTests.finstage("test", "up.yaml", in: folder)
      #expect(answer.code == 1)
      #expect(answer.output.contains("sma(close, 3)"))
      #expect(answer.output.contains("expected buy at bar 5, which did not come"))
      let json = try CommandTests.finstage("test", "up.yaml", "--coverage", "--format", "json", in: folder)
      #expect(json.code == 1)
      let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
      #expect(object?["failed"] as? Int == 1)
      let strategy = try #require((object?["strategies"] as? [[String: Any]])?.first)
      #expect((strategy["coverage"] as? [String: Any])?["uncovered"] as? Int == 1)
    }
  }

  @Test func explainSaysWhyNotAndNamesTheNearestBars() throws {
    let silent = try CommandTests.finstage("explain", "ma20-breakout", "--symbol", "^IXIC", "--at", "2008-01-02")
    #expect(silent.code == 0)
    #expect(silent.output.contains("✗ close > sma(close, 20) * 1.02: false"))
    let json = try CommandTests.finstage(
      "explain", "triple-confirmation", "--data", "Samples/IXIC-1d.csv", "--at", "2008-01-02", "--format", "json")
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["bar"] as? Int == 2_262)
    let absent = try CommandTests.finstage("explain", "ma20-breakout", "--symbol", "^IXIC", "--at", "2008-01-05")
    #expect(absent.code == 2)
    #expect(absent.messages.contains("2008-01-04T00:00:00Z, 2008-01-07T00:00:00Z"))
    #expect(try CommandTests.finstage("explain", "ma20-breakout", "--at", "2008-01-02").code == 2)
  }

  @Test func describeSpeaksEnglishAndKorean() throws {
    let english = try CommandTests.finstage("describe", "trend-pullback")
    #expect(english.output.contains("Goes long when the close is above the 200-bar simple moving average"))
    let korean = try CommandTests.finstage("describe", "trend-pullback", "--locale", "ko")
    #expect(korean.output.contains("종가가 200봉 단순이동평균보다 높고"))
    #expect(try CommandTests.finstage("describe", "nothing").code == 3)
  }
}
