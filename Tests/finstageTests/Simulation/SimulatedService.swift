import ArgumentParser
import Engine
import Foundation
import Logging
import Notifications
import Synchronization
import TestSupport
import Testing
import Trading

@testable import finstage

/// The simulated time as the host's clock.
struct SimulatedTime: HostClock {
  let clock: SimulatedClock

  func now() -> Instant { clock.now() }
  func sleep(until moment: Instant) async throws { try await clock.sleep(until: moment) }
}

/// `finstage run` in this process, on a simulated clock: the same configuration, store, sources and channels, and the
/// same threads of SQLite and libcurl, for whose answers the time stands still.
final class SimulatedService: Sendable {
  let clock: SimulatedClock
  let folder: URL
  let seed: UInt64
  let log = ServiceLog()
  /// Milliseconds between two looks at the outbox, and at the files.
  let idle: Int64
  /// Jobs at one time.
  let width: Int
  private let running = Mutex<Task<Void, Never>?>(nil)
  private let fault = Mutex<(any Error)?>(nil)
  private let starts = Mutex(0)

  init(from start: Instant, in folder: URL, seed: UInt64, idle: Int64 = 1_000, width: Int = 4) {
    clock = SimulatedClock(start)
    self.folder = folder
    self.seed = seed
    self.idle = idle
    self.width = width
  }

  /// Begins; the time has to pass for it.
  func start() throws {
    let count = starts.withLock { count in
      defer { count += 1 }
      return count
    }
    let clock = clock
    let surroundings = Surroundings(
      clock: SimulatedTime(clock: clock), seed: seed &+ UInt64(count), executor: clock,
      calls: { clock.note(calls: $0) })
    var logger = Logger(label: "finstage") { [log] _ in log.handler }
    logger.logLevel = .info
    var (scheduling, sending) = (SchedulerSettings(), DrainSettings())
    scheduling.width = width
    sending.idle = idle
    let service = HostService(
      option: try ConfigOption.parse(["--config", folder.appending(path: "config.yaml").path()]), isDry: false, jobs: 2,
      log: logger, notice: ServiceNotice(address: nil), reloads: AsyncStream { _ in }, surroundings: surroundings,
      scheduling: scheduling, sending: sending, lookEvery: idle)
    fault.withLock { $0 = nil }
    let task = Task(executorPreference: clock) {
      do { try await service.run() } catch { self.fault.withLock { $0 = error } }
      self.running.withLock { $0 = nil }
    }
    running.withLock { $0 = task }
  }

  /// Lets time pass, in milliseconds.
  func pass(_ length: Int64) async { await clock.run(until: clock.passed + length) }

  /// Lets time pass until a moment of the host's clock.
  func pass(to moment: Instant) async { await pass(max(0, moment.milliseconds - clock.now().milliseconds)) }

  var isRunning: Bool { running.withLock { $0 != nil } }

  /// What it ended with.
  var ending: (any Error)? { fault.withLock { $0 } }

  /// Asks it to stop, and lets the time pass that it may take.
  func stop() async throws {
    running.withLock { $0 }?.cancel()
    await pass(60_000)
    // The wait for a stop of the service group hears of it by a task on Swift's own threads.
    for _ in 0..<1_000 where isRunning {
      try await Task.sleep(for: .milliseconds(10))
      await pass(0)
    }
    #expect(!isRunning, "it was told to stop a minute ago: \(log.last(20))")
    if let ending { throw ending }
  }
}

/// What a host logs: counted by level, and the last lines kept.
final class ServiceLog: Sendable {
  private struct State {
    var lines: [String] = []
    var counts: [Logger.Level: Int] = [:]
  }

  private static let kept = 400
  private let state = Mutex(State())

  func count(_ level: Logger.Level) -> Int { state.withLock { $0.counts[level] ?? 0 } }

  func last(_ count: Int) -> String { state.withLock { $0.lines.suffix(count).joined(separator: "\n") } }

  func contains(_ text: String) -> Bool { state.withLock { $0.lines.contains { $0.contains(text) } } }

  var handler: any LogHandler { Handler(log: self) }

  private func take(_ level: Logger.Level, _ line: String) {
    state.withLock { state in
      state.counts[level, default: 0] += 1
      state.lines.append("\(level): \(line)")
      if state.lines.count > 2 * ServiceLog.kept { state.lines.removeFirst(ServiceLog.kept) }
    }
  }

  private struct Handler: LogHandler {
    let log: ServiceLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let more = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
      log.take(event.level, "\(event.message)\(more)")
    }
  }
}
