import Foundation
import TestSupport
import Testing

/// `config.yaml` edited, broken and mended while the service runs.
@Suite struct ReconfigureRunTests {
  static func channels(_ names: String..., alarms: String) -> String {
    let channels = (names + [alarms]).map { "  \($0): { type: file, path: \($0).jsonl }\n" }.joined()
    return """
      channels:
      \(channels)routes: [{ channels: [\(names.joined(separator: ", "))] }]
      notify: { max_age: 365d, cooldown: 0, hourly_cap: 1000, alarms: [\(alarms)] }

      """
  }

  private func atService(_ body: (ServiceFixture, RunningProgram, [Double]) throws -> Void) throws {
    let bars = Array(repeating: 10.0, count: 40)
    try ServiceFixture.inFolder(
      Self.channels("one", alarms: "host"), strategies: ["each": ServiceFixture.eachBar], closes: bars
    ) { service in
      try service.runAndStop { program in try body(service, program, bars) }
    }
  }

  @Test func `a changed channel is taken up without a restart, and said once`() throws {
    try atService { service, program, bars in
      try service.price(bars + [11])
      service.within(program) { service.told("one.jsonl").count == 1 }
      try service.configure(Self.channels("one", "two", alarms: "host"))
      service.within(program) { service.told("host.jsonl").count == 1 }
      #expect(service.told("host.jsonl")[0].contains("channels, routes"), "\(service.told("host.jsonl"))")
      #expect(program.warned.contains("config.yaml was read again"))
      try service.price(bars + [11, 12])
      service.within(program) { service.told("two.jsonl").count == 1 }
      service.within(program) { service.told("one.jsonl").count == 2 }
      // What has been told is not told again, and a comment is no change.
      try service.configure("# a comment\n" + Self.channels("one", "two", alarms: "host"))
      try service.price(bars + [11, 12, 13])
      service.within(program) { service.told("two.jsonl").count == 2 }
      service.within(program) { service.told("one.jsonl").count == 3 }
      #expect(service.told("host.jsonl").count == 1)
    }
  }

  @Test func `a broken configuration is told with its place, and the one that runs goes on`() throws {
    try atService { service, program, bars in
      try service.configure(Self.channels("one", alarms: "host") + "watchlits: { index: [Y] }\n")
      service.within(program) { service.told("host.jsonl").count == 1 }
      let told = service.told("host.jsonl")[0]
      #expect(told.contains("config.yaml") && told.contains("watchlits") && told.contains("watchlists"), "\(told)")
      #expect(program.warned.contains("config.yaml:") && program.warned.contains("goes on"))
      try service.price(bars + [11])
      service.within(program) { service.told("one.jsonl").count == 1 }
      // A watchlist that a strategy names may not go.
      try service.configure(Self.channels("one", alarms: "host"))
      let file = service.folder.appending(path: "config.yaml")
      let text = try String(contentsOf: file, encoding: .utf8)
      try text.replacingOccurrences(of: "index: [X]", with: "indices: [X]")
        .replacingOccurrences(of: "[\"@index\"], timeframe", with: "[\"@indices\"], timeframe")
        .write(to: file, atomically: true, encoding: .utf8)
      service.within(program) { service.told("host.jsonl").count == 2 }
      #expect(service.told("host.jsonl")[1].contains("strategies/each.yaml"), "\(service.told("host.jsonl"))")
      // Mended: what is there is what runs, and nothing is to be said.
      try text.write(to: file, atomically: true, encoding: .utf8)
      try service.price(bars + [11, 12])
      service.within(program) { service.told("one.jsonl").count == 2 }
      #expect(service.told("host.jsonl").count == 2)
    }
  }

  @Test func `a symbol that joins a watchlist is evaluated from then on, and plan says so before`() throws {
    try atService { service, program, bars in
      try service.price(bars, of: "Y")
      let file = service.folder.appending(path: "config.yaml")
      let text = try String(contentsOf: file, encoding: .utf8)
      // Beside the service, by a configuration of its own.
      try service.write(text.replacingOccurrences(of: "index: [X]", with: "index: [X, Y]"), to: "later.yaml")
      let plan = try CommandTests.finstage("plan", "--config", "later.yaml", in: service.folder)
      #expect(plan.code == 0 && plan.output.contains("+1") && plan.output.contains("  + Y"), "\(plan)")
      try text.replacingOccurrences(of: "index: [X]", with: "index: [X, Y]")
        .write(to: file, atomically: true, encoding: .utf8)
      service.within(program) { service.told("host.jsonl").contains { $0.contains("watchlists") } }
      service.within(program) { program.warned.contains("over 2 symbols") }
      let passes = program.warned.components(separatedBy: "evaluate:").count
      service.within(program) { program.warned.components(separatedBy: "evaluate:").count > passes + 2 }
      try service.price(bars + [11], of: "Y")
      service.within(program) { service.told("one.jsonl").contains { $0.contains("\"Y\"") } }
    }
  }

  @Test func `a changed strategy is told, and SIGHUP reads the files at once`() throws {
    try atService { service, program, _ in
      let strategy = ServiceFixture.eachBar
      try service.write(
        strategy.replacingOccurrences(of: "close > 1,", with: "close > 10.5,"), to: "strategies/each.yaml")
      service.within(program) { service.told("host.jsonl").count == 1 }
      #expect(service.told("host.jsonl")[0].contains("each: changed"), "\(service.told("host.jsonl"))")
      kill(program.pid, SIGHUP)
      service.within(program) { program.warned.contains("told to read the files again") }
      // It goes on to listen behind a change of the configuration.
      try service.configure(Self.channels("one", "two", alarms: "host"))
      service.within(program) { service.told("host.jsonl").count == 2 }
      kill(program.pid, SIGHUP)
      service.within(program) {
        program.warned.components(separatedBy: "told to read the files again").count == 3
      }
    }
  }

  @Test func `the host says that it is alive, and shows the address to nobody`() throws {
    let watch = try FaultServer(["/ping/S3CRET-uuid": [.status(500), .text("OK")]])
    defer { watch.stop() }
    let beat = "heartbeat: { url: \"${env:WATCH}\", every: 1s, allow_private: true }\n"
    try ServiceFixture.inFolder(
      Self.channels("one", alarms: "host") + beat, strategies: ["each": ServiceFixture.eachBar], closes: [10, 10]
    ) { service in
      try service.runAndStop(environment: ["WATCH": "\(watch.url)/ping/S3CRET-uuid"]) { program in
        service.within(program) { watch.requests.count == 1 }
        service.within(program) { program.warned.contains("heartbeat: the watch answers 500") }
        service.within(program) { program.warned.contains("heartbeat: heard again") }
        #expect(watch.requests.allSatisfy { $0.method == "GET" })
        #expect(!program.warned.contains("S3CRET"))
      }
    }
  }
}
