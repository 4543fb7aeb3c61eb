public import Engine
import Storage
public import TestSupport
import Trading

extension SimulatedClock: HostClock {}

/// A store whose answers the simulated time waits for.
struct TimedStore: JobStore {
  let store: any JobStore
  let clock: SimulatedClock
  /// Whether calls fail at a moment, as on a full disk.
  var isFull: @Sendable (Instant) -> Bool = { _ in false }

  private func call<Value>(_ body: () async throws(StoreError) -> Value) async throws(StoreError) -> Value {
    if isFull(clock.now()) { throw .diskFull(path: "simulated") }
    return try await clock.outside(body)
  }

  func begin(_ job: String, dueAt: Instant, at moment: Instant) async throws(StoreError) -> Int64? {
    try await call { () async throws(StoreError) in try await store.begin(job, dueAt: dueAt, at: moment) }
  }

  func add(_ slots: [(dueAt: Instant, notBefore: Instant)], mark: JobMark) async throws(StoreError) -> Int {
    try await call { () async throws(StoreError) in try await store.add(slots, mark: mark) }
  }

  func marks() async throws(StoreError) -> [JobMark] {
    try await call { () async throws(StoreError) in try await store.marks() }
  }

  func runs(_ state: JobRun.State, limit: Int) async throws(StoreError) -> [StoredJobRun] {
    try await call { () async throws(StoreError) in try await store.runs(state, limit: limit) }
  }

  func begin(_ run: Int64, at moment: Instant) async throws(StoreError) -> Bool {
    try await call { () async throws(StoreError) in try await store.begin(run, at: moment) }
  }

  func putBack(
    _ run: Int64, detail: String?, notBefore: Instant, countingAttempt: Bool
  ) async throws(StoreError) {
    try await call { () async throws(StoreError) in
      try await store.putBack(run, detail: detail, notBefore: notBefore, countingAttempt: countingAttempt)
    }
  }

  func skip(_ runs: [Int64], detail: String, at moment: Instant) async throws(StoreError) {
    try await call { () async throws(StoreError) in try await store.skip(runs, detail: detail, at: moment) }
  }

  func finish(
    _ run: Int64, _ state: JobRun.State, detail: String?, followers: [String], at moment: Instant
  ) async throws(StoreError) {
    try await call { () async throws(StoreError) in
      try await store.finish(run, state, detail: detail, followers: followers, at: moment)
    }
  }

  func request(_ job: String, at moment: Instant) async throws(StoreError) -> Int64? {
    try await call { () async throws(StoreError) in try await store.request(job, at: moment) }
  }

  func pauses() async throws(StoreError) -> [String: Instant] {
    try await call { () async throws(StoreError) in try await store.pauses() }
  }

  func pause(_ job: String, at moment: Instant) async throws(StoreError) -> Bool {
    try await call { () async throws(StoreError) in try await store.pause(job, at: moment) }
  }

  func resume(_ job: String) async throws(StoreError) -> Bool {
    try await call { () async throws(StoreError) in try await store.resume(job) }
  }

  func lastRun(of job: String) async throws(StoreError) -> JobRun? {
    try await call { () async throws(StoreError) in try await store.lastRun(of: job) }
  }
}
