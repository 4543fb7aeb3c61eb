import Foundation
import Storage
import TestSupport
import Testing
import Trading

@testable import finstage

/// Days of the whole service with changes of the clocks in New York, Lord Howe and Apia. Which slots there are was
/// enumerated by Python's zoneinfo (Tests/Parity/schedule_cases.py); which signals, by a loop over the venue's bars.
/// Thirty days, and another seed: SEED=1 make simulated-days
@Suite(.serialized) struct ServiceDaysTests {
  static let seed = number("SEED") ?? 20_261_123
  static let days = number("SIMULATED_DAYS").map { Int($0) } ?? 1

  private static func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
  }

  /// A file system in memory, where there is one: how fast the disk is does not matter here, and how it fails is
  /// `FaultyDisk`'s.
  private static let memory: URL = {
    let memory = URL(filePath: "/dev/shm")
    return FileManager.default.isWritableFile(atPath: memory.path()) ? memory : FileManager.default.temporaryDirectory
  }()

  /// How much more memory, in bytes, and how many more descriptors may be in use at the end than after three days.
  static let slack = (memory: 24_000_000, descriptors: 8)

  /// The windows of the oracle, and the days in them on which the clocks change.
  static let windows = [("2011-12-15", "2011-12-30"), ("2026-03-07", "2026-03-08"), ("2026-10-03", "2026-10-03")]
    .filter { window in
      ProcessInfo.processInfo.environment["FROM"].map { $0.isEmpty || $0 == window.0 } ?? true
    }

  @Test(arguments: windows)
  func `no slot and no signal is lost over days of a host that meets every fault`(
    _ window: String, _ change: String
  ) async throws {
    let start = try #require(Instant(Self.days >= 16 ? window : change))
    let end = start.advanced(by: Int64(Self.days) * 24 * ServiceDays.hour)
    let lines = try Self.oracle(window)
    let folder = Self.memory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let days = try ServiceDays(from: start, days: Self.days, slots: lines, in: folder, seed: Self.seed)
    defer { days.stop() }
    let before = FaultyDisk.shared.faults
    let story = try await days.run()
    let store = try SQLiteStore(SQLiteSettings(path: days.path), for: .reading)
    defer { try? store.close() }
    let (slots, failed) = try await checkSlots(store, lines, story.account, start..<end)
    let told = try await checkSignals(store, days)
    print(
      "service days from \(start.dateText), \(Self.days) days, SEED=\(Self.seed): \(slots) slots, \(failed) failed; "
        + "\(told.signals) signals, \(told.sent) sent, \(told.unknown) unknown, \(told.repeats) repeats; \(story.jumps) "
        + "jumps of the clock, \(story.disks) faults of the disk (\(FaultyDisk.shared.faults - before) writes), "
        + "\(story.locks) locks, \(story.downs) times nobody to tell, \(story.stops) stops; \(days.venue.asked) requests"
    )
    if Self.days >= 7 {
      let (early, late) = (story.early, story.late)
      print(
        "  at most \(early.memory / 1_000_000) MB and \(early.descriptors) descriptors in the first third of the days, "
          + "\(late.memory / 1_000_000) MB and \(late.descriptors) in the last")
      #expect(late.memory - early.memory < Self.slack.memory)
      #expect(late.descriptors - early.descriptors <= Self.slack.descriptors)
    }
  }

  @Test(arguments: [FaultyDisk.Fault.full, .broken, .torn, .readOnly])
  func `what a channel has answered is noted once the disk writes again, and not sent a second time`(
    _ fault: FaultyDisk.Fault
  ) async throws {
    let start = try #require(Instant("2026-03-07"))
    let folder = Self.memory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let service = SimulatedService(from: start, in: folder, seed: 1, idle: 60_000)
    let venue = try SimulatedVenue(service.clock, bar: ServiceDays.hour)
    defer { venue.stop() }
    venue.set(
      "X",
      (-3..<6).map { place in
        let close = place == 2 ? 101.0 : 100.0
        let time = start.advanced(by: Int64(place) * ServiceDays.hour)
        return Candle(time: time, open: 100, high: 102, low: 98, close: close, volume: 1)
      })
    // Between the message and the word that it has arrived, the disk fails.
    let receiver = try FaultServer { _, _ in
      FaultyDisk.shared.set(fault)
      return .json("{}")
    }
    defer {
      FaultyDisk.shared.set(.none)
      receiver.stop()
    }
    try write(
      [
        "config.yaml": """
        locale: en
        strategies: strategies
        storage: { sqlite: var.faulty/finstage.db }
        watchlists: { all: [X] }
        \(venue.configuration(["@all"], "1h"))
        channels: { hook: { type: webhook, url: "\(receiver.url)/hook", allow_private: true } }
        routes: [{ channels: [hook] }]
        schedule:
          - { job: collect, every: 30m }
          - { job: evaluate, after: collect }

        """, "strategies/turns.yaml": ServiceDays.strategy,
      ], in: folder)
    try service.start()
    await service.pass(4 * ServiceDays.hour)
    #expect(service.log.contains("the store: "), "\(service.log.last(20))")
    FaultyDisk.shared.set(.none)
    await service.pass(10 * ServiceDays.minute)
    let store = try SQLiteStore(
      SQLiteSettings(path: folder.appending(path: "var.faulty/finstage.db").path()), for: .reading)
    // Before the host is stopped, which would look after what it has left.
    #expect(try await store.counts() == [.sent: 1], "\(service.log.last(20))")
    try store.close()
    try await service.stop()
    #expect(receiver.requests.count == 1)
  }

  private static func oracle(_ window: String) throws -> [[String]] {
    let file = CommandTests.root.appending(path: "Tests/EngineTests/Cases/days.txt")
    let start = try #require(Instant(window))
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
      .filter { $0[0] == "\(start.milliseconds / 1_000)" }
    try #require(lines.count == 11)
    return lines
  }

  /// Each slot of the window came to its end, and those that there are by the oracle are those that were done.
  private func checkSlots(
    _ store: SQLiteStore, _ lines: [[String]], _ account: SlotAccount, _ window: Range<Instant>
  ) async throws -> (slots: Int, failed: Int) {
    var runs: [JobRun] = []
    for state in JobRun.State.allCases { runs += try await store.runs(state, limit: 100_000).map(\.run) }
    let within = runs.filter { $0.dueAt > window.lowerBound && $0.dueAt <= window.upperBound }
    // A source may fail for so long that what is to be collected is given up; the next slot brings it.
    let failed = within.filter { $0.state == .failed && $0.job == "collect" }
    let wrong = within.filter {
      ![.done, .skipped].contains($0.state) && !($0.state == .failed && $0.job == "collect")
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(10).map { "\($0.job) \($0.dueAt) \($0.state) \($0.detail ?? "")" })")
    var known = 0
    for line in lines {
      let slots = line[4...].compactMap { Int64($0) }.map { Instant(seconds: $0) }
        .filter { $0 > window.lowerBound && $0 <= window.upperBound }
      // In a single day, what comes once a day may fall on the hours before the host is up.
      #expect(Self.days < 2 || !slots.isEmpty)
      known += slots.count
      let done = within.filter { $0.job == line[1] && $0.state == .done }.map(\.dueAt)
      let faults = account.faults(of: line[1], ServiceDays.rule(line[1]), slots: slots, done: done)
      #expect(faults.isEmpty, "\(faults.prefix(10))")
    }
    #expect(known > 2 * lines.count)
    return (within.count, failed.count)
  }

  /// Each signal that there is by the venue's bars is stored once, and was told or is known not to be known.
  private func checkSignals(
    _ store: SQLiteStore, _ days: ServiceDays
  ) async throws -> (signals: Int, sent: Int, unknown: Int, repeats: Int) {
    var told = (signals: 0, sent: 0, unknown: 0, repeats: 0)
    let end = days.start.advanced(by: days.service.clock.passed - ServiceDays.hour)
    for symbol in ServiceDays.symbols {
      let stored = try await store.signals(strategy: "turns", symbol: symbol, limit: 100_000)
        .sorted { $0.record.signal.time < $1.record.signal.time }
      let last = end.advanced(by: -ServiceDays.hour)
      let found = stored.filter { $0.record.signal.time <= last }
      #expect(
        found.map { "\($0.record.signal.time) \($0.record.signal.direction.rawValue)" }
          == days.expected(symbol, through: end), "\(symbol)")
      #expect(stored.allSatisfy { $0.retractedAt == nil })
      told.signals += stored.count
      for one in found {
        let entries = try await store.entries(about: one.id)
        #expect(entries.count == 1, "\(symbol) \(one.record.signal.time): \(entries.map(\.state))")
        for entry in entries {
          let (taken, doubtful) = (days.receiver.taken(entry.notice.code), days.receiver.doubtful(entry.notice.code))
          switch entry.state {
          case .sent:
            told.sent += 1
            #expect(taken > 0, "\(entry.notice.code) is sent, and nobody has it")
          case .unknown: told.unknown += 1
          default: Issue.record("\(entry.notice.code) is \(entry.state): \(entry.failure ?? "")")
          }
          #expect(taken <= 1 + doubtful, "\(entry.notice.code) came \(taken) times, \(doubtful) of them in doubt")
          told.repeats += max(0, taken - 1)
        }
      }
    }
    return told
  }
}
