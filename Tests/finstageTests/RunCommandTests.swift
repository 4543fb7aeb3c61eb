import Foundation
import Storage
import TestSupport
import Testing
import Trading

/// `finstage run` as a service manager starts and stops it.
@Suite struct RunCommandTests {
  private static let configuration = """
    locale: en
    timezone: UTC
    strategies: strategies
    watchlists: { index: [X] }
    sources: { files: { type: csv, path: "prices/*.csv" } }
    collect: [{ source: files, symbols: ["@index"], timeframe: 1m }]
    channels: { book: { type: file, path: told.jsonl } }
    routes: [{ channels: [book] }]
    notify: { max_age: 365d, hourly_cap: 100 }
    schedule: [{ job: evaluate, every: 1s }]

    """
  private static let strategy = """
    name: each
    title: Each bar
    timeframe: 1m
    symbols: ["@index"]
    pipeline:
      - { id: up, buy: close > 1, confidence: 80 }
    emit: level
    notify: { priority: high, cooldown: 1m }

    """

  /// Minute bars from an hour ago up to some minutes ago.
  private let begin = Int(Date().timeIntervalSince1970) / 60 - 60

  private func prices(through minutes: Int) -> String {
    "timestamp,open,high,low,close,volume\n"
      + (0...60 - minutes).map { "\((begin + $0) * 60),10,11,9,\(10 + $0 % 2),100\n" }.joined()
  }

  private func atHost(_ arguments: [String] = [], _ body: (RunningProgram, URL) throws -> Void) throws {
    let files = [
      "config.yaml": RunCommandTests.configuration, "strategies/each.yaml": RunCommandTests.strategy,
      "prices/X.csv": prices(through: 10),
    ]
    try CommandTests.inFolder(files) { folder in
      let program = try RunningProgram(["run"] + arguments, in: folder)
      defer { if program.isRunning { _ = program.kill9() } }
      within(program) { program.warned.contains("running") }
      try body(program, folder)
    }
  }

  /// Waits for at most a minute, so that a fault is a failed expectation.
  private func within(_ program: RunningProgram, _ isTrue: () -> Bool) {
    let end = Date().addingTimeInterval(120)
    program.wait { isTrue() || Date() > end }
    #expect(isTrue(), "\(program.warned.suffix(600))")
  }

  private func told(_ folder: URL) -> [String] {
    let text = (try? String(contentsOf: folder.appending(path: "told.jsonl"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  @Test func `a bar that closes is evaluated, saved and told once, and a stop is heeded`() throws {
    try atHost { program, folder in
      // The first look at a symbol tells nobody; the bar after it is told.
      within(program) { program.warned.contains("evaluate: 0 new bars") }
      #expect(told(folder).isEmpty)
      try prices(through: 5).write(to: folder.appending(path: "prices/X.csv"), atomically: true, encoding: .utf8)
      within(program) { told(folder).count == 5 }
      kill(program.pid, SIGTERM)
      let answer = try program.end()
      #expect(answer.code == 0 && answer.messages.contains("stopped"), "\(answer.messages)")
      let lines = told(folder)
      #expect(lines.contains { $0.contains("each") && $0.contains("X") }, "\(lines)")
      let listed = try CommandTests.finstage("outbox", "list", in: folder)
      #expect(listed.output.contains("sent") && !listed.output.contains("pending"), "\(listed.output)")
    }
  }

  @Test func `a file that breaks is told with its place, and the strategy goes on as it was`() throws {
    try atHost { program, folder in
      let file = folder.appending(path: "strategies/each.yaml")
      try (RunCommandTests.strategy + "tests: [\n").write(to: file, atomically: true, encoding: .utf8)
      within(program) { program.warned.contains("goes on as it was") }
      within(program) { program.warned.contains("strategies/each.yaml:10:1") }
      try RunCommandTests.strategy.replacingOccurrences(of: "close > 1,", with: "close > 10.5,")
        .write(to: file, atomically: true, encoding: .utf8)
      within(program) { program.warned.contains("each: changed") }
      program.interrupt()
      #expect(try program.end().code == 0)
    }
  }

  @Test func `without any channel it collects and evaluates all the same`() throws {
    let configuration = RunCommandTests.configuration.split(separator: "\n")
      .filter { !$0.hasPrefix("channels:") && !$0.hasPrefix("routes:") }.joined(separator: "\n")
    try atHost { program, folder in
      program.interrupt()
      #expect(try program.end().code == 0)
      try configuration.write(to: folder.appending(path: "config.yaml"), atomically: true, encoding: .utf8)
      let silent = try RunningProgram(["run"], in: folder)
      defer { if silent.isRunning { _ = silent.kill9() } }
      within(silent) { silent.warned.components(separatedBy: "evaluate: 0 new bars").count > 2 }
      silent.interrupt()
      #expect(try silent.end().code == 0)
    }
  }

  @Test func `a dry run leaves no database and tells nobody`() throws {
    try atHost(["--dry-run"]) { program, folder in
      within(program) { program.warned.contains("evaluate: 0 new bars") }
      try prices(through: 5).write(to: folder.appending(path: "prices/X.csv"), atomically: true, encoding: .utf8)
      within(program) { program.warned.contains("would go out by book") }
      program.interrupt()
      #expect(try program.end().code == 0)
      #expect(told(folder).isEmpty)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "var/finstage.db").path()))
    }
  }

  @Test func `what cannot be served is said before anything runs`() throws {
    let none = RunCommandTests.configuration.replacingOccurrences(
      of: "schedule: [{ job: evaluate, every: 1s }]", with: "schedule: []")
    try CommandTests.inFolder(["config.yaml": none, "strategies/each.yaml": RunCommandTests.strategy]) { folder in
      let answer = try CommandTests.finstage("run", in: folder)
      #expect(answer.code == 3 && answer.messages.contains("names no job that this version runs"))
    }
    try CommandTests.inFolder([:]) { folder in
      let answer = try CommandTests.finstage("run", in: folder)
      #expect(answer.code == 2 && answer.messages.contains("config.yaml"))
    }
  }
}
