public import Trading

/// One run of a scheduled job.
public struct JobRun: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable {
    /// Due, and not begun; or to be begun once more.
    case pending
    case running, done, failed
    /// Passed over, because it would have begun too late.
    case skipped
  }

  public var job: String
  /// The moment for which it was due.
  public var dueAt: Instant
  /// When it last began; nil where it never has.
  public var startedAt: Instant?
  public var finishedAt: Instant?
  public var state: State
  public var detail: String?
  /// How often it has begun.
  public var attempts: Int
  /// Not to be begun before this.
  public var notBefore: Instant

  public init(
    job: String, dueAt: Instant, startedAt: Instant? = nil, finishedAt: Instant? = nil, state: State = .running,
    detail: String? = nil, attempts: Int = 1, notBefore: Instant? = nil
  ) {
    self.job = job
    self.dueAt = dueAt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.state = state
    self.detail = detail
    self.attempts = attempts
    self.notBefore = notBefore ?? dueAt
  }
}

/// A run as it is kept.
public struct StoredJobRun: Hashable, Sendable {
  public let id: Int64
  public let run: JobRun

  public init(id: Int64, run: JobRun) {
    self.id = id
    self.run = run
  }
}

/// Up to where the slots of a job have been looked at.
public struct JobMark: Hashable, Sendable {
  public var job: String
  /// When it comes again, in words; with other words the mark no longer holds.
  public var rule: String
  public var through: Instant

  public init(job: String, rule: String, through: Instant) {
    self.job = job
    self.rule = rule
    self.through = through
  }
}

/// Keeps the runs of jobs, one for each moment at which a job was due. Whoever writes to a store is alone in it, so a
/// run that is found `running` at start belongs to a process that has gone.
public protocol JobStore: Sendable {
  /// Notes that a job begins; nil where there is a run for that moment already.
  func begin(_ job: String, dueAt: Instant, at moment: Instant) async throws(StoreError) -> Int64?

  /// Adds pending runs and moves the mark, both or neither. Slots that there is a run for are passed over. Returns how
  /// many were added.
  func add(_ slots: [(dueAt: Instant, notBefore: Instant)], mark: JobMark) async throws(StoreError) -> Int
  func marks() async throws(StoreError) -> [JobMark]
  /// Runs in a state by when they were due, at most `limit`.
  func runs(_ state: JobRun.State, limit: Int) async throws(StoreError) -> [StoredJobRun]
  /// Begins a pending run and counts the attempt; false where it is no longer pending.
  func begin(_ run: Int64, at moment: Instant) async throws(StoreError) -> Bool
  /// Makes a running one pending again. Where the attempt did not come to its end by itself, it is not counted.
  func putBack(
    _ run: Int64, detail: String?, notBefore: Instant, countingAttempt: Bool
  ) async throws(StoreError)
  /// Passes over pending runs.
  func skip(_ runs: [Int64], detail: String, at moment: Instant) async throws(StoreError)
  /// Ends a run. In the same transaction the jobs that follow it become pending for the same slot.
  func finish(
    _ run: Int64, _ state: JobRun.State, detail: String?, followers: [String], at moment: Instant
  ) async throws(StoreError)

  /// Adds a pending run of a job beside its slots, to be begun at once; nil where there is a run for that moment already.
  func request(_ job: String, at moment: Instant) async throws(StoreError) -> Int64?
  /// Jobs that rest, with when that was said.
  func pauses() async throws(StoreError) -> [String: Instant]
  /// Lets a job rest, or wakes it; false where it did or was already.
  func pause(_ job: String, at moment: Instant) async throws(StoreError) -> Bool
  func resume(_ job: String) async throws(StoreError) -> Bool

  /// The run for the latest moment.
  func lastRun(of job: String) async throws(StoreError) -> JobRun?
}

extension JobStore {
  public func finish(
    _ run: Int64, _ state: JobRun.State, detail: String?, at moment: Instant
  ) async throws(StoreError) {
    try await finish(run, state, detail: detail, followers: [], at: moment)
  }
}
