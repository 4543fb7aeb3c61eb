import Foundation
import SeriesMath
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A sweep that is cut off goes on where it was.
@Suite struct SweepStateTests {
  private static let strategy = """
    name: cross
    timeframe: 1d
    symbols: [A]
    pipeline:
      - { id: a, module: ma_cross, with: { fast: 5, slow: 20 } }
    """
  private static let arguments = [
    "sweep", "cross.yaml", "--data", "p.csv", "--set", "a.fast=2..21", "--set", "a.slow=22..46:2", "--jobs", "1",
  ]
  /// The strategy and the first 600 bars of a sample.
  private static let files: [String: String] = {
    let sample = CommandTests.root.appending(path: "Samples/IXIC-1d.csv")
    let lines = ((try? String(contentsOf: sample, encoding: .utf8)) ?? "").split(separator: "\n").prefix(601)
    return ["cross.yaml": strategy, "p.csv": lines.joined(separator: "\n") + "\n"]
  }()
  private static let formats = ["json", "csv", "html", "table"]

  private func start(_ arguments: [String], in folder: URL) throws -> Process {
    let process = Process()
    process.executableURL = CommandTests.program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "100"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Waits until the state has more than so many bytes, or the process has ended.
  private func wait(for process: Process, until bytes: Int, in file: URL) {
    while process.isRunning, (size(file) ?? 0) <= bytes { usleep(500) }
  }

  private func size(_ file: URL) -> Int? {
    (try? FileManager.default.attributesOfItem(atPath: file.path()))?[.size] as? Int
  }

  @Test func `a sweep that was killed at any moment and resumed gives the bytes of an unbroken one`() throws {
    try CommandTests.inFolder(SweepStateTests.files) { folder in
      let file = folder.appending(path: "run.state")
      let whole = try CommandTests.run(SweepStateTests.arguments + ["--format", "json"], in: folder)
      _ = try CommandTests.run(SweepStateTests.arguments + ["--state", "full.state"], in: folder)
      let full = try #require(size(folder.appending(path: "full.state")))
      // Another moment in each run of the tests; what it was is said where the test fails.
      var random = SplitMix64(seed: UInt64(Date().timeIntervalSince1970))
      var killed = 0
      var moments: [Int] = []
      for _ in 0..<3 {
        moments.append(random.below(full * 3 / 4))
        let process = try start(SweepStateTests.arguments + ["--state", "run.state"], in: folder)
        wait(for: process, until: moments[moments.count - 1], in: file)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { killed += 1 }
      }
      #expect(killed > 0, "\(moments)")
      let resumed = try CommandTests.run(
        SweepStateTests.arguments + ["--format", "json", "--state", "run.state"], in: folder)
      #expect(resumed.code == 0)
      #expect(resumed.output == whole.output, "killed at \(moments) of \(full) bytes")
    }
  }

  @Test func `a state cut at any byte gives the same answer in every format`() throws {
    try CommandTests.inFolder(SweepStateTests.files) { folder in
      let file = folder.appending(path: "run.state")
      let whole = try SweepStateTests.formats.map {
        try CommandTests.run(SweepStateTests.arguments + ["--format", $0], in: folder).output
      }
      _ = try CommandTests.run(SweepStateTests.arguments + ["--state", "run.state"], in: folder)
      let bytes = try Data(contentsOf: file)
      for (format, (share, wanted)) in zip(SweepStateTests.formats, zip([0.0001, 0.3, 0.71, 1], whole)) {
        try Data(bytes.prefix(Int(Double(bytes.count) * share))).write(to: file)
        let answer = try CommandTests.run(
          SweepStateTests.arguments + ["--format", format, "--state", "run.state"], in: folder)
        #expect(answer.code == 0, "\(answer.messages)")
        #expect(answer.output == wanted)
        // What was missing stands in the file again: the records are others, the rows the same.
        #expect((size(file) ?? 0) > bytes.count * 9 / 10)
      }
    }
  }

  @Test func `Ctrl-C ends with 130 and leaves a state that the same command goes on from`() throws {
    try CommandTests.inFolder(SweepStateTests.files) { folder in
      let process = try start(SweepStateTests.arguments + ["--state", "run.state"], in: folder)
      wait(for: process, until: 40_000, in: folder.appending(path: "run.state"))
      process.interrupt()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      let answer = try CommandTests.run(SweepStateTests.arguments + ["--state", "run.state"], in: folder)
      #expect(answer.code == 0)
      #expect(answer.messages.contains("backtests are there already"))
    }
  }

  @Test func `the state of another sweep is refused and left as it is`() throws {
    try CommandTests.inFolder(SweepStateTests.files.merging(["text.state": "my notes\n"]) { $1 }) { folder in
      let file = folder.appending(path: "run.state")
      _ = try CommandTests.run(SweepStateTests.arguments + ["--state", "run.state"], in: folder)
      let bytes = try Data(contentsOf: file)
      func refused(_ message: String, _ more: [String]) throws {
        let answer = try CommandTests.run(SweepStateTests.arguments + ["--state", "run.state"] + more, in: folder)
        #expect(answer.code == 2)
        #expect(answer.messages.contains(message), "\(answer.messages)")
        #expect(try Data(contentsOf: file) == bytes)
      }
      try refused("options of the backtest are others", ["--fee", "0.2%"])
      try refused("swept parameters or their values are others", ["--set", "a.average=ema"])
      try refused("the walk or the split is another", ["--split", "70%"])
      let other = SweepStateTests.strategy.replacing("fast: 5", with: "fast: 6")
      try other.write(to: folder.appending(path: "cross.yaml"), atomically: true, encoding: .utf8)
      try refused("the strategy's file has changed", [])
      let foreign = try CommandTests.run(SweepStateTests.arguments + ["--state", "text.state"], in: folder)
      #expect(foreign.code == 2 && foreign.messages.contains("is not the state of a sweep"))
      #expect(try String(contentsOf: folder.appending(path: "text.state"), encoding: .utf8) == "my notes\n")
    }
  }

  @Test func `another rank or format of the same sweep reads the same state`() throws {
    try CommandTests.inFolder(SweepStateTests.files) { folder in
      _ = try CommandTests.run(SweepStateTests.arguments + ["--state", "run.state"], in: folder)
      let answer = try CommandTests.run(
        SweepStateTests.arguments + ["--state", "run.state", "--rank", "calmar", "--format", "csv"], in: folder)
      #expect(answer.messages.contains("260 backtests are there already"))
      #expect(
        answer.output
          == (try CommandTests.run(SweepStateTests.arguments + ["--rank", "calmar", "--format", "csv"], in: folder)
            .output))
    }
  }

  @Test func `a short sweep leaves no file`() throws {
    try CommandTests.inFolder(SweepStateTests.files) { folder in
      _ = try CommandTests.run(Array(SweepStateTests.arguments.dropLast(4)), in: folder)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted() == ["cross.yaml", "p.csv"])
    }
  }
}
