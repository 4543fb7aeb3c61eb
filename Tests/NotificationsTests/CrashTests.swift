import Foundation
import Storage
import TestSupport
import Testing
import Trading

@testable import Notifications

/// A process that saves signals and sends them is killed at every step, and anywhere. KILLS says how often at random;
/// what was counted is printed.
@Suite(.serialized) struct CrashTests {
  private static let kills = ProcessInfo.processInfo.environment["KILLS"].flatMap { Int($0) } ?? 10

  private static var sender: URL {
    var folders = [URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()]
    folders += Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
    let programs = folders.map { $0.appending(path: "NoticeSender") }
    return programs.first { FileManager.default.isExecutableFile(atPath: $0.path()) } ?? programs[0]
  }

  private struct Run {
    var saved: Set<String> = []
    /// Taken and not noted as ended when the process died: the window of the promise.
    var open: Set<String> = []
    var isDone = false
  }

  private func start(
    _ path: String, _ telegram: FakeTelegram, _ count: Int, _ policy: Notice.Policy, _ death: (DeathStep, Int)? = nil
  ) throws -> (process: Process, output: URL) {
    let output = URL(filePath: path + ".said")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = CrashTests.sender
    process.arguments =
      [path, telegram.url, "\(count)", policy.rawValue] + (death.map { [$0.0.rawValue, "\($0.1)"] } ?? [])
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    return (process, output)
  }

  private func read(_ output: URL) throws -> Run {
    var run = Run()
    for line in try String(contentsOf: output, encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      switch words.first {
      case "saved": run.saved.insert(words[1])
      case "claimed": run.open.insert(words[1])
      case "marked": run.open.remove(words[1])
      case "done": run.isDone = true
      case "answered": break
      default: Issue.record("\(line)")
      }
    }
    return run
  }

  /// How often each id has arrived.
  private func arrived(_ telegram: FakeTelegram) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for message in telegram.messages {
      let id = try #require(message.shown.split(separator: "🔖 ").last).trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(id.count == 6)
      counts[id, default: 0] += 1
    }
    return counts
  }

  enum DeathStep: String, Sendable, CaseIterable { case saved, claimed, answered, marked }

  struct Death: Sendable, CustomTestStringConvertible {
    let step: DeathStep
    let number: Int
    let policy: Notice.Policy
    var testDescription: String { "\(policy.rawValue), \(step.rawValue) \(number)" }
  }

  private static let deaths = Notice.Policy.allCases.flatMap { policy in
    DeathStep.allCases.flatMap { step in [1, 3].map { Death(step: step, number: $0, policy: policy) } }
  }

  @Test(arguments: deaths) func `a host that dies at a step keeps its promise`(_ death: Death) async throws {
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let telegram = try FakeTelegram(token: "1:T")
      defer { telegram.stop() }
      let first = try start(path, telegram, 4, death.policy, (death.step, death.number))
      first.process.waitUntilExit()
      #expect(first.process.terminationReason == .uncaughtSignal && first.process.terminationStatus == SIGKILL)
      let died = try read(first.output)
      #expect(died.open.count == (death.step == .claimed || death.step == .answered ? 1 : 0))
      let second = try start(path, telegram, 4, death.policy)
      second.process.waitUntilExit()
      let ended = try read(second.output)
      #expect(ended.isDone && ended.open.isEmpty)
      let counts = try arrived(telegram)
      let codes = (0..<4).map(CrashTests.code)
      let store = try SQLiteStore(SQLiteSettings(path: path), for: .writing)
      for code in codes {
        let isOpen = died.open.contains(code)
        let state = try await store.entries(called: code).first?.state
        switch (death.policy, isOpen, death.step) {
        case (.atLeastOnce, true, .answered): #expect(counts[code] == 2 && state == .sent)
        case (.atMostOnce, true, .claimed): #expect(counts[code] == nil && state == .unknown)
        case (.atMostOnce, true, .answered): #expect(counts[code] == 1 && state == .unknown)
        default: #expect(counts[code] == 1 && state == .sent)
        }
      }
      #expect(Set(counts.keys).isSubset(of: codes))
      try store.close()
    }
  }

  /// The id of the sender's signal of a number.
  private static func code(_ number: Int) -> String {
    NoticeWriter.code(
      of: Notices.key(
        of: SignalRecord(
          strategy: "s", version: "1", symbol: "S\(number)", timeframe: .day,
          signal: Signal(
            time: Instant(seconds: 1_700_000_000), bar: number, direction: .buy, confidence: 80, price: 1, reason: "")))
    )
  }

  @Test(arguments: Notice.Policy.allCases)
  func `kill -9 anywhere loses nothing, and repeats only what was under way`(_ policy: Notice.Policy) async throws {
    let count = 60
    var random = SplitMix(seed: 5)
    try await inFolder { folder in
      let path = "\(folder)/finstage.db"
      let telegram = try FakeTelegram(token: "1:T")
      defer { telegram.stop() }
      var (killed, saved, open) = (0, Set<String>(), Set<String>())
      var (delivered, repeats, unknown, rounds) = (0, 0, 0, 0)
      while killed < CrashTests.kills {
        let before = telegram.messages.count
        saved.removeAll()
        open.removeAll()
        var isDone = false
        while !isDone {
          let (process, output) = try start(path, telegram, count, policy)
          if killed < CrashTests.kills {
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...300, using: &random)))
            if process.isRunning {
              kill(process.processIdentifier, SIGKILL)
              killed += 1
            }
          }
          process.waitUntilExit()
          let run = try read(output)
          saved.formUnion(run.saved)
          open.formUnion(run.open)
          isDone = run.isDone
          // One that ends by itself and is not done would do so again and again.
          try #require(isDone || process.terminationReason == .uncaughtSignal, "\(output.path) says why")
        }
        var counts: [String: Int] = [:]
        for message in telegram.messages.dropFirst(before) {
          let id = try #require(message.shown.split(separator: "🔖 ").last)
          counts[id.trimmingCharacters(in: .whitespacesAndNewlines), default: 0] += 1
        }
        let store = try SQLiteStore(SQLiteSettings(path: path), for: .writing)
        for code in (0..<count).map(CrashTests.code) {
          let times = counts[code] ?? 0
          let state = try await store.entries(called: code).first?.state
          switch policy {
          case .atLeastOnce:
            #expect(times >= 1 && state == .sent, "\(code): \(times)")
            #expect(times == 1 || open.contains(code), "\(code) came \(times) times outside of the window")
          case .atMostOnce:
            #expect(times <= 1, "\(code): \(times)")
            #expect(state == .unknown || (times == 1 && state == .sent), "\(code) is lost")
          }
          delivered += min(times, 1)
          repeats += max(0, times - 1)
          unknown += state == .unknown ? 1 : 0
        }
        #expect(Set(counts.keys).isSubset(of: (0..<count).map(CrashTests.code)))
        try store.close()
        rounds += 1
        for suffix in ["", "-wal", "-shm", "-journal", ".lock"] {
          try? FileManager.default.removeItem(atPath: path + suffix)
        }
      }
      // Each kill leaves at most the one message that was under way.
      #expect(repeats <= killed && unknown <= killed)
      print(
        "\(policy.rawValue): \(killed) kills over \(rounds * count) signals: \(delivered) delivered, "
          + "\(repeats) repeated within the window, \(unknown) unknown")
    }
  }
}
