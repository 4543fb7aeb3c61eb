import Foundation
import Testing

/// The program as a user runs it: arguments in; output, messages and exit code out.
@Suite struct CommandTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  struct Answer {
    var code: Int32
    var output: String
    var messages: String
  }

  /// Runs the program in a folder, the project's own by default.
  /// A reference that adds nothing: a value that ends with it counts as one that does not stand in the file.
  static let reference: String = {
    let path = FileManager.default.temporaryDirectory.appending(path: "finstage-empty-reference").path()
    _ = FileManager.default.createFile(atPath: path, contents: Data())
    return "${file:\(path)}"
  }()

  static func finstage(_ arguments: String..., in folder: URL = root) throws -> Answer {
    try run(arguments, in: folder)
  }

  static func run(_ arguments: [String], in folder: URL) throws -> Answer {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "100"]
    // Files, for a pipe that nobody empties would hold the program up.
    let output = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let messages = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    for file in [output, messages] { try Data().write(to: file) }
    defer { for file in [output, messages] { try? FileManager.default.removeItem(at: file) } }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: messages)
    try process.run()
    process.waitUntilExit()
    return Answer(
      code: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      messages: try String(contentsOf: messages, encoding: .utf8))
  }

  /// The executable stands in the folder of the test bundle, or of the tool that runs it.
  static let program: URL = {
    var folders = [URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()]
    folders += Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    folders.append(root.appending(path: ".build/debug"))
    let programs = folders.map { $0.appending(path: "finstage") }
    return programs.first { FileManager.default.isExecutableFile(atPath: $0.path()) } ?? programs[0]
  }()

  /// A folder of its own that goes with the test.
  static func inFolder(_ files: [String: String], _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let file = folder.appending(path: name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    try body(folder)
  }

  static let prices =
    "timestamp,open,high,low,close,volume\n"
    + (1...40).map { "2024-01-\($0 < 10 ? "0" : "")\($0),\($0),\($0 + 1),\($0),\($0),100\n" }.prefix(31).joined()

  static func strategy(_ name: String) -> String {
    """
    name: \(name)
    timeframe: 1d
    symbols: [X]
    pipeline:
      - id: up
        buy: close > sma(close, 3)
        sell: close < sma(close, 3)
    """
  }

  @Test func theBundledStrategiesAreSound() throws {
    let answer = try CommandTests.finstage("validate")
    #expect(answer.code == 0)
    #expect(answer.output.contains("0 errors, 0 warnings"))
  }

  @Test func theTestsOfTheBundledStrategiesHold() throws {
    let answer = try CommandTests.finstage("test")
    #expect(answer.code == 0)
    #expect(answer.output.hasSuffix(" 0 failed\n"))
  }

  @Test func evalHeadsEachColumnWithTheExpressionAsTyped() throws {
    let answer = try CommandTests.finstage("eval", "sma(close, 2)", "close > 2", "--data", "Samples/IXIC-1d.csv")
    let lines = answer.output.split(separator: "\n")
    #expect(answer.code == 0)
    #expect(lines[0] == "timestamp,\"sma(close, 2)\",close > 2")
    #expect(lines[1] == "1999-01-04T00:00:00Z,,1")
    #expect(lines.count == 5_032)
  }

  @Test func aBareFileStandsForTheSymbol() throws {
    try CommandTests.inFolder(["up.yaml": CommandTests.strategy("up"), "p.csv": CommandTests.prices]) { folder in
      let answer = try CommandTests.finstage(
        "backtest", "up.yaml", "--data", "p.csv", "--format", "json", in: folder)
      #expect(answer.code == 0)
      let json = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
      let entry = try #require((json?["strategies"] as? [[String: Any]])?.first)
      #expect(entry["symbol"] as? String == "p")
      #expect(entry["bars"] as? Int == 31)
      #expect((entry["signals"] as? [[String: Any]])?.first?["bar"] as? Int == 2)
      #expect((entry["trades"] as? [[String: Any]])?.first?["entry_time"] as? String == "2024-01-04T00:00:00Z")
    }
  }

  @Test func exitCodesSayWhatWentWrong() throws {
    let files = [
      "up.yaml": CommandTests.strategy("up"), "bad.yaml": "name: bad\n", "p.csv": CommandTests.prices,
      "broken.csv": "timestamp,open\n",
    ]
    let cases: [(arguments: [String], code: Int32)] = [
      (["validate", "up.yaml"], 0), (["validate", "bad.yaml"], 1), (["validate", "missing.yaml"], 2),
      (["frobnicate"], 2), (["eval", "close", "--data", "missing.csv"], 2),
      (["eval", "close", "--data", "broken.csv"], 3), (["eval", "clsoe", "--data", "p.csv"], 2),
      (["backtest", "bad.yaml", "--data", "p.csv"], 3), (["backtest", "up.yaml", "bad.yaml", "--data", "p.csv"], 4),
      (["backtest", "up.yaml", "--data", "p.csv", "--fill", "yesterday"], 2), (["--help"], 0), (["--version"], 0),
    ]
    try CommandTests.inFolder(files) { folder in
      for (arguments, code) in cases {
        let answer = try CommandTests.run(arguments, in: folder)
        #expect(answer.code == code, "finstage \(arguments.joined(separator: " "))")
      }
    }
  }

  @Test func messagesStandOnStderrAndDataOnStdout() throws {
    let answer = try CommandTests.finstage("eval", "clsoe", "--data", "Samples/IXIC-1d.csv")
    #expect(answer.output.isEmpty)
    #expect(answer.messages.contains("did you mean \"close\"?"))
  }

  @Test func theSchemaIsJSON() throws {
    for subject in ["strategy", "config"] {
      let answer = try CommandTests.finstage("schema", subject)
      #expect(answer.code == 0)
      let json = try JSONSerialization.jsonObject(with: Data(answer.output.utf8))
      #expect(json is [String: Any])
    }
  }

  @Test func aReportIsWrittenBesides() throws {
    try CommandTests.inFolder(["up.yaml": CommandTests.strategy("up"), "p.csv": CommandTests.prices]) { folder in
      let answer = try CommandTests.finstage(
        "backtest", "up.yaml", "--data", "p.csv", "--html", "out/report.html", in: folder)
      #expect(answer.code == 0)
      let page = try String(contentsOf: folder.appending(path: "out/report.html"), encoding: .utf8)
      #expect(page.contains("<svg"))
    }
  }
}
