import Foundation
import Testing

@Suite struct ValidateFormatTests {
  private static let faulty = """
    name: faulty
    timeframe: 1d
    symbols: [X]
    pipeline:
      - { id: a, module: ma_breakot }
    """

  @Test("GitHub gets a command a fault, escaped by its rules") func speaksToGitHub() throws {
    try CommandTests.inFolder(["a,b:c/faulty.yaml": Self.faulty]) { folder in
      let answer = try CommandTests.finstage("validate", "a,b:c/faulty.yaml", "--format", "github", in: folder)
      #expect(answer.code == 1)
      #expect(
        answer.output == """
          ::error file=a%2Cb%3Ac/faulty.yaml,line=5,col=22,endColumn=32,title=E012 unknown-module::\
          there is no module "ma_breakot"%0Adid you mean "ma_breakout"?

          """)
      #expect(answer.messages == "1 file: 1 error, 0 warnings\n")
    }
  }

  @Test("GitHub hears nothing of what is sound") func saysNothingOfSoundFiles() throws {
    let answer = try CommandTests.finstage("validate", "--format", "github")
    #expect(answer.code == 0)
    #expect(answer.output.isEmpty)
  }

  @Test("SARIF has the rules, and each fault with its region") func writesSARIF() throws {
    try CommandTests.inFolder(["ma 20/faulty.yaml": Self.faulty]) { folder in
      let answer = try CommandTests.finstage("validate", "ma 20", "--format", "sarif", in: folder)
      #expect(answer.code == 1)
      let log = try JSONDecoder().decode(Log.self, from: Data(answer.output.utf8))
      #expect(log.version == "2.1.0")
      let run = try #require(log.runs.first)
      let result = try #require(run.results.first)
      #expect(run.results.count == 1)
      #expect(run.columnKind == "unicodeCodePoints")
      #expect(run.tool.driver.rules[result.ruleIndex].id == "E012")
      #expect(result.ruleId == "E012")
      #expect(result.level == "error")
      let place = try #require(result.locations.first?.physicalLocation)
      #expect(place.artifactLocation.uri == "ma%2020/faulty.yaml")
      #expect(place.region == Log.Region(startLine: 5, startColumn: 22, endColumn: 32))
    }
  }

  private struct Log: Decodable {
    struct Region: Decodable, Equatable { var startLine, startColumn, endColumn: Int }
    struct Artifact: Decodable { var uri: String }
    struct Physical: Decodable {
      var artifactLocation: Artifact
      var region: Region
    }
    struct Location: Decodable { var physicalLocation: Physical }
    struct Result: Decodable {
      var ruleId, level: String
      var ruleIndex: Int
      var locations: [Location]
    }
    struct Rule: Decodable { var id: String }
    struct Driver: Decodable { var rules: [Rule] }
    struct Tool: Decodable { var driver: Driver }
    struct Run: Decodable {
      var tool: Tool
      var results: [Result]
      var columnKind: String
    }
    var version: String
    var runs: [Run]
  }
}
