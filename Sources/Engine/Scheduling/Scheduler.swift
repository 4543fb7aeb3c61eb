public import Storage
import Trading

/// A job: when it runs, and what it does. The work obeys cancellation; the text that it returns is kept with the run.
public struct ScheduledJob: Sendable {
  public let plan: JobPlan
  public let work: @Sendable (JobSlot) async throws -> String?

  public init(_ plan: JobPlan, work: @escaping @Sendable (JobSlot) async throws -> String?) {
    self.plan = plan
    self.work = work
  }
}

/// Runs jobs when they are due, each slot once as a result.
///
/// A slot is a row of the store before it begins, and whatever the process ends in, the row says what is still to be
/// done: a slot that was decided is begun by the next process, one that was running is run again or closed as failed.
/// So a job may begin twice for a slot, and what it does has to bear that; it is done once.
public struct Scheduler: Sendable {
  let jobs: [ScheduledJob]
  let store: any JobStore
  let clock: any HostClock
  let settings: SchedulerSettings
  let executor: (any TaskExecutor)?
  let bell: SchedulerBell?
  let report: @Sendable (SchedulerEvent) -> Void

  /// - Parameters:
  ///   - jobs: With names of their own, and without a circle among what they come after.
  ///   - executor: Where jobs run; without one, on Swift's own threads.
  ///   - bell: Rung where the store says something new besides.
  ///   - report: Called in the order of what happens; must not wait.
  public init(
    _ jobs: [ScheduledJob], store: any JobStore, clock: any HostClock, settings: SchedulerSettings = .init(),
    executor: (any TaskExecutor)? = nil, bell: SchedulerBell? = nil,
    report: @escaping @Sendable (SchedulerEvent) -> Void = { _ in }
  ) {
    self.jobs = jobs
    self.store = store
    self.clock = clock
    self.settings = settings
    self.executor = executor
    self.bell = bell
    self.report = report
  }

  /// Runs until its task is cancelled. Then nothing more begins; what runs may go on for `patience`, is cancelled, and
  /// what has not ended after `release` is left behind, to be run again at the next start.
  public func run() async {
    let (events, sender) = AsyncStream.makeStream(of: SchedulerLoop.Event.self)
    // A task of its own, for what is to be written at the end must not be cancelled.
    bell?.listen(sender)
    defer { bell?.listen(nil) }
    let loop = Task(executorPreference: executor) {
      var loop = SchedulerLoop(self, sender)
      await loop.run(events)
    }
    await withTaskCancellationHandler {
      await loop.value
    } onCancel: {
      sender.yield(.stop)
    }
  }
}
