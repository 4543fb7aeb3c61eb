import Foundation
import TestSupport
import Testing

/// A token that is to be seen nowhere goes through everything that can go wrong with the servers that have it.
@Suite(.serialized) struct CanaryTests {
  private static let strategy = """
    name: each
    timeframe: 1m
    symbols: [X]
    pipeline: [{ id: up, buy: close > 1, confidence: 80 }]
    emit: level
    notify: { priority: high }

    """

  private let begin = Int(Date().timeIntervalSince1970) / 60 - 60

  private func prices(_ bars: Int) -> String {
    "timestamp,open,high,low,close,volume\n" + (0..<bars).map { "\((begin + $0) * 60),10,11,9,10,100\n" }.joined()
  }

  private func environment(_ folder: URL) -> [String: String] {
    [
      "CANARY_TELEGRAM": Canary.telegram.text, "CANARY_ADDRESS": Canary.address.text,
      "CANARY_SOURCE": Canary.source.text,
    ]
  }

  private func inHost(_ body: (URL, CanaryServers) throws -> Void) throws {
    let servers = try CanaryServers()
    defer { servers.stop() }
    let files = [
      "config.yaml": servers.configuration, "strategies/each.yaml": CanaryTests.strategy, "prices/X.csv": prices(20),
      "secrets/hook": Canary.hook.text, "secrets/bearer": Canary.bearer.text, "secrets/address": Canary.address.text,
      "secrets/mail": Canary.mail.text,
    ]
    try CommandTests.inFolder(files) { folder in try body(folder, servers) }
  }

  private func start(_ arguments: [String], _ folder: URL, _ more: [String: String] = [:]) throws -> RunningProgram {
    try RunningProgram(arguments, in: folder, environment: environment(folder).merging(more) { $1 })
  }

  /// Everything that the host has left on the disk, but for the secrets themselves.
  private func expectCleanFiles(_ folder: URL) throws {
    for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path()) where !file.hasPrefix("secrets") {
      guard let data = FileManager.default.contents(atPath: folder.appending(path: file).path()) else { continue }
      let found = Canary.found(in: data)
      #expect(found.isEmpty, "\(file): \(found)")
    }
  }

  private func expectClean(_ program: RunningProgram, _ what: String) {
    let found = Canary.found(in: program.said) + Canary.found(in: program.warned)
    #expect(found.isEmpty, "\(what): \(found)")
  }

  /// The bodies of all that went out: a token belongs to a request's line or head, if anywhere.
  private func expectCleanMessages(_ servers: CanaryServers) {
    for request in servers.web.requests {
      let found = Canary.found(in: Data(request.body))
      #expect(found.isEmpty, "\(request.path): \(found)")
    }
    for mail in servers.mail.values.flatMap(\.mails) { #expect(Canary.found(in: mail.text).isEmpty) }
  }

  @Test func `a form in which a secret is looked for is found`() {
    let canary = Canary.hook
    for text in [
      canary.text, canary.percentEncoded, canary.base64, canary.escaped, canary.text.uppercased(),
      Data("\0me\0\(canary.text)".utf8).base64EncodedString(), Data("a\(canary.text)b".utf8).base64EncodedString(),
    ] { #expect(!Canary.found(in: "x\(text)y").isEmpty, "\(text)") }
    #expect(Canary.found(in: "a token of somebody else").isEmpty)
  }

  @Test func `the service shows no secret, whatever its servers do with it`() throws {
    try inHost { folder, servers in
      let program = try start(["run", "--log-level", "debug"], folder, ["SWIFT_BACKTRACE": CanaryTests.backtrace])
      defer { if program.isRunning { _ = program.kill9() } }
      let end = Date().addingTimeInterval(150)
      func within(_ what: String, _ isTrue: () -> Bool) {
        program.wait { isTrue() || Date() > end }
        #expect(isTrue(), "\(what): \(program.warned.suffix(1_000))")
      }
      within("no first pass") { program.warned.contains("evaluate: 0 new bars") }
      try prices(21).write(to: folder.appending(path: "prices/X.csv"), atomically: true, encoding: .utf8)
      // Every channel has met its fault, and every source has.
      for kind in ["telegram", "hook", "slack"] {
        for name in servers.faults(of: kind).sorted() {
          within("\(kind)_\(name) was not asked") { program.warned.contains("\(kind)_\(name): ") }
        }
      }
      for name in servers.faults(of: "telegram").sorted() where name != "well" {
        within("\(name) was not asked") { program.warned.contains(" \(name), S\(name) 1d: ") }
      }
      for name in servers.mail.keys { within("mail_\(name)") { program.warned.contains("mail_\(name): ") } }
      // What the servers saw is the proof that the secrets were in use.
      let lines = servers.web.requests.map { "\($0.target.removingPercentEncoding ?? "") \($0.headers)" }.joined()
      for canary in [Canary.telegram, .bearer, .address, .source] {
        #expect(lines.contains(canary.text), "\(canary.text) was not used")
      }
      #expect(servers.mail.values.contains { server in server.lines.contains { $0.hasPrefix("AUTH") } })
      try expectCleanFiles(folder)
      // What a crash says, which goes on here where it was interrupted.
      kill(program.pid, SIGSEGV)
      within("no backtrace") { program.warned.contains("Program crashed") && program.warned.contains("Backtrace took") }
      #expect(program.kill9())
      expectClean(program, "run")
      try expectCleanFiles(folder)
      expectCleanMessages(servers)
      try expectCleanCommands(folder)
      expectCleanMessages(servers)
    }
  }

  /// What a crash says with all that it knows, but for the names of functions, which take long to find.
  private static let backtrace = "enable=yes,color=no,interactive=no,registers=all,threads=all,symbolicate=off"

  private func expectCleanCommands(_ folder: URL) throws {
    let sent = ["broken", "odd"].flatMap { name in
      ["telegram", "hook", "slack"].map { ["notify", "test", "\($0)_\(name)"] }
    }
    let commands =
      [
        ["outbox", "list", "--format", "json"], ["outbox", "list"], ["validate", "--format", "json"],
        ["doctor", "--format", "json"], ["fetch", "--format", "json"], ["schedule"],
        ["notify", "test", "hook_broken", "--dry-run"], ["notify", "test", "telegram_broken", "--dry-run"],
        ["notify", "test", "mail_unauthorized"], ["notify", "test", "mail_later"],
      ] + sent
    // Side by side: each waits for its server.
    let programs = try commands.map { ($0, try start($0, folder)) }
    for (command, program) in programs {
      let end = Date().addingTimeInterval(120)
      program.wait { Date() > end }
      #expect(!program.kill9(), "\(command) does not end")
      #expect(!(program.said + program.warned).isEmpty, "\(command)")
      expectClean(program, command.joined(separator: " "))
    }
  }
}
