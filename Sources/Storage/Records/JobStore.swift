public import Trading

/// One run of a scheduled job.
public struct JobRun: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable { case running, done, failed }

  public var job: String
  /// The moment for which it was due.
  public var dueAt: Instant
  public var startedAt: Instant
  public var finishedAt: Instant?
  public var state: State
  public var detail: String?

  public init(
    job: String, dueAt: Instant, startedAt: Instant, finishedAt: Instant? = nil, state: State = .running,
    detail: String? = nil
  ) {
    self.job = job
    self.dueAt = dueAt
    self.startedAt = startedAt
    self.finishedAt = finishedAt
    self.state = state
    self.detail = detail
  }
}

/// Keeps the runs of jobs, one for each moment at which a job was due.
public protocol JobStore: Sendable {
  /// Notes that a job begins; nil where it has already run for that moment.
  func begin(_ job: String, dueAt: Instant, at moment: Instant) async throws(StoreError) -> Int64?
  func finish(_ run: Int64, _ state: JobRun.State, detail: String?, at moment: Instant) async throws(StoreError)
  /// The run for the latest moment.
  func lastRun(of job: String) async throws(StoreError) -> JobRun?
}
