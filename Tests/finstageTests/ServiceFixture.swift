import Foundation
import Storage
import Testing
import Trading

/// A running service over minute bars of one symbol, as a user starts it: its files can be changed while it runs.
struct ServiceFixture {
  static let sources = """
    locale: en
    timezone: UTC
    strategies: strategies
    watchlists: { index: [X] }
    sources: { files: { type: csv, path: "prices/*.csv" } }
    collect: [{ source: files, symbols: ["@index"], timeframe: 1m }]
    schedule: [{ job: evaluate, every: 1s }]

    """

  /// Says buy at every bar.
  static let eachBar = """
    name: each
    title: Each bar
    timeframe: 1m
    symbols: ["@index"]
    pipeline:
      - { id: up, buy: close > 1, confidence: 80 }
    emit: level
    notify: { priority: high }

    """

  let folder: URL
  /// The first bar, in minutes since 1970: an hour before the test.
  let begin: Int

  /// - Parameters:
  ///   - configuration: channels, routes and the like, behind the sources.
  ///   - closes: those of the first bars.
  static func inFolder(
    _ configuration: String, strategies: [String: String], closes: [Double], _ body: (ServiceFixture) throws -> Void
  ) throws {
    var files = ["config.yaml": sources + configuration]
    for (name, text) in strategies { files["strategies/\(name).yaml"] = text }
    try CommandTests.inFolder(files) { folder in
      let fixture = ServiceFixture(folder: folder, begin: Int(Date().timeIntervalSince1970) / 60 - 60)
      try fixture.price(closes)
      try body(fixture)
    }
  }

  /// All bars that there are from now on, highs and lows 1 from the close.
  func price(_ closes: [Double], of symbol: String = "X") throws {
    let lines = closes.enumerated().map { place, close in
      "\((begin + place) * 60),\(close),\(close + 1),\(close - 1),\(close),100\n"
    }
    try write("timestamp,open,high,low,close,volume\n" + lines.joined(), to: "prices/\(symbol).csv")
  }

  func write(_ text: String, to name: String) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  func configure(_ configuration: String) throws { try write(Self.sources + configuration, to: "config.yaml") }

  /// Starts the service and waits until it has evaluated what there is; it is ended behind the body.
  func run(environment: [String: String] = [:], _ body: (RunningProgram) throws -> Void) throws {
    let program = try RunningProgram(["run"], in: folder, environment: environment)
    defer { if program.isRunning { _ = program.kill9() } }
    within(program) { program.warned.contains("running;") && program.warned.contains("evaluate:") }
    try body(program)
  }

  /// The same, and it is told to stop behind the body.
  func runAndStop(environment: [String: String] = [:], _ body: (RunningProgram) throws -> Void) throws {
    try run(environment: environment) { program in
      try body(program)
      kill(program.pid, SIGTERM)
      #expect(try program.end().code == 0)
    }
  }

  /// Waits for a while, so that a fault is a failed expectation.
  func within(_ program: RunningProgram, _ isTrue: () throws -> Bool) {
    let end = Date().addingTimeInterval(120)
    program.wait { (try? isTrue()) == true || Date() > end }
    #expect((try? isTrue()) == true, "\(program.warned.suffix(1_500))")
  }

  /// The lines of a channel of the type `file`.
  func told(_ name: String = "told.jsonl") -> [String] {
    let text = (try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map(String.init)
  }

  func outbox() throws -> String { try CommandTests.finstage("outbox", "list", in: folder).output }
}
