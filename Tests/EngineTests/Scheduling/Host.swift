import Foundation
import Storage
import Synchronization
import TestSupport
import Trading

@testable import Engine

/// A host with a store of its own and a simulated clock, which can be stopped, killed and started again.
final class Host: Sendable {
  struct Seen: Hashable {
    let slot: JobSlot
    let at: Instant
  }

  let clock: SimulatedClock
  let path: String
  let bell = SchedulerBell()
  private let state = Mutex(
    (began: [Seen](), done: [Seen](), events: [SchedulerEvent](), task: Task<Void, Never>?.none))
  private let open = Mutex<SQLiteStore?>(nil)

  init(_ start: Instant, in folder: String) {
    clock = SimulatedClock(start)
    path = "\(folder)/finstage.db"
  }

  var began: [Seen] { state.withLock { $0.began } }
  var done: [Seen] { state.withLock { $0.done } }
  var events: [SchedulerEvent] { state.withLock { $0.events } }

  /// A job that takes a while.
  func job(
    _ plan: JobPlan, takes length: Int64 = 0, failing: @escaping @Sendable (JobSlot) -> String? = { _ in nil }
  ) -> ScheduledJob {
    ScheduledJob(plan) { [self] slot in
      state.withLock { $0.began.append(Seen(slot: slot, at: clock.now())) }
      if length > 0 { try await clock.sleep(until: clock.now().advanced(by: length)) }
      if let reason = failing(slot) { throw Broken(description: reason) }
      state.withLock { $0.done.append(Seen(slot: slot, at: clock.now())) }
      return nil
    }
  }

  struct Broken: Error, CustomStringConvertible { let description: String }

  func start(
    _ jobs: [ScheduledJob], settings: SchedulerSettings = .init(),
    isFull: @escaping @Sendable (Instant) -> Bool = { _ in false }
  ) throws {
    let store = try SQLiteStore(SQLiteSettings(path: path), for: .writing)
    open.withLock { $0 = store }
    let timed = TimedStore(store: store, clock: clock, isFull: isFull)
    let scheduler = Scheduler(jobs, store: timed, clock: clock, settings: settings, executor: clock, bell: bell) {
      [self] event in
      if case .turned = event { return }
      state.withLock { $0.events.append(event) }
    }
    let task = Task(executorPreference: clock) { await scheduler.run() }
    state.withLock { $0.task = task }
  }

  /// Tells the store something while the host runs, as somebody from outside does, and rings.
  func tell(_ body: (SQLiteStore) async throws -> Void) async throws {
    guard let store = open.withLock({ $0 }) else { return }
    try await body(store)
    bell.ring()
  }

  /// Lets time pass, in milliseconds.
  func pass(_ length: Int64) async { await clock.run(until: clock.passed + length) }

  /// Asks it to stop; time has to pass for it.
  func stop() { state.withLock { $0.task }?.cancel() }

  /// Takes the store away from under it: whatever sleeps never comes back.
  func kill() throws {
    clock.forget()
    try close()
  }

  func close() throws { try open.withLock { $0.take() }?.close() }

  /// All runs that the store has, by when they were due.
  func runs() async throws -> [JobRun] {
    let store = try SQLiteStore(SQLiteSettings(path: path), for: .reading)
    var runs: [JobRun] = []
    for state in JobRun.State.allCases { runs += try await store.runs(state, limit: 100_000).map(\.run) }
    try store.close()
    return runs.sorted { ($0.dueAt, $0.job) < ($1.dueAt, $1.job) }
  }
}

func inFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appending(path: "schedule-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try await body(folder.path())
}
