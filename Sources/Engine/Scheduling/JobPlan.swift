public import Trading

/// When and how a job runs; what it does is handed to the scheduler beside it.
public struct JobPlan: Sendable {
  public enum Timing: Sendable {
    case recurring(Recurrence)
    /// For each slot of another job, once that has been done.
    case following(String)
  }

  /// What becomes of a slot that was running when the process ended.
  public enum Lost: String, Sendable, CaseIterable {
    /// It runs again, at most once more than `retries` says.
    case runAgain = "run_again"
    case fail
  }

  /// The name by which its runs are kept.
  public var name: String
  public var timing: Timing
  public var misfire = MisfirePolicy()
  /// Milliseconds by which a slot begins later, at most.
  public var jitter: Int64 = 0
  /// Runs of this job at one time.
  public var maxInstances = 1
  /// Jobs that a slot waits for: while one of them has a slot that was due no later and is not over.
  public var after: [String] = []
  /// Milliseconds after which an attempt is cancelled and has failed.
  public var timeout: Int64?
  public var retries = RetryPolicy()
  public var lost = Lost.runAgain

  public init(_ name: String, _ timing: Timing) {
    self.name = name
    self.timing = timing
  }

  public var recurrence: Recurrence? {
    if case .recurring(let recurrence) = timing { recurrence } else { nil }
  }

  /// The jobs by whose ends it is moved: the one that it follows, and those that it waits for.
  public var upstream: [String] {
    if case .following(let job) = timing { [job] + after } else { after }
  }
}

/// What a job runs for.
public struct JobSlot: Hashable, Sendable {
  public let job: String
  public let dueAt: Instant
  /// Counted from 1.
  public let attempt: Int

  public init(job: String, dueAt: Instant, attempt: Int) {
    self.job = job
    self.dueAt = dueAt
    self.attempt = attempt
  }
}
