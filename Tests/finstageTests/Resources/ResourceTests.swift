import Foundation
import Pipelines
import TestSupport
import Testing
import Trading

@testable import finstage

/// What a host can run short of: read from texts of the kernel as proc(5) and cgroups describe them, worked out by hand.
@Suite struct ResourceTests {
  private let limit = ResourceLimit(resource: .disk, limit: 0.9, patience: 60_000)

  /// What is told of values that come every 20 seconds.
  private func told(_ values: [Double]) -> [String] {
    var state = ResourceLimit.State()
    return values.enumerated().compactMap { place, value in
      limit.note(value, at: Instant(milliseconds: Int64(place) * 20_000), &state).map { "\(place) \($0)" }
    }
  }

  @Test func `what lasts is told once, and once when it is over`() {
    #expect(told([0.5, 0.9, 0.95, 0.92, 0.91, 0.99, 0.99, 0.99]) == ["4 passed"])
    #expect(told([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]) == ["3 passed", "7 over"])
    #expect(told([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1]) == ["3 passed", "7 over", "11 passed"])
  }

  @Test func `what does not last is not told`() {
    #expect(told([1, 1, 1, 0.5, 1, 1, 1, 0.5, 1, 1, 1]) == [])
  }

  @Test func `a value that swings around the limit is one alarm`() {
    #expect(told([1, 1, 1, 1] + Array(repeating: [0.85, 0.95], count: 20).flatMap { $0 }) == ["3 passed"])
    // Below the limit, and not below nine tenths of it.
    #expect(told([1, 1, 1, 1] + Array(repeating: 0.82, count: 20)) == ["3 passed"])
    #expect(told([1, 1, 1, 1] + Array(repeating: 0.80, count: 20)) == ["3 passed", "7 over"])
  }

  @Test func `a clock that is put back begins anew`() {
    var state = ResourceLimit.State()
    for milliseconds: Int64 in [100_000, 0, 30_000] {
      #expect(limit.note(1, at: Instant(milliseconds: milliseconds), &state) == nil)
    }
    #expect(limit.note(1, at: Instant(milliseconds: 60_000), &state) == .passed)
  }

  @Test func `a limit that goes takes what was known of it with it`() {
    let states = ResourceStates()
    let now = Instant(milliseconds: 0)
    let later = Instant(milliseconds: 60_000)
    _ = states.note([.disk: 1], [limit], at: now)
    #expect(states.note([.disk: 1], [limit], at: later).map(\.change) == [.passed] && states.over == [.disk])
    #expect(states.note([.disk: 1], [limit], at: later).isEmpty)
    #expect(states.note([.disk: 1], [], at: later).isEmpty && states.over.isEmpty)
    // Of what is not known nothing is said.
    #expect(states.note([.cpu: 1], [limit], at: later).isEmpty)
  }

  @Test func `the kernel's texts are read as proc(5) has them`() {
    let stat = "cpu  100 50 150 600 100 0 0 0 30 0\ncpu0 1 1 1 1 1 1 1 1 0 0\nintr 1\n"
    // 1,000 ticks of a hundredth of a second, 700 of them idle or waiting for a disk.
    #expect(MachineUsage.processors(stat) == MachineUsage.Share(used: 3, whole: 10))
    let meminfo = "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    250 kB\n"
    #expect(MachineUsage.memory(meminfo) == MachineUsage.Share(used: 750 * 1_024, whole: 1_000 * 1_024))
    let group = MachineUsage.memory(limit: "1000\n", current: "700\n", statistics: "anon 300\ninactive_file 200\n")
    #expect(group == MachineUsage.Share(used: 500, whole: 1_000))
    #expect(MachineUsage.memory(limit: "max\n", current: "700\n", statistics: nil) == nil)
    for text in ["", "cpu", "cpu  1 2 3", "cpu  a b c d e f g h", "MemTotal: 5", "\0"] {
      #expect(MachineUsage.processors(text) == nil && MachineUsage.memory(text) == nil, "\(text)")
    }
  }

  @Test func `levels are what was used between two looks`() {
    func usage(_ milliseconds: Int64, busy: Double, cpu: Double) -> MachineUsage {
      MachineUsage(
        moment: Instant(milliseconds: milliseconds), processors: .init(used: busy, whole: Double(milliseconds) / 500),
        memory: .init(used: 1, whole: 4), disk: nil,
        process: ProcessUsage(cpu: cpu, memory: 1_000, descriptors: nil))
    }
    let levels = usage(20_000, busy: 15, cpu: 8).levels(since: usage(10_000, busy: 10, cpu: 3))
    // Of two processors' 20 seconds 5 were busy; the program used 5 of 10.
    #expect(levels == [.cpu: 0.25, .memory: 0.25, .processCPU: 0.5, .processMemory: 1_000])
    #expect(usage(20_000, busy: 15, cpu: 8).levels(since: nil) == [.memory: 0.25, .processMemory: 1_000])
  }

  @Test func `this machine says what it uses`() {
    let usage = MachineUsage.now(at: Instant(milliseconds: 0), database: NSTemporaryDirectory() + "none.db")
    for share in [usage.processors, usage.memory, usage.disk] {
      #expect(share.map { $0.used > 0 && $0.used <= $0.whole } == true)
    }
  }

  @Test func `limits are read, and what is none is said where it stands`() throws {
    func read(_ text: String) throws -> (Configuration.Resources?, [String]) {
      var found: (Configuration.Resources?, [String]) = (nil, [])
      try CommandTests.inFolder(["config.yaml": "resources: \(text)\n"]) { folder in
        let read = ConfigurationReader.read(path: folder.appending(path: "config.yaml").path())
        found = (read.configuration?.resources, read.faults.map(\.message))
      }
      return found
    }
    let (sound, faults) = try read("{ cpu: 90%, disk: 0.5, process_memory: 2GB, for: 5m, every: 1s }")
    let limits = try #require(sound, "\(faults)")
    #expect(
      limits.limits == [
        ResourceLimit(resource: .cpu, limit: 0.9, patience: 300_000),
        ResourceLimit(resource: .disk, limit: 0.5, patience: 300_000),
        ResourceLimit(resource: .processMemory, limit: 2e9, patience: 300_000),
      ])
    #expect(limits.every == 1_000)
    for (text, part) in [
      ("{ cpu: 120% }", "cpu is a share from 1% to 100%"), ("{ disk: full }", "disk is a number or a percentage"),
      ("{ process_memory: 90% }", "no size of 1MB or more"), ("{ process_memory: 0MB }", "no size"),
      ("{ cpus: 90% }", "has no key \"cpus\""), ("{ cpu: 90%, for: 2d }", "from 1s to 1d"),
      ("{ cpu: 90%, every: 2h }", "from 1s to 1h"), ("90%", "resources"),
    ] {
      let (_, faults) = try read(text)
      #expect(faults.contains { $0.contains(part) }, "\(text): \(faults)")
    }
  }

  @Test func `a running host tells once that memory is short, shows it, and says when it is over`() throws {
    let rest = "channels: { book: { type: file, path: told.jsonl } }\napi: { listen: \"127.0.0.1:0\" }\n"
    let short = rest + "resources: { memory: 1%, for: 1s, every: 1s }\n"
    try ServiceFixture.inFolder(short, strategies: ["each": ServiceFixture.eachBar], closes: [10]) { service in
      try service.runAndStop { program in
        service.within(program) { service.told().contains { $0.contains("memory: beyond the limit") } }
        let line = program.warned.split(separator: "\n").first { $0.contains("api: http://127.0.0.1:") }
        let port = try #require(line.flatMap { $0.split(separator: ":").last.flatMap { Int($0) } })
        let health = try #require(RawClient.ask(port, "GET", "/health")).body
        #expect(health.contains("\"degraded\"") && health.contains("\"over_limit\": [\"memory\"]"), "\(health)")
        let metrics = try #require(RawClient.ask(port, "GET", "/metrics")).body
        #expect(metrics.contains("finstage_resource_over_limit{resource=\"memory\"} 1"))
        #expect(metrics.contains("finstage_resource_used_ratio{resource=\"disk\"} 0."))
        // Another configuration is no reason to say it again; none of it is one to forget it.
        try service.configure(short.replacingOccurrences(of: "memory: 1%", with: "memory: 1%, disk: 100%"))
        service.within(program) { program.warned.components(separatedBy: "running;").count == 3 }
        Thread.sleep(forTimeInterval: 3)
        #expect(service.told().count { $0.contains("memory: beyond") } == 1, "\(service.told())")
        try service.configure(short.replacingOccurrences(of: "memory: 1%", with: "memory: 100%"))
        service.within(program) { service.told().contains { $0.contains("memory: below the limit again") } }
      }
    }
  }
}
