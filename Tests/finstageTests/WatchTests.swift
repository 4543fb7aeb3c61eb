import Foundation
import Testing

@Suite struct WatchTests {
  @Test("watching checks again when a file changes, vanishes and appears, and ends with 130") func watches() throws {
    try CommandTests.inFolder(["strategies/up.yaml": CommandTests.strategy("up")]) { folder in
      let file = folder.appending(path: "strategies/up.yaml")
      let output = folder.appending(path: "output")
      try Data().write(to: output)
      let process = Process()
      process.executableURL = CommandTests.program
      process.arguments = ["validate", "--watch"]
      process.currentDirectoryURL = folder
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = FileHandle.nullDevice
      try process.run()
      defer { kill(process.processIdentifier, SIGKILL) }

      func answers(_ count: Int) throws -> [String] {
        for _ in 0..<200 {
          let lines = try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
            .filter { $0.contains(" errors, ") || $0.contains(" error, ") }
          if lines.count >= count { return lines.map(String.init) }
          Thread.sleep(forTimeInterval: 0.1)
        }
        return []
      }
      #expect(try answers(1) == ["1 file: 0 errors, 0 warnings"])
      try "name: up\n".write(to: file, atomically: true, encoding: .utf8)
      #expect(try answers(2).last == "1 file: 3 errors, 0 warnings")
      try FileManager.default.removeItem(at: file)
      #expect(try answers(3).last == "0 files: 0 errors, 0 warnings")
      try CommandTests.strategy("up").write(to: file, atomically: true, encoding: .utf8)
      #expect(try answers(4).last == "1 file: 0 errors, 0 warnings")
      process.interrupt()
      for _ in 0..<100 where process.isRunning { Thread.sleep(forTimeInterval: 0.1) }
      try #require(!process.isRunning)
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 130)
    }
  }
}
