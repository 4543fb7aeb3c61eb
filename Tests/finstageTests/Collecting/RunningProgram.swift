import Foundation

/// The program as it runs: to be interrupted, killed, or waited for.
final class RunningProgram {
  let process = Process()
  private let output = RunningProgram.file()
  private let messages = RunningProgram.file()

  /// - Parameter terminal: What messages go to instead of a file.
  init(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:], terminal: FileHandle? = nil
  ) throws {
    process.executableURL = CommandTests.program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin", "NO_COLOR": "1", "COLUMNS": "100"].merging(environment) { $1 }
    for file in [output, messages] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try terminal ?? FileHandle(forWritingTo: messages)
    try process.run()
  }

  deinit { for file in [output, messages] { try? FileManager.default.removeItem(at: file) } }

  var pid: pid_t { process.processIdentifier }
  var isRunning: Bool { process.isRunning }

  /// What it has written to stdout so far.
  var said: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

  /// What it has written to stderr so far.
  var warned: String { (try? String(contentsOf: messages, encoding: .utf8)) ?? "" }

  /// Waits until it is true, or the program has ended.
  func wait(until isTrue: () -> Bool) {
    while process.isRunning, !isTrue() { usleep(200) }
  }

  /// Ctrl-C.
  func interrupt() { if process.isRunning { kill(pid, SIGINT) } }

  /// `kill -9`; false where it had ended before.
  func kill9() -> Bool {
    guard process.isRunning, kill(pid, SIGKILL) == 0 else { return false }
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }

  func end() throws -> CommandTests.Answer {
    process.waitUntilExit()
    return CommandTests.Answer(
      code: process.terminationStatus, output: said, messages: try String(contentsOf: messages, encoding: .utf8))
  }

  private static func file() -> URL { FileManager.default.temporaryDirectory.appending(path: UUID().uuidString) }
}
